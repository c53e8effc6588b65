// UUIDs of version 7 (RFC 9562, 5.7): time-ordered, so that rows made together lie together in an index.
// Technical time, not business time: the order of creation, which no replayed pilot window may turn back.

import { randomBytes } from 'node:crypto';

/** `0198f3a2-…`: 48 bits of milliseconds, 74 random bits. */
export function createUuidV7(): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(Date.now(), 0, 6);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x70, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
