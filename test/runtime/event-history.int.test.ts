// The history by months: prepared ahead, dropped whole, and of no consequence for instances that run.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Decision } from '../../server/engine/index.ts';
import { createRuntime, type HistorySettings, type Runtime } from '../../server/runtime/index.ts';
import type { Key } from '../../server/shared/ids.ts';
import { createFakeClock } from '../support/clock.ts';
import { model } from '../support/model-builder.ts';
import { clerk, createRuntimeHarness, type RuntimeHarness } from './harness.ts';

let harness: RuntimeHarness;

beforeAll(async () => {
  harness = await createRuntimeHarness();
  await harness.deploy(
    model('kept')
      .start()
      .userTask('First', { assignee: 'an' })
      .userTask('Second', { assignee: 'an' })
      .end()
      .path('start', 'First', 'Second', 'end')
      .toXml(),
  );
});
afterAll(() => harness.database.drop());

const clock = createFakeClock();

function createRuntimeWith(eventHistory: HistorySettings): Runtime {
  const { database, transactions } = harness;
  return createRuntime({
    transactions,
    statements: database.statements,
    clock,
    keys: database.createKeys(),
    wake: () => undefined,
    eventHistory,
  });
}

const start = (runtime: Runtime): Promise<Decision> =>
  runtime.alone.start({ processId: 'kept', tenantId: 'so-a', businessKey: null, variables: {}, actorId: null });

const completeNext = (runtime: Runtime, { events }: Decision): Promise<Decision> => {
  const created = events.find((event) => event.type === 'task-created');
  return runtime.alone.completeTask({ actor: clerk, taskKey: created?.taskKey ?? ('' as Key), variables: {} });
};

const months = async (): Promise<readonly string[]> =>
  (
    await harness.rows<{ name: string }>(
      `select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
       where i.inhparent = 'engine_steps'::regclass order by 1`,
    )
  ).map(({ name }) => name.replace('engine_steps_', ''));

describe('the history of events', () => {
  it('gets its months ahead, and drops those that are too old while instances run', async () => {
    const runtime = createRuntimeWith({ level: 'full', keepMonths: 1 });
    const [month] = [clock.now().slice(0, 7)];
    const before = await start(runtime);
    await runtime.sweep();
    const first = await months();
    expect(first).toHaveLength(4);
    expect(first[0]).toBe(month?.replace('-', '_'));
    // The events that were written before the month had a table of its own have moved into it.
    expect(await harness.rows('select 1 from engine_steps_default')).toEqual([]);

    clock.advanceTo('2031-03-15T00:00:00.000Z');
    const second = await completeNext(runtime, before);
    await runtime.sweep();
    expect(await months()).toEqual(['2031_03', '2031_04', '2031_05', 'default']);
    const last = await completeNext(runtime, second);
    expect(last.state.status).toBe('completed');
    const kept = await harness.rows<{ at: string }>('select distinct at from engine_events where instance_key = $1', [
      last.state.key,
    ]);
    expect(kept).toEqual([{ at: '2031-03-15T00:00:00.000Z' }]);
  });

  it('keeps as much as its level says, with sequence numbers without gaps', async () => {
    const counts = new Map<string, unknown>();
    for (const level of ['none', 'activity', 'full'] as const) {
      const runtime = createRuntimeWith({ level, keepMonths: null });
      const { state } = await completeNext(runtime, await start(runtime));
      const [row] = await harness.rows<{ count: string; isWhole: boolean; hasPath: boolean }>(
        `select count(*)::text as count, count(*) = coalesce(max(seq), 0) as "isWhole",
           bool_or(type in ('flow-taken', 'variables-set')) as "hasPath" from engine_events where instance_key = $1`,
        [state.key],
      );
      counts.set(level, row);
    }
    expect(counts.get('none')).toEqual({ count: '0', isWhole: true, hasPath: null });
    expect(counts.get('activity')).toMatchObject({ isWhole: true, hasPath: false });
    expect(counts.get('full')).toMatchObject({ isWhole: true, hasPath: true });
  });

  it('counts right at the level activity, and knows every element', async () => {
    const runtime = createRuntimeWith({ level: 'activity', keepMonths: null });
    await runtime.history.rebuild();
    const countActive = async (): Promise<ReadonlyMap<string, number>> => {
      await runtime.history.catchUp();
      const rows = await harness.rows<{ id: string; active: number }>(
        `select element_id as id, sum(active)::integer as active from history_element_counts group by element_id`,
      );
      return new Map(rows.map(({ id, active }) => [id, active]));
    };
    const waiting = await start(runtime);
    const before = await countActive();
    await completeNext(runtime, waiting);
    const after = await countActive();
    const change = (id: string): number => (after.get(id) ?? 0) - (before.get(id) ?? 0);
    expect([change('start'), change('First'), change('Second')]).toEqual([0, -1, 1]);
    expect(
      await harness.rows(
        `select element_id as id, state from history_elements where instance_key = $1 and type <> 'PROCESS' order by key`,
        [waiting.state.key],
      ),
    ).toEqual([
      { id: 'start', state: 'COMPLETED' },
      { id: 'First', state: 'COMPLETED' },
      { id: 'Second', state: 'ACTIVE' },
    ]);
  });
});
