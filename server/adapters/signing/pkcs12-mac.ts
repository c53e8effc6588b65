// The MAC over a PKCS#12 container (RFC 7292, appendix B): what tells a wrong PIN from a damaged file. Shared by the
// reader and the writer, so that they cannot disagree about the bytes of a PIN with Vietnamese letters.

import { createHash, createHmac } from 'node:crypto';

export type MacHash = 'sha1' | 'sha256' | 'sha384' | 'sha512';

const MAC_KEY_ID = 3;
const blockBytes = (hash: MacHash): number => (hash === 'sha384' || hash === 'sha512' ? 128 : 64);

/** The bytes repeated to the next multiple of a block; empty stays empty. */
function repeatTo(part: Uint8Array, block: number): Uint8Array {
  const length = Math.ceil(part.length / block) * block;
  return Uint8Array.from({ length }, (_, index) => part[index % part.length] ?? 0);
}

export interface MacInput {
  readonly hash: MacHash;
  readonly pin: string;
  readonly salt: Uint8Array;
  readonly rounds: number;
}

export function macOf(content: Uint8Array, { hash, pin, salt, rounds }: MacInput): Buffer {
  const block = blockBytes(hash);
  let key = createHash(hash)
    .update(Buffer.alloc(block, MAC_KEY_ID))
    .update(repeatTo(salt, block))
    .update(repeatTo(Buffer.from(`${pin}\0`, 'utf16le').swap16(), block))
    .digest();
  for (let round = 1; round < rounds; round += 1) key = createHash(hash).update(key).digest();
  return createHmac(hash, key).update(content).digest();
}
