// RFC 3161 tokens as other authorities write them. A token counts when its own signature holds and its imprint is that of
// what it stamps; who made it is asked of the trust list, separately.

import { isSameBytes } from '../certificate.ts';
import type { Certificate } from '../certificate.ts';
import { childAt, childrenOf, DerFault, expectTag, octetsOf, oidOf, readDer, TAG, timeOf } from '../der.ts';
import { OID } from '../oids.ts';
import { hashBytes, HASH_NAMES } from './algorithms.ts';
import { checkValue } from './cms-check.ts';
import { readSignedData } from './signed-data.ts';
import type { SignedData } from './signed-data.ts';

export interface Token {
  readonly bytes: Uint8Array;
  readonly signed: SignedData;
  readonly hash: string | undefined;
  readonly imprint: Uint8Array;
  readonly time: Date;
}

/** null when the bytes are no token. */
export function readToken(bytes: Uint8Array, others: readonly Certificate[] = []): Token | null {
  try {
    const signed = readSignedData(bytes, others);
    if (signed.encapsulatedType !== OID.timestampInfo || signed.content === null) return null;
    const fields = childrenOf(readDer(signed.content));
    const imprint = childrenOf(expectTag(fields[2], TAG.sequence));
    return {
      bytes: readDer(bytes).bytes,
      signed,
      hash: HASH_NAMES[oidOf(childAt(expectTag(imprint[0]), 0))],
      imprint: octetsOf(expectTag(imprint[1])),
      time: timeOf(expectTag(fields[4], TAG.generalizedTime)),
    };
  } catch (error) {
    if (error instanceof DerFault) return null;
    throw error;
  }
}

/** sound: signed by the certificate that it names, and about these bytes. unverified: about these bytes, signer unknown. */
export function judgeToken(
  { signed, hash, imprint }: Token,
  stamped: readonly Uint8Array[],
): 'sound' | 'unverified' | 'wrong' {
  if (hash === undefined || signed.content === null || signed.contentType !== OID.timestampInfo) return 'wrong';
  const digest = hashBytes(hash, stamped);
  if (digest === null || !isSameBytes(digest, imprint)) return 'wrong';
  if (signed.digestHash === undefined || signed.binding === 'differs' || !signed.isAlgorithmProtected) return 'wrong';
  const content = hashBytes(signed.digestHash, [signed.content]);
  if (content === null || !isSameBytes(content, signed.messageDigest)) return 'wrong';
  const { kind } = checkValue(signed);
  return kind === 'matches' ? 'sound' : kind === 'unsupported' ? 'unverified' : 'wrong';
}
