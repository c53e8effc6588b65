// Transactions on a real PostgreSQL: what commits, what rolls back, what runs again.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPool } from '../../../server/adapters/postgres/pool.ts';
import { createTransactions } from '../../../server/adapters/postgres/transactions.ts';
import { AppError, isTransient } from '../../../server/shared/app-error.ts';
import type { Tx } from '../../../server/shared/transactions.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  await db.pool.query('create table counters (name text primary key, value int not null)');
});
afterAll(() => db.drop());

const setCounter = (name: string, value: number) =>
  db.pool.query('insert into counters values ($1, $2) on conflict (name) do update set value = excluded.value', [
    name,
    value,
  ]);
const valueOf = async (name: string): Promise<number | undefined> =>
  (await db.pool.query<{ value: number }>('select value from counters where name = $1', [name])).rows[0]?.value;
const increment = (tx: Tx, name: string) => tx.query('update counters set value = value + 1 where name = $1', [name]);

/** Resolves for everybody when all have come. */
function createBarrier(count: number): () => Promise<void> {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  let missing = count;
  return () => {
    missing -= 1;
    if (missing <= 0) open();
    return opened;
  };
}

describe('transactions', () => {
  it('makes all changes of the work visible together', async () => {
    await setCounter('a', 0);
    const seen = await db.transactions.run(async (tx) => {
      await increment(tx, 'a');
      const outside = await valueOf('a');
      await increment(tx, 'a');
      return outside;
    });
    expect(seen).toBe(0);
    expect(await valueOf('a')).toBe(2);
  });

  it('leaves nothing behind when the work throws, and passes the error through', async () => {
    await setCounter('b', 0);
    const failure = new AppError('rule', 'TEST_RULE', 'no');
    const run = db.transactions.run(async (tx) => {
      await increment(tx, 'b');
      throw failure;
    });
    await expect(run).rejects.toBe(failure);
    expect(await valueOf('b')).toBe(0);
  });

  it('runs after-commit actions in order, after the commit, and never after a rollback', async () => {
    await setCounter('c', 0);
    const calls: string[] = [];
    await db.transactions.run(async (tx) => {
      tx.afterCommit(() => calls.push('first'));
      await increment(tx, 'c');
      tx.afterCommit(() => calls.push('second'));
      calls.push('work');
    });
    await db.transactions
      .run((tx) => {
        tx.afterCommit(() => calls.push('rolled back'));
        return Promise.reject(new Error('no'));
      })
      .catch(() => undefined);
    expect(calls).toEqual(['work', 'first', 'second']);
  });

  it('reports a failing after-commit action and still answers with the committed value', async () => {
    const reported: unknown[] = [];
    const transactions = createTransactions(db.pool, { onHookError: (error) => reported.push(error) });
    const failure = new Error('wake-up failed');
    const calls: string[] = [];
    const value = await transactions.run((tx) => {
      tx.afterCommit(() => {
        throw failure;
      });
      tx.afterCommit(() => calls.push('the next one runs'));
      return Promise.resolve('committed');
    });
    expect(value).toBe('committed');
    expect(reported).toEqual([failure]);
    expect(calls).toEqual(['the next one runs']);
  });

  it('runs the loser of a deadlock again as a whole, so that both sides commit', async () => {
    await setCounter('left', 0);
    await setCounter('right', 0);
    const bothHoldOne = createBarrier(2);
    let attempts = 0;
    const cross = (first: string, second: string) =>
      db.transactions.run(async (tx) => {
        attempts += 1;
        await increment(tx, first);
        await bothHoldOne();
        await increment(tx, second);
      });
    await Promise.all([cross('left', 'right'), cross('right', 'left')]);
    expect(attempts).toBe(3);
    expect([await valueOf('left'), await valueOf('right')]).toEqual([2, 2]);
  });

  it('runs after-commit actions of the successful attempt only', async () => {
    let attempts = 0;
    const calls: number[] = [];
    await db.transactions.run(async (tx) => {
      attempts += 1;
      const attempt = attempts;
      tx.afterCommit(() => calls.push(attempt));
      if (attempt < 3) await tx.query(`do $$ begin raise exception using errcode = '40001'; end $$`);
    });
    expect(calls).toEqual([3]);
  });

  it('gives up with a transient error after six lost attempts', async () => {
    let attempts = 0;
    const run = db.transactions.run(async (tx) => {
      attempts += 1;
      await tx.query(`do $$ begin raise exception using errcode = '40P01'; end $$`);
    });
    await expect(run).rejects.toMatchObject({ code: 'DATABASE_CONTENTION', kind: 'transient' });
    expect(attempts).toBe(6);
  });

  it('refuses to commit work that swallowed a failed statement', async () => {
    await setCounter('d', 0);
    const run = db.transactions.run(async (tx) => {
      await increment(tx, 'd');
      await tx.query('select 1/0').catch(() => undefined);
    });
    await expect(run).rejects.toMatchObject({ code: 'TRANSACTION_ABORTED', kind: 'bug' });
    expect(await valueOf('d')).toBe(0);
  });

  it('answers a lost connection with DATABASE_UNAVAILABLE and goes on with a new one', async () => {
    const run = db.transactions.run(async (tx) => {
      await tx.query('select pg_terminate_backend(pg_backend_pid())');
    });
    const error: unknown = await run.catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'DATABASE_UNAVAILABLE', details: { isOutcomeUnknown: false } });
    expect(isTransient(error)).toBe(true);
    expect(await db.transactions.run(async (tx) => (await tx.query('select 1')).rowCount)).toBe(1);
  });

  it('answers a server that is away with DATABASE_UNAVAILABLE', async () => {
    const pool = createPool('postgres://tram:x@127.0.0.1:1/tram', { max: 1 });
    await expect(createTransactions(pool).run(() => Promise.resolve(1))).rejects.toMatchObject({
      code: 'DATABASE_UNAVAILABLE',
    });
    await pool.end();
  });
});

describe('values from the database', () => {
  it('are texts for points in time, days and large numbers', async () => {
    const { rows } = await db.pool.query(`
      select timestamptz '2019-05-06 08:00:00.123456+07' as at,
             timestamptz '2019-05-06 08:00:00+07' as whole,
             date '2019-05-06' as on_day,
             9007199254740993::int8 as big,
             12.50::numeric as amount,
             array[timestamptz '2019-05-06 08:00:00.5+07', null] as times,
             array['2019-05-06'::date] as days,
             array[9007199254740993::int8] as bigs,
             array[]::timestamptz[] as none,
             array['a b', 'c'] as texts,
             '{"đơn": 1}'::jsonb as json`);
    expect(rows[0]).toEqual({
      at: '2019-05-06T01:00:00.123Z',
      whole: '2019-05-06T01:00:00.000Z',
      on_day: '2019-05-06',
      big: '9007199254740993',
      amount: '12.50',
      times: ['2019-05-06T01:00:00.500Z', null],
      days: ['2019-05-06'],
      bigs: ['9007199254740993'],
      none: [],
      texts: ['a b', 'c'],
      json: { đơn: 1 },
    });
  });

  it('are refused when a point in time is infinite', async () => {
    await expect(db.pool.query(`select 'infinity'::timestamptz`)).rejects.toMatchObject({
      code: 'DATABASE_VALUE_UNREADABLE',
    });
  });
});
