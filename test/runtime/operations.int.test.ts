// What operators do to stored instances: rows follow an instance to another definition, and rest while it is suspended.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { completed, type JobHandlers } from '../../server/runtime/index.ts';
import type { Key } from '../../server/shared/ids.ts';
import { model } from '../support/model-builder.ts';
import { clerk, createRuntimeHarness, type RuntimeHarness, stranger } from './harness.ts';

let h: RuntimeHarness;
beforeAll(async () => {
  h = await createRuntimeHarness();
});
afterAll(() => h.database.drop());

const definitionOf = async (processId: string): Promise<Key> => {
  const [row] = await h.rows<{ key: Key }>(
    `select key from process_definitions where process_id = $1 order by version desc limit 1`,
    [processId],
  );
  if (row === undefined) throw new Error(`'${processId}' is not deployed`);
  return row.key;
};

const map = (names: Readonly<Record<string, string>>) =>
  Object.entries(names).map(([sourceElementId, targetElementId]) => ({ sourceElementId, targetElementId }));

describe('migrating a stored instance', () => {
  const version = (task: string, timer: string) =>
    model('moving')
      .start()
      .userTask(task)
      .boundary(timer, task, { duration: 'PT1H' })
      .serviceTask('After', { type: 'moving-after' })
      .end()
      .path('start', task, 'After', 'end')
      .path(timer, 'end')
      .toXml();

  it('renames open rows, opens what is new and goes on in the new version', async () => {
    await h.deploy(version('A', 'T'));
    const instanceKey = await h.start('moving');
    await h.deploy(version('B', 'U'));
    const targetKey = await definitionOf('moving');

    await h.transactions.run(async (tx) => {
      const request = { instanceKey, targetKey, mapping: map({ A: 'B' }) };
      expect(await h.runtime.operations.previewMigration(tx, { ...request, mapping: [] })).toHaveLength(1);
      await h.runtime.operations.migrate(tx, { ...request, actorId: 'ops' });
    });

    expect(await h.rows(`select element_id as id from user_tasks where instance_key = $1`, [instanceKey])).toEqual([
      { id: 'B' },
    ]);
    const timers = `select element_id as id, status from jobs where instance_key = $1 and kind = 'timer' order by key`;
    expect(await h.rows(timers, [instanceKey])).toEqual([
      { id: 'T', status: 'cancelled' },
      { id: 'U', status: 'open' },
    ]);
    expect(
      await h.rows(`select definition_key as key, version from process_instances where key = $1`, [instanceKey]),
    ).toEqual([{ key: targetKey, version: 2 }]);
  });

  it('that is refused leaves every row as it was', async () => {
    const instanceKey = await h.start('moving');
    const targetKey = await definitionOf('moving');
    const before = await h.rows(`select * from process_instances where key = $1`, [instanceKey]);

    await expect(
      h.transactions.run((tx) =>
        h.runtime.operations.migrate(tx, { instanceKey, targetKey, mapping: map({ B: 'After' }), actorId: null }),
      ),
    ).rejects.toMatchObject({ code: 'INSTANCE_COMMAND_REJECTED', details: { reason: 'MIGRATION_NOT_POSSIBLE' } });
    expect(await h.rows(`select * from process_instances where key = $1`, [instanceKey])).toEqual(before);
  });
});

describe('suspending a stored instance', () => {
  it('gives out no work of it until it is resumed', async () => {
    await h.deploy(
      model('held').start().serviceTask('S', { type: 'held-work' }).end().path('start', 'S', 'end').toXml(),
    );
    const instanceKey = await h.start('held');
    const statusOf = () => h.rows(`select status from process_instances where key = $1`, [instanceKey]);
    const handlers: JobHandlers = { 'held-work': { record: () => Promise.resolve(completed()) } };
    await h.transactions.run((tx) => h.runtime.operations.suspend(tx, instanceKey, 'ops'));

    await h.drain(handlers);
    expect(await statusOf()).toEqual([{ status: 'active' }]);

    await h.transactions.run((tx) => h.runtime.operations.resume(tx, instanceKey, 'ops'));
    await h.drain(handlers);
    expect(await statusOf()).toEqual([{ status: 'completed' }]);
  });
});

describe('what late tasks leave behind', () => {
  it('a reminder goes to whoever may take the task, an escalation to the one it names, and is read once', async () => {
    const late = [
      { after: 'PT1H', action: 'remind' },
      { after: 'PT2H', action: 'escalate', to: 'head' },
    ];
    await h.deploy(
      model('late').start().userTask('A', { candidateGroups: 'so-a:clerk', late }).path('start', 'A').toXml(),
    );
    await h.start('late');
    h.clock.advance(3 * 3_600_000);
    await h.drain();

    await h.transactions.run(async (tx) => {
      const { listNotices, markNoticeRead } = h.runtime;
      const head = { ...clerk, userId: 'head', groups: [] };
      const [reminder, ...others] = await listNotices(tx, clerk, 10);
      expect(reminder).toMatchObject({
        kind: 'remind',
        elementId: 'A',
        recipients: ['so-a:clerk'],
        businessKey: 'doc-1',
      });
      expect(others).toEqual([]);
      expect(await listNotices(tx, head, 10)).toMatchObject([{ kind: 'escalate', recipients: ['head'] }]);
      expect(await listNotices(tx, stranger, 10)).toEqual([]);
      const key = reminder?.key ?? ('0' as Key);
      expect(await markNoticeRead(tx, stranger, key)).toBe(false);
      expect(await markNoticeRead(tx, clerk, key)).toBe(true);
      expect(await listNotices(tx, clerk, 10)).toEqual([]);
    });
  });
});

describe('conditional start events', () => {
  it('start every process that the variables fulfil, and name conditions that fail', async () => {
    const process = (id: string, condition: string) =>
      model(id).startOn('S', { condition }).userTask('A').path('S', 'A').toXml();
    await h.deploy(
      process('hot', '=temperature > 30'),
      process('cold', '=temperature < 0'),
      process('odd', '=temperature'),
    );

    const request = { variables: { temperature: 31 }, processId: null, tenantId: 'so-a', actorId: null };
    const result = await h.transactions.run((tx) => h.runtime.startByCondition(tx, request));

    expect(result.started.map(({ processId }) => processId)).toEqual(['hot']);
    expect(result.failures).toMatchObject([{ processId: 'odd', elementId: 'S' }]);
    const [instance] = result.started;
    expect(
      await h.rows(`select state #> '{variables}' -> $1::text as v from process_instances where key = $1::bigint`, [
        instance?.instanceKey,
      ]),
    ).toEqual([{ v: { temperature: 31 } }]);
  });
});
