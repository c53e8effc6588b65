// Signature schemes of this product (RSASSA-PKCS1-v1_5, RSASSA-PSS, ECDSA over SHA-2) between three worlds: the CMS
// algorithm identifier, the options of node:crypto, and the kind of a key. A value is made and verified only with a key
// of the kind that its scheme names, so that no algorithm can be passed off as another.

import { constants, createHash, sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { AppError } from '../../shared/app-error.ts';
import type { SignatureScheme } from '../../modules/signing/ports.ts';
import {
  childAt,
  childrenOf,
  context,
  derNull,
  DerFault,
  expectTag,
  integer,
  integerHexOf,
  oid,
  oidOf,
  readDer,
  sequence,
  TAG,
} from './der.ts';
import { OID } from './oids.ts';

export type HashName = SignatureScheme['hash'];

interface HashFacts {
  readonly oid: string;
  /** For node:crypto. */
  readonly node: 'sha256' | 'sha384' | 'sha512';
  readonly bytes: number;
}

export const HASHES: Readonly<Record<HashName, HashFacts>> = {
  'SHA-256': { oid: OID.sha256, node: 'sha256', bytes: 32 },
  'SHA-384': { oid: OID.sha384, node: 'sha384', bytes: 48 },
  'SHA-512': { oid: OID.sha512, node: 'sha512', bytes: 64 },
};

/** undefined for anything weaker than SHA-2 or unknown. */
export function findHash(digestOid: string): HashName | undefined {
  if (digestOid === OID.sha256) return 'SHA-256';
  if (digestOid === OID.sha384) return 'SHA-384';
  return digestOid === OID.sha512 ? 'SHA-512' : undefined;
}

export const digestOf = (hash: HashName, ...parts: readonly Uint8Array[]): Uint8Array => {
  const state = createHash(HASHES[hash].node);
  for (const part of parts) state.update(part);
  return new Uint8Array(state.digest());
};

const ECDSA_OIDS: Readonly<Record<HashName, string>> = {
  'SHA-256': OID.ecdsaWithSha256,
  'SHA-384': OID.ecdsaWithSha384,
  'SHA-512': OID.ecdsaWithSha512,
};
const RSA_OIDS: Readonly<Record<HashName, string>> = {
  'SHA-256': OID.sha256WithRsa,
  'SHA-384': OID.sha384WithRsa,
  'SHA-512': OID.sha512WithRsa,
};

const hashIdentifier = (hash: HashName): Uint8Array => sequence(oid(HASHES[hash].oid), derNull());

/** RFC 4055: hash, MGF1 with the same hash, and a salt as long as the hash; the trailer field is the default. */
function encodePss(hash: HashName): Uint8Array {
  const mask = sequence(oid(OID.mgf1), hashIdentifier(hash));
  const parameters = sequence(
    context(0, hashIdentifier(hash)),
    context(1, mask),
    context(2, integer(HASHES[hash].bytes)),
  );
  return sequence(oid(OID.rsassaPss), parameters);
}

/** `cms`: a SignerInfo names PKCS#1 v1.5 by the key (RFC 5754 allows both); certificates name it with the hash. */
export function encodeAlgorithm(scheme: SignatureScheme, place: 'cms' | 'certificate'): Uint8Array {
  if (scheme.algorithm === 'RSASSA-PSS') return encodePss(scheme.hash);
  if (scheme.algorithm === 'ECDSA') return sequence(oid(ECDSA_OIDS[scheme.hash]));
  return sequence(oid(place === 'cms' ? OID.rsaEncryption : RSA_OIDS[scheme.hash]), derNull());
}

/** The scheme with its salt, as another product may have chosen it. */
export interface ReadScheme extends SignatureScheme {
  /** Only for PSS. */
  readonly saltBytes: number | null;
}

function readPss(parameters: Uint8Array): ReadScheme | null {
  // Absent parameters mean SHA-1, which is not accepted.
  if (parameters.length === 0) return null;
  const fields = childrenOf(readDer(parameters));
  const hashField = fields.find((field) => field.tag === 0xa0);
  const maskField = fields.find((field) => field.tag === 0xa1);
  const saltField = fields.find((field) => field.tag === 0xa2);
  if (hashField === undefined || maskField === undefined) return null;
  const mask = childAt(maskField, 0, TAG.sequence);
  const hash = findHash(oidOf(childAt(childAt(hashField, 0), 0)));
  const maskHash = findHash(oidOf(childAt(childAt(mask, 1), 0)));
  if (hash === undefined || hash !== maskHash || oidOf(childAt(mask, 0)) !== OID.mgf1) return null;
  const saltBytes = saltField === undefined ? 20 : Number.parseInt(integerHexOf(childAt(saltField, 0)), 16);
  return { algorithm: 'RSASSA-PSS', hash, saltBytes };
}

/** null for an algorithm that is not one of ours: it cannot be judged, which is not the same as wrong. */
export function readAlgorithm(algorithmOid: string, parameters: Uint8Array, digestOid: string): ReadScheme | null {
  if (algorithmOid === OID.rsassaPss) return readPss(parameters);
  const isOf = (table: Readonly<Record<HashName, string>>): HashName | undefined =>
    (['SHA-256', 'SHA-384', 'SHA-512'] as const).find((hash) => table[hash] === algorithmOid);
  const rsaHash = algorithmOid === OID.rsaEncryption ? findHash(digestOid) : isOf(RSA_OIDS);
  if (rsaHash !== undefined) return { algorithm: 'RSASSA-PKCS1-v1_5', hash: rsaHash, saltBytes: null };
  const ecHash = algorithmOid === OID.ecPublicKey ? findHash(digestOid) : isOf(ECDSA_OIDS);
  return ecHash === undefined ? null : { algorithm: 'ECDSA', hash: ecHash, saltBytes: null };
}

const KEY_TYPES: Readonly<Record<SignatureScheme['algorithm'], readonly string[]>> = {
  'RSASSA-PKCS1-v1_5': ['rsa'],
  'RSASSA-PSS': ['rsa', 'rsa-pss'],
  ECDSA: ['ec'],
};

const fits = (scheme: SignatureScheme, key: KeyObject): boolean =>
  KEY_TYPES[scheme.algorithm].includes(key.asymmetricKeyType ?? '');

/** TT 15/2025/TT-BKHCN, annex I: RSA of 2048 bits or more, curves of 256 bits or more. */
const MIN_RSA_BITS = 2048;
const CURVE_HASHES: Readonly<Record<string, HashName>> = { prime256v1: 'SHA-256', secp384r1: 'SHA-384' };

/** The scheme with which a key signs. Throws AppError SIGNING_KEY_UNSUPPORTED. */
export function schemeOf(key: KeyObject, rsaPadding: 'PKCS1' | 'PSS' = 'PKCS1'): SignatureScheme {
  const type = key.asymmetricKeyType;
  const facts = key.asymmetricKeyDetails;
  if ((type === 'rsa' || type === 'rsa-pss') && (facts?.modulusLength ?? 0) >= MIN_RSA_BITS) {
    const isPss = type === 'rsa-pss' || rsaPadding === 'PSS';
    return { algorithm: isPss ? 'RSASSA-PSS' : 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
  }
  const hash = CURVE_HASHES[facts?.namedCurve ?? ''];
  if (type === 'ec' && hash !== undefined) return { algorithm: 'ECDSA', hash };
  throw new AppError('rule', 'SIGNING_KEY_UNSUPPORTED', `Keys of type ${type ?? 'unknown'} of this size do not sign`, {
    details: { keyType: type ?? null, bits: facts?.modulusLength ?? null, curve: facts?.namedCurve ?? null },
  });
}

const paddingOf = (scheme: SignatureScheme, saltLength: number): object =>
  scheme.algorithm === 'RSASSA-PSS' ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength } : {};

export function signSync(scheme: SignatureScheme, key: KeyObject, message: Uint8Array): Uint8Array {
  const { node, bytes } = HASHES[scheme.hash];
  return new Uint8Array(sign(node, message, { key, ...paddingOf(scheme, bytes) }));
}

/** Keys whose signature takes less time (0.3 ms) than handing the work to another thread and back. */
const isQuick = (key: KeyObject): boolean =>
  key.asymmetricKeyType === 'ec' || (key.asymmetricKeyDetails?.modulusLength ?? Infinity) <= MIN_RSA_BITS;

/** Larger keys run on the thread pool, so that one of 4096 bits does not hold up other requests. */
export async function signAsync(scheme: SignatureScheme, key: KeyObject, message: Uint8Array): Promise<Uint8Array> {
  return isQuick(key) ? signSync(scheme, key, message) : signOnPool(scheme, key, message);
}

function signOnPool(scheme: SignatureScheme, key: KeyObject, message: Uint8Array): Promise<Uint8Array> {
  const { node, bytes } = HASHES[scheme.hash];
  return new Promise((resolve, reject) => {
    sign(node, message, { key, ...paddingOf(scheme, bytes) }, (error, signature) => {
      if (error === null) resolve(new Uint8Array(signature));
      else reject(error);
    });
  });
}

export function verifyValue(scheme: ReadScheme, key: KeyObject, message: Uint8Array, value: Uint8Array): boolean {
  if (!fits(scheme, key)) return false;
  const { node, bytes } = HASHES[scheme.hash];
  try {
    return verify(node, message, { key, ...paddingOf(scheme, scheme.saltBytes ?? bytes) }, value);
  } catch {
    // OpenSSL throws for values and salts that cannot belong to this key: then it is not this key's signature.
    return false;
  }
}

/** Browsers and some tokens give an ECDSA value as r and s side by side; CMS wants a DER sequence of two integers. */
export function toCmsValue(scheme: SignatureScheme, value: Uint8Array): Uint8Array {
  if (scheme.algorithm !== 'ECDSA' || isDerPair(value)) return value;
  const half = value.length / 2;
  if (!Number.isInteger(half) || half === 0 || half > 66) return value;
  return sequence(integer(value.subarray(0, half)), integer(value.subarray(half)));
}

function isDerPair(value: Uint8Array): boolean {
  try {
    const node = readDer(value);
    const parts = childrenOf(expectTag(node, TAG.sequence));
    return node.bytes.length === value.length && parts.length === 2 && parts.every((part) => part.tag === TAG.integer);
  } catch (error) {
    if (error instanceof DerFault) return false;
    throw error;
  }
}
