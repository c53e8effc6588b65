// Bytes by their SHA-256: what was put in comes out unchanged, or an error does.

import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createContentStore } from '../../../server/adapters/postgres/content-store.ts';
import { asId, type ContentHash } from '../../../server/shared/ids.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';

const store = createContentStore();
let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

const put = (bytes: Uint8Array) => db.transactions.run((tx) => store.put(tx, bytes));
const get = (hash: ContentHash) => db.transactions.run((tx) => store.get(tx, hash));
const countRows = async (): Promise<number> =>
  Number((await db.pool.query<{ count: string }>('select count(*) from contents')).rows[0]?.count);

describe('content store', () => {
  it('gives back the same bytes under their SHA-256', async () => {
    const bytes = randomBytes(300_000);
    const hash = await put(bytes);
    expect(hash).toBe(createHash('sha256').update(bytes).digest('hex'));
    expect(Buffer.compare(Buffer.from(await get(hash)), bytes)).toBe(0);
  });

  it('keeps the same bytes once, also when they are stored twice at the same time', async () => {
    const bytes = randomBytes(1_000);
    const before = await countRows();
    const hashes = await Promise.all([put(bytes), put(bytes), put(bytes)]);
    expect(new Set(hashes).size).toBe(1);
    expect(await countRows()).toBe(before + 1);
  });

  it('stores a view of a larger buffer as the view only', async () => {
    const whole = new Uint8Array([1, 2, 3, 4, 5, 6]);
    const hash = await put(whole.subarray(2, 4));
    expect([...(await get(hash))]).toEqual([3, 4]);
  });

  it('stores an empty file', async () => {
    expect((await get(await put(new Uint8Array()))).byteLength).toBe(0);
  });

  it('forgets bytes whose transaction was rolled back', async () => {
    const bytes = randomBytes(100);
    const hash = asId<ContentHash>(createHash('sha256').update(bytes).digest('hex'));
    await db.transactions
      .run(async (tx) => {
        await store.put(tx, bytes);
        throw new Error('rolled back');
      })
      .catch(() => undefined);
    await expect(get(hash)).rejects.toMatchObject({ code: 'CONTENT_NOT_FOUND', kind: 'not-found' });
  });

  it('refuses to hand out bytes that do not match their address', async () => {
    const hash = await put(Buffer.from('original'));
    // The table refuses changes; a damaged disk or a superuser does not ask.
    await db.pool.query('alter table contents disable trigger user');
    await db.pool.query(`update contents set bytes = 'changed!' where sha256 = $1`, [hash]);
    await expect(get(hash)).rejects.toMatchObject({ code: 'CONTENT_CORRUPT', kind: 'bug' });
  });
});
