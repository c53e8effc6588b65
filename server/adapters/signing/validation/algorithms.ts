// Verifies signature values of every algorithm that documents out there carry, old ones included. Making signatures knows
// three schemes (schemes.ts); judging must know more, and algorithm-policy.ts says how much each of them is worth.

import { constants, createHash, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { childAt, childrenOf, DerFault, integerHexOf, oidOf, readDer, TAG } from '../der.ts';
import { OID } from '../oids.ts';

/** Names as reports show them, by object identifier. */
export const HASH_NAMES: Readonly<Record<string, string>> = {
  '1.2.840.113549.2.5': 'MD5',
  '1.3.36.3.2.1': 'RIPEMD-160',
  [OID.sha1]: 'SHA-1',
  '2.16.840.1.101.3.4.2.4': 'SHA-224',
  [OID.sha256]: 'SHA-256',
  [OID.sha384]: 'SHA-384',
  [OID.sha512]: 'SHA-512',
  '2.16.840.1.101.3.4.2.6': 'SHA-512/256',
  '2.16.840.1.101.3.4.2.8': 'SHA3-256',
  '2.16.840.1.101.3.4.2.9': 'SHA3-384',
  '2.16.840.1.101.3.4.2.10': 'SHA3-512',
};

const NODE_NAMES: Readonly<Record<string, string>> = {
  MD5: 'md5',
  'RIPEMD-160': 'ripemd160',
  'SHA-1': 'sha1',
  'SHA-224': 'sha224',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
  'SHA-512/256': 'sha512-256',
  'SHA3-256': 'sha3-256',
  'SHA3-384': 'sha3-384',
  'SHA3-512': 'sha3-512',
};

/** null for a hash that this build of OpenSSL does not have. */
export function hashBytes(hash: string, parts: readonly Uint8Array[]): Uint8Array | null {
  const name = NODE_NAMES[hash];
  if (name === undefined) return null;
  try {
    const state = createHash(name);
    for (const part of parts) state.update(part);
    return new Uint8Array(state.digest());
  } catch {
    // OpenSSL was built without it: then nothing can be said about this signature.
    return null;
  }
}

export interface SignatureAlgorithm {
  readonly family: 'RSA' | 'RSA-PSS' | 'ECDSA' | 'ECDSA-plain' | 'EdDSA' | 'DSA';
  /** Over what the value is made; null for EdDSA, which has its own. */
  readonly hash: string | null;
  /** Only PSS. */
  readonly saltBytes: number;
}

const WITH_HASH: Readonly<Record<string, readonly [SignatureAlgorithm['family'], string]>> = {
  '1.2.840.113549.1.1.4': ['RSA', 'MD5'],
  '1.2.840.113549.1.1.5': ['RSA', 'SHA-1'],
  '1.3.14.3.2.29': ['RSA', 'SHA-1'],
  '1.2.840.113549.1.1.14': ['RSA', 'SHA-224'],
  [OID.sha256WithRsa]: ['RSA', 'SHA-256'],
  [OID.sha384WithRsa]: ['RSA', 'SHA-384'],
  [OID.sha512WithRsa]: ['RSA', 'SHA-512'],
  '2.16.840.1.101.3.4.3.14': ['RSA', 'SHA3-256'],
  '2.16.840.1.101.3.4.3.15': ['RSA', 'SHA3-384'],
  '2.16.840.1.101.3.4.3.16': ['RSA', 'SHA3-512'],
  '1.2.840.10045.4.1': ['ECDSA', 'SHA-1'],
  '1.2.840.10045.4.3.1': ['ECDSA', 'SHA-224'],
  [OID.ecdsaWithSha256]: ['ECDSA', 'SHA-256'],
  [OID.ecdsaWithSha384]: ['ECDSA', 'SHA-384'],
  [OID.ecdsaWithSha512]: ['ECDSA', 'SHA-512'],
  '2.16.840.1.101.3.4.3.10': ['ECDSA', 'SHA3-256'],
  '2.16.840.1.101.3.4.3.11': ['ECDSA', 'SHA3-384'],
  '2.16.840.1.101.3.4.3.12': ['ECDSA', 'SHA3-512'],
  '0.4.0.127.0.7.1.1.4.1.1': ['ECDSA-plain', 'SHA-1'],
  '0.4.0.127.0.7.1.1.4.1.3': ['ECDSA-plain', 'SHA-256'],
  '0.4.0.127.0.7.1.1.4.1.4': ['ECDSA-plain', 'SHA-384'],
  '0.4.0.127.0.7.1.1.4.1.5': ['ECDSA-plain', 'SHA-512'],
  '1.2.840.10040.4.3': ['DSA', 'SHA-1'],
  '2.16.840.1.101.3.4.3.1': ['DSA', 'SHA-224'],
  '2.16.840.1.101.3.4.3.2': ['DSA', 'SHA-256'],
};
/** Some writers name the signature algorithm where only the hash belongs. */
export const hashOfOid = (oid: string): string | undefined => HASH_NAMES[oid] ?? WITH_HASH[oid]?.[1];

/** Named by the key alone; the hash is the digest algorithm of the signer info (RFC 5754 and old practice). */
const BY_KEY: Readonly<Record<string, SignatureAlgorithm['family']>> = {
  [OID.rsaEncryption]: 'RSA',
  [OID.ecPublicKey]: 'ECDSA',
  '1.2.840.10040.4.1': 'DSA',
};
const EDWARDS: ReadonlySet<string> = new Set(['1.3.101.112', '1.3.101.113']);

function readPss(parameters: Uint8Array): SignatureAlgorithm | null {
  const fields = parameters.length === 0 ? [] : childrenOf(readDer(parameters));
  const part = (tag: number): ReturnType<typeof childAt> | null => {
    const field = fields.find((item) => item.tag === tag);
    return field === undefined ? null : childAt(field, 0);
  };
  const [hashPart, maskPart, saltPart] = [part(0xa0), part(0xa1), part(0xa2)];
  const hash = hashPart === null ? 'SHA-1' : HASH_NAMES[oidOf(childAt(hashPart, 0))];
  const mask = maskPart === null ? 'SHA-1' : HASH_NAMES[oidOf(childAt(childAt(maskPart, 1), 0))];
  // node:crypto cannot name two hashes; a mask of another hash is not judged, never guessed.
  if (hash === undefined || hash !== mask) return null;
  if (maskPart !== null && oidOf(childAt(maskPart, 0)) !== OID.mgf1) return null;
  const saltBytes = saltPart === null ? 20 : Number.parseInt(integerHexOf(saltPart), 16);
  return { family: 'RSA-PSS', hash, saltBytes };
}

/** null: not one that is known here. */
export function readSignatureAlgorithm(
  oid: string,
  parameters: Uint8Array,
  digestHash: string | undefined,
): SignatureAlgorithm | null {
  if (oid === OID.rsassaPss) return readPss(parameters);
  if (EDWARDS.has(oid)) return { family: 'EdDSA', hash: null, saltBytes: 0 };
  const named = WITH_HASH[oid];
  if (named !== undefined) return { family: named[0], hash: named[1], saltBytes: 0 };
  const family = BY_KEY[oid];
  return family === undefined || digestHash === undefined ? null : { family, hash: digestHash, saltBytes: 0 };
}

const KEY_TYPES: Readonly<Record<SignatureAlgorithm['family'], readonly string[]>> = {
  RSA: ['rsa'],
  'RSA-PSS': ['rsa', 'rsa-pss'],
  ECDSA: ['ec'],
  'ECDSA-plain': ['ec'],
  EdDSA: ['ed25519', 'ed448'],
  DSA: ['dsa'],
};

/** False also when key and algorithm do not fit: no algorithm may be passed off as another. */
export function isValueOf(
  algorithm: SignatureAlgorithm,
  key: KeyObject,
  message: Uint8Array,
  value: Uint8Array,
): boolean {
  if (!KEY_TYPES[algorithm.family].includes(key.asymmetricKeyType ?? '')) return false;
  const { hash, family, saltBytes } = algorithm;
  const name = hash === null ? null : NODE_NAMES[hash];
  if (name === undefined) return false;
  const options = {
    key,
    ...(family === 'RSA-PSS' ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: saltBytes } : {}),
    ...(family === 'ECDSA-plain' ? { dsaEncoding: 'ieee-p1363' as const } : {}),
  };
  try {
    return verify(name, message, options, value);
  } catch {
    // OpenSSL throws for values that cannot belong to this key: then it is not this key's signature.
    return false;
  }
}

/** The value of adbe.x509.rsa_sha1: PKCS#1 over the document itself, packed in an octet string. */
export function rawSignatureOf(contents: Uint8Array): Uint8Array {
  const node = readDer(contents);
  if (node.tag !== TAG.octetString) throw new DerFault('A raw signature is an octet string');
  return node.content;
}
