// Migration 0021 on a history that was recorded event by event: every event is where it was, with its number, time, actor and
// transaction, and each command's events have become one row in the month that they belong to.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { migrations } from '../../migrations/index.ts';
import { migrate } from '../../server/adapters/postgres/migrate.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

const BEFORE = migrations.slice(
  0,
  migrations.findIndex(({ name }) => name === '0021_step_history'),
);
const EVENTS = `select instance_key, seq, at, actor_id, type, event, tx from engine_events order by instance_key, seq`;

let db: TestDatabase;
beforeEach(async () => {
  db = await createTestDatabase({ isEmpty: true });
});
afterEach(() => db.drop());

const rows = async (sql: string): Promise<unknown[]> => (await db.pool.query<object>(sql)).rows;

/** `tx` is given by hand: the same number, the same command. */
const record = (instance: number, events: readonly (readonly [seq: number, at: string, tx: number, event: object])[]) =>
  db.pool.query(
    `insert into engine_events (instance_key, seq, at, actor_id, type, event, tx)
     select $1, e.seq, e.at, case e.tx when 11 then 'an' end, e.event ->> 'type', e.event, e.tx::text::xid8
     from jsonb_to_recordset($2::jsonb) as e (seq integer, at timestamptz, tx integer, event jsonb)`,
    [instance, JSON.stringify(events.map(([seq, at, tx, event]) => ({ seq, at, tx, event })))],
  );

describe('the history of an earlier release', () => {
  it('is the same event by event after its steps have become rows', async () => {
    await migrate(db.url, BEFORE);
    await db.pool.query(`create table engine_events_2026_11 partition of engine_events
      for values from ('2026-11-01 00:00:00+00') to ('2026-12-01 00:00:00+00')`);
    const [old, november] = ['2025-03-04T05:06:07.008Z', '2026-11-05T00:00:00.000Z'];
    await record(1, [
      [1, old, 10, { type: 'instance-started', variables: { text: 'a\nb "c" \\ đ' } }],
      [2, old, 10, { type: 'flow-taken' }],
      [3, november, 11, { type: 'task-completed' }],
      [4, november, 11, { type: 'flow-taken' }],
      // Another command of the same transaction and time, after one of another actor.
      [5, november, 12, { type: 'instance-migrated', sourceKey: '77' }],
      [6, november, 11, { type: 'instance-completed' }],
    ]);
    await record(2, [[1, november, 11, { type: 'instance-started' }]]);
    const before = await rows(EVENTS);

    await migrate(db.url, migrations);

    expect(await rows(EVENTS)).toEqual(before);
    expect(
      await rows(`select tableoid::regclass::text as part, instance_key as i, first_seq as first, last_seq as last,
        migrated_from as "left" from engine_steps order by instance_key, first_seq`),
    ).toEqual([
      { part: 'engine_steps_default', i: '1', first: 1, last: 2, left: null },
      { part: 'engine_steps_2026_11', i: '1', first: 3, last: 4, left: null },
      { part: 'engine_steps_2026_11', i: '1', first: 5, last: 5, left: '77' },
      { part: 'engine_steps_2026_11', i: '1', first: 6, last: 6, left: null },
      { part: 'engine_steps_2026_11', i: '2', first: 1, last: 1, left: null },
    ]);
    expect(await rows(`select to_regclass('engine_events_before') as before`)).toEqual([{ before: null }]);
  });
});
