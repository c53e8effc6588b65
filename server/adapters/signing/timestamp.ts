// RFC 3161: the request that asks for a timestamp, the response, and the token that proves a time. A token is believed
// only when its signature holds, it is bound to its signer's certificate, it is about the expected digest, and the signer
// is a time-stamping authority (purpose critical and alone) of a trusted root, valid at the time that the token names.

import { isSameBytes } from './certificate.ts';
import type { Certificate } from './certificate.ts';
import { readSignedData } from './cms.ts';
import type { ReadSignedData } from './cms.ts';
import {
  booleanTrue,
  childAt,
  childrenOf,
  DerFault,
  derNull,
  expectTag,
  integer,
  integerHexOf,
  octetsOf,
  octetString,
  oid,
  oidOf,
  readDer,
  sequence,
  TAG,
  timeOf,
} from './der.ts';
import type { DerNode } from './der.ts';
import { OID } from './oids.ts';
import { digestOf, findHash, HASHES } from './schemes.ts';
import type { HashName } from './schemes.ts';
import { checkSignatureValue } from './signature-value.ts';
import { judgePath } from './trust.ts';

export interface TimestampRequest {
  readonly digest: Uint8Array;
  readonly hash: HashName;
  readonly nonce: Uint8Array;
}

/** Asks for the certificate of the authority inside the token: without it nobody could check the token later. */
export function encodeTimestampRequest({ digest, hash, nonce }: TimestampRequest): Uint8Array {
  const imprint = sequence(sequence(oid(HASHES[hash].oid), derNull()), octetString(digest));
  return sequence(integer(1), imprint, integer(nonce), booleanTrue());
}

export interface TimestampResponse {
  /** RFC 3161, 2.4.2: 0 granted, 1 granted with changes, 2 rejected, 3 waiting, 4 and 5 revocation. */
  readonly status: number;
  readonly token: Uint8Array | null;
}

/** Throws DerFault. */
export function readTimestampResponse(bytes: Uint8Array): TimestampResponse {
  const [info, token] = childrenOf(readDer(bytes));
  const status = Number.parseInt(integerHexOf(childAt(expectTag(info, TAG.sequence), 0)), 16);
  return { status, token: token === undefined ? null : token.bytes };
}

export interface TimestampToken {
  readonly bytes: Uint8Array;
  readonly signed: ReadSignedData;
  /** undefined: the imprint is made with a hash that is not accepted. */
  readonly hash: HashName | undefined;
  readonly imprint: Uint8Array;
  readonly genTime: Date;
  readonly policy: string;
  readonly serialHex: string;
  /** Upper-case hex; null when the request had none. */
  readonly nonceHex: string | null;
}

function nonceOf(fields: readonly DerNode[]): string | null {
  // After genTime: accuracy (SEQUENCE), ordering (BOOLEAN), nonce (INTEGER), [0] tsa, [1] extensions, all optional.
  const nonce = fields.slice(5).find((field) => field.tag === TAG.integer);
  return nonce === undefined ? null : integerHexOf(nonce);
}

/** Throws DerFault. Zeros behind the token are accepted: in a document timestamp it stands in a padded /Contents. */
export function readTimestampToken(bytes: Uint8Array): TimestampToken {
  const signed = readSignedData(bytes, 'encapsulated');
  if (signed.contentType !== OID.timestampInfo || signed.content === null) {
    throw new DerFault('The CMS does not carry a timestamp');
  }
  const fields = childrenOf(readDer(signed.content));
  const imprint = childrenOf(expectTag(fields[2], TAG.sequence));
  return {
    bytes: readDer(bytes).bytes,
    signed,
    hash: findHash(oidOf(childAt(expectTag(imprint[0]), 0))),
    imprint: octetsOf(expectTag(imprint[1])),
    genTime: timeOf(expectTag(fields[4], TAG.generalizedTime)),
    policy: oidOf(expectTag(fields[1])),
    serialHex: integerHexOf(expectTag(fields[3])),
    nonceHex: nonceOf(fields),
  };
}

/** Codes of this project beside those of domain.md 8.2. */
export type TimestampProblem = 'DAU_THOI_GIAN_SAI' | 'DAU_THOI_GIAN_KHONG_TIN_CAY';

/** Is it signed by the certificate that it names? Says nothing about who that is, or about what. */
export function isSelfConsistent({ signed }: TimestampToken): boolean {
  const hash = findHash(signed.digestAlgorithm);
  if (hash === undefined || signed.content === null) return false;
  const isSameContent = isSameBytes(digestOf(hash, signed.content), signed.messageDigest);
  return isSameContent && signed.isBoundToSigner && checkSignatureValue(signed) === 'matches';
}

/** Is it sound and about these bytes? */
export function isTokenIntact(token: TimestampToken, ...stamped: readonly Uint8Array[]): boolean {
  if (token.hash === undefined) return false;
  return isSameBytes(digestOf(token.hash, ...stamped), token.imprint) && isSelfConsistent(token);
}

export function isTimestampAuthority({ purposes }: Certificate): boolean {
  return purposes?.isCritical === true && purposes.oids.length === 1 && purposes.oids[0] === OID.purposeTimestamping;
}

/** The path from the token's signer to an anchor, valid at genTime; null when it is not to be trusted. */
export function findTokenPath(
  { signed, genTime }: TimestampToken,
  anchors: readonly Certificate[],
  others: readonly Certificate[] = [],
): readonly Certificate[] | null {
  if (signed.signer === null || !isTimestampAuthority(signed.signer)) return null;
  const judged = judgePath(signed.signer, [...signed.certificates, ...others], anchors, genTime);
  return judged.problem === null ? judged.path : null;
}
