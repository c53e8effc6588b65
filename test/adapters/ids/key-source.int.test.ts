// Engine keys from leased blocks: unique over sources, ascending within one.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKeySource, KEY_BLOCK_SIZE } from '../../../server/adapters/ids/key-source.ts';
import type { KeySource } from '../../../server/runtime/ports.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

async function take(source: KeySource, count: number): Promise<bigint[]> {
  await source.reserve(count);
  return Array.from({ length: count }, () => BigInt(source.next()));
}

describe('key source', () => {
  it('leases blocks of the size by which the sequence grows', async () => {
    const { rows } = await db.pool.query<{ increment: string; start: string }>(
      `select seqincrement as increment, seqstart as start from pg_sequence
        where seqrelid = 'engine_key_seq'::regclass`,
    );
    expect(rows).toEqual([{ increment: String(KEY_BLOCK_SIZE), start: '2251799813685249' }]);
  });

  it('gives each key once when two sources take them at the same time', async () => {
    const sources = [createKeySource(db.pool), createKeySource(db.pool)];
    const batches = await Promise.all(
      sources.flatMap((source) => Array.from({ length: 20 }, (_none, index) => take(source, index * 137))),
    );
    const keys = batches.flat();
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.length).toBe(2 * 137 * 190);
  });

  it('ascends within a source, over blocks and refills', async () => {
    const source = createKeySource(db.pool);
    const keys = (await Promise.all(Array.from({ length: 30 }, () => take(source, 1_500)))).flat();
    expect(keys.every((key, index) => index === 0 || key > (keys[index - 1] ?? 0n))).toBe(true);
  });

  it('serves commands that reserved at the same time before any of them took a key', async () => {
    const source = createKeySource(db.pool);
    await Promise.all(Array.from({ length: 60 }, () => source.reserve(100)));
    const keys = Array.from({ length: 60 * 100 }, () => source.next());
    expect(new Set(keys).size).toBe(6_000);
  });

  it('reserves more than one block for a large command', async () => {
    const keys = await take(createKeySource(db.pool), 50_000);
    expect(new Set(keys).size).toBe(50_000);
  });

  it('throws instead of inventing a key when nothing was reserved', () => {
    expect(() => createKeySource(db.pool).next()).toThrow(expect.objectContaining({ code: 'KEYS_EXHAUSTED' }));
  });

  it('reports a failed lease to everyone who waits for it, and tries again later', async () => {
    const source = createKeySource(db.pool);
    await db.pool.query('alter sequence engine_key_seq rename to engine_key_seq_away');
    const results = await Promise.allSettled([source.reserve(1), source.reserve(1)]);
    await db.pool.query('alter sequence engine_key_seq_away rename to engine_key_seq');
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await take(source, 1)).toHaveLength(1);
  });
});
