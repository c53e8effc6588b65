// The cryptographic part of one signature: digest of the document, signature value, algorithms. It answers reasons, each
// of which is a fact; what an algorithm is worth is said by the policy.

import { isSameBytes, publicKeyOf } from '../certificate.ts';
import { DerFault } from '../der.ts';
import { OID } from '../oids.ts';
import { shortKeyNames } from './algorithm-policy.ts';
import { hashBytes, isValueOf, readSignatureAlgorithm } from './algorithms.ts';
import type { SignatureAlgorithm } from './algorithms.ts';
import type { ReasonCode } from './reasons.ts';
import type { SignedData } from './signed-data.ts';

export interface ValueCheck {
  readonly kind: 'matches' | 'differs' | 'unsupported';
  readonly algorithm: SignatureAlgorithm | null;
}

export function checkValue(signed: SignedData): ValueCheck {
  const algorithm = readSignatureAlgorithm(signed.signatureOid, signed.signatureParameters, signed.digestHash);
  if (algorithm === null || signed.signer === null) return { kind: 'unsupported', algorithm };
  let key;
  try {
    key = publicKeyOf(signed.signer);
  } catch (error) {
    if (error instanceof DerFault) return { kind: 'unsupported', algorithm };
    throw error;
  }
  const isMatch = signed.signedForms.some((form) => isValueOf(algorithm, key, form, signed.signature));
  return { kind: isMatch ? 'matches' : 'differs', algorithm };
}

export interface CryptoFindings {
  readonly reasons: readonly ReasonCode[];
  /** Names for the policy: hashes and short keys. */
  readonly algorithms: readonly string[];
  readonly description: string | null;
}

/** Length of a key in bits; 0 for kinds whose name says it. */
function keyBits(signed: SignedData): { readonly type: string; readonly bits: number } {
  try {
    const key = signed.signer === null ? null : publicKeyOf(signed.signer);
    const details = key?.asymmetricKeyDetails;
    const curve = /(\d{3})/.exec(details?.namedCurve ?? '')?.[1];
    return { type: key?.asymmetricKeyType ?? '', bits: details?.modulusLength ?? Number(curve ?? 0) };
  } catch (error) {
    if (error instanceof DerFault) return { type: '', bits: 0 };
    throw error;
  }
}

function describe(algorithm: SignatureAlgorithm | null, signed: SignedData, bits: number): string | null {
  if (algorithm === null) return null;
  const hash = algorithm.hash ?? signed.digestHash ?? '';
  return `${algorithm.family}${bits > 0 ? ` ${bits}` : ''} ${hash}`.trim();
}

/**
 * `documentDigest` gives the digest of the signed bytes for a hash. `isBindingNeeded`: PAdES signatures name their
 * certificate; the older PKCS#7 ones do not.
 */
export function checkCrypto(
  signed: SignedData,
  documentDigest: (hash: string) => Uint8Array | null,
  isBindingNeeded: boolean,
): CryptoFindings {
  const reasons: ReasonCode[] = [];
  const { type, bits } = keyBits(signed);
  const { kind, algorithm } = checkValue(signed);
  if (signed.contentType !== signed.encapsulatedType || signed.contentType !== OID.data)
    reasons.push('CONTENT_TYPE_WRONG');
  const digest = signed.digestHash === undefined ? null : documentDigest(signed.digestHash);
  if (digest === null) reasons.push('ALGORITHM_UNKNOWN');
  else if (!isSameBytes(digest, signed.messageDigest)) reasons.push('DIGEST_DIFFERS');
  if (signed.signer === null) reasons.push('SIGNER_CERTIFICATE_MISSING');
  else if (kind === 'unsupported') reasons.push('ALGORITHM_UNKNOWN');
  else if (kind === 'differs') reasons.push('SIGNATURE_VALUE_WRONG');
  if (signed.binding === 'differs') reasons.push('CERTIFICATE_BINDING_WRONG');
  if (signed.binding === 'absent' && isBindingNeeded && signed.signer !== null) reasons.push('CERTIFICATE_NOT_BOUND');
  if (!signed.isAlgorithmProtected) reasons.push('ALGORITHM_CONFUSED');
  if (algorithm?.hash !== null && algorithm !== null && signed.digestHash !== algorithm.hash)
    reasons.push('ALGORITHM_MIXED');
  const hashes = [signed.digestHash, algorithm?.hash].filter((hash) => typeof hash === 'string');
  return {
    reasons: [...new Set(reasons)],
    algorithms: [...hashes, ...shortKeyNames({ type, bits })],
    description: describe(algorithm, signed, bits),
  };
}

/** adbe.pkcs7.sha1: the CMS carries the SHA-1 of the document as its content, and the signature is over that content. */
export function isSha1OfDocument(signed: SignedData, parts: readonly Uint8Array[]): boolean {
  const digest = hashBytes('SHA-1', parts);
  return signed.content !== null && digest !== null && isSameBytes(digest, signed.content);
}
