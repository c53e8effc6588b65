// Verifies a CMS signature value with the signer's public key, for the algorithms that Vietnamese regulations name:
// RSA (PKCS#1 v1.5 and PSS) and ECDSA over the SHA-2 family. Anything else is answered as unsupported, not as broken.

import { constants, verify } from 'node:crypto';
import type { ReadSignedData } from './cms.ts';
import { childAt, childrenOf, integerHexOf, oidOf, readDer } from './der.ts';
import { OID } from './oids.ts';

export type ValueCheck = 'matches' | 'differs' | 'unsupported';

const SHA2: Readonly<Record<string, string>> = {
  [OID.sha256]: 'sha256',
  [OID.sha384]: 'sha384',
  [OID.sha512]: 'sha512',
};

/** Name for node:crypto of a SHA-2 digest; undefined for anything weaker or unknown. */
export const hashNameOf = (digestOid: string): string | undefined => SHA2[digestOid];

const COMBINED: Readonly<Record<string, string>> = {
  [OID.sha256WithRsa]: 'sha256',
  [OID.sha384WithRsa]: 'sha384',
  [OID.sha512WithRsa]: 'sha512',
  [OID.ecdsaWithSha256]: 'sha256',
  [OID.ecdsaWithSha384]: 'sha384',
  [OID.ecdsaWithSha512]: 'sha512',
};

interface Scheme {
  readonly hash: string;
  /** Salt length of PSS; null for the other schemes. */
  readonly saltLength: number | null;
}

function pssScheme(parameters: Uint8Array): Scheme | null {
  if (parameters.length === 0) return null;
  const fields = childrenOf(readDer(parameters));
  const hashField = fields.find((field) => field.tag === 0xa0);
  const maskField = fields.find((field) => field.tag === 0xa1);
  const saltField = fields.find((field) => field.tag === 0xa2);
  if (hashField === undefined || maskField === undefined) return null;
  const hash = hashNameOf(oidOf(childAt(childAt(hashField, 0), 0)));
  const maskHash = hashNameOf(oidOf(childAt(childAt(childAt(maskField, 0), 1), 0)));
  if (hash === undefined || hash !== maskHash) return null;
  const salt = saltField === undefined ? 20 : Number.parseInt(integerHexOf(childAt(saltField, 0)), 16);
  return { hash, saltLength: salt };
}

function schemeOf(signed: ReadSignedData): Scheme | null {
  const algorithm = signed.signatureAlgorithm;
  if (algorithm === OID.rsassaPss) return pssScheme(signed.signatureParameters);
  const isBare = algorithm === OID.rsaEncryption || algorithm === OID.ecPublicKey;
  const hash = isBare ? hashNameOf(signed.digestAlgorithm) : COMBINED[algorithm];
  return hash === undefined ? null : { hash, saltLength: null };
}

export function checkSignatureValue(signed: ReadSignedData): ValueCheck {
  const scheme = schemeOf(signed);
  if (scheme === null || signed.signer === null) return 'unsupported';
  const key = signed.signer.x509.publicKey;
  const padding =
    scheme.saltLength === null ? {} : { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: scheme.saltLength };
  try {
    return verify(scheme.hash, signed.signedAttributes, { key, ...padding }, signed.signature) ? 'matches' : 'differs';
  } catch {
    // OpenSSL throws for a key of another kind than the signature claims; that value cannot be this key's.
    return 'differs';
  }
}
