// File bytes as rows, addressed by the SHA-256 of their content. In the same transaction as the facts about them,
// so that no document can name bytes that are not there. Bytes are checked against their address on every read:
// what was signed is what is handed out, or nothing.

import { createHash } from 'node:crypto';
import type { ContentStore } from '../../modules/documents/ports.ts';
import { AppError } from '../../shared/app-error.ts';
import { asId, type ContentHash } from '../../shared/ids.ts';

const sha256Of = (bytes: Uint8Array): ContentHash =>
  asId<ContentHash>(createHash('sha256').update(bytes).digest('hex'));

export function createContentStore(): ContentStore {
  return {
    async put(tx, bytes) {
      const hash = sha256Of(bytes);
      // The same address has the same bytes, so a row that is already there needs no second look.
      await tx.query(
        `insert into contents (sha256, size_bytes, bytes) values ($1, $2, $3) on conflict (sha256) do nothing`,
        [hash, bytes.byteLength, bytes],
        'contents.put',
      );
      return hash;
    },

    async get(tx, hash) {
      const { rows } = await tx.query<{ bytes: Buffer }>(
        `select bytes from contents where sha256 = $1`,
        [hash],
        'contents.get',
      );
      const row = rows[0];
      if (row === undefined) {
        throw new AppError('not-found', 'CONTENT_NOT_FOUND', `No bytes are stored under '${hash}'`, {
          details: { sha256: hash },
        });
      }
      const actual = sha256Of(row.bytes);
      if (actual !== hash) {
        throw new AppError('bug', 'CONTENT_CORRUPT', `Bytes stored under '${hash}' have the hash '${actual}'`, {
          details: { sha256: hash },
        });
      }
      return row.bytes;
    },
  };
}
