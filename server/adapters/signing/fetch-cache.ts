// Remembers answers of CRL, OCSP and issuer addresses for a short time: a hundred documents of one day name the same two
// lists. Bounded in number and size; failures are remembered too, briefly, so that a dead address is not asked per page.

import { createHash } from 'node:crypto';

const GOOD_MS = 10 * 60_000;
const FAILED_MS = 30_000;
const MAX_ENTRIES = 200;
const MAX_BYTES = 32 * 1024 * 1024;

export interface FetchCache {
  /** The remembered answer, or that of `fetch`. */
  get(url: string, body: Uint8Array | undefined, fetch: () => Promise<Uint8Array | null>): Promise<Uint8Array | null>;
}

interface Entry {
  readonly answer: Promise<Uint8Array | null>;
  until: number;
  bytes: number;
}

/** `now`: milliseconds of a steady clock; only for how long an answer is kept, never for what it means. */
export function createFetchCache(now: () => number = () => performance.now()): FetchCache {
  const entries = new Map<string, Entry>();
  const trim = (): void => {
    let total = [...entries.values()].reduce((sum, { bytes }) => sum + bytes, 0);
    for (const [key, entry] of entries) {
      if (entries.size <= MAX_ENTRIES && total <= MAX_BYTES && entry.until > now()) continue;
      entries.delete(key);
      total -= entry.bytes;
    }
  };
  return {
    get(url, body, fetch) {
      const key = body === undefined ? url : `${url} ${createHash('sha256').update(body).digest('hex')}`;
      const present = entries.get(key);
      if (present !== undefined && present.until > now()) return present.answer;
      const entry: Entry = { answer: fetch(), until: now() + GOOD_MS, bytes: 0 };
      entries.set(key, entry);
      void entry.answer.then((bytes) => {
        entry.bytes = bytes?.length ?? 0;
        if (bytes === null) entry.until = now() + FAILED_MS;
        trim();
      });
      return entry.answer;
    },
  };
}
