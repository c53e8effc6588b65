// How a session's prepared signature lies in its row: bytes as base64 inside one JSON value.

import type { ByteRange, SignatureScheme } from '../ports.ts';
import type { SigningSession } from '../session.ts';

export interface StoredPrepared {
  readonly byteRange: ByteRange;
  readonly sourceLength: number;
  readonly chain: readonly string[];
  readonly scheme: SignatureScheme;
  readonly documentDigest: string;
  readonly signedAttributes: string;
  readonly toBeSigned: string;
}

export type SessionRow = Omit<SigningSession, 'prepared'> & { readonly prepared: StoredPrepared | null };

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

export function createSessionRow({ prepared }: Pick<SigningSession, 'prepared'>): string | null {
  if (prepared === null) return null;
  const row: StoredPrepared = {
    byteRange: prepared.byteRange,
    sourceLength: prepared.sourceLength,
    chain: prepared.chain.map(base64),
    scheme: prepared.scheme,
    documentDigest: base64(prepared.documentDigest),
    signedAttributes: base64(prepared.signedAttributes),
    toBeSigned: base64(prepared.toBeSigned),
  };
  return JSON.stringify(row);
}
