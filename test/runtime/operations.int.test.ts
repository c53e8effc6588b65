// What operators do to stored instances: rows follow an instance to another definition, and rest while it is suspended.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { completed, type JobHandlers } from '../../server/runtime/index.ts';
import type { Key } from '../../server/shared/ids.ts';
import { model } from '../support/model-builder.ts';
import { createRuntimeHarness, type RuntimeHarness } from './harness.ts';

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
