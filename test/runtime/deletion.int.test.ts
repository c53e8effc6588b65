// Forgetting an instance: what is left is exactly what there was before it, in the tables and after a rebuild.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Caller, completed, type JobHandlers } from '../../server/runtime/index.ts';
import type { Key } from '../../server/shared/ids.ts';
import { model } from '../support/model-builder.ts';
import { createRuntimeHarness, type RuntimeHarness } from './harness.ts';
import { dumpHistory } from './history/dump.ts';

const operator: Caller = {
  actorId: 'operator',
  tenantId: null,
  person: null,
  reserved: { isJobType: (type) => type === 'document.sign', isForm: (form) => form.startsWith('tram:') },
};

let harness: RuntimeHarness;
beforeAll(async () => {
  harness = await createRuntimeHarness();
  const child = model('child').start().serviceTask('Count', { type: 'count' }).end().path('start', 'Count', 'end');
  const caller = model('caller').start().call('Call', { process: 'child' }).end().path('start', 'Call', 'end');
  const signed = model('signed')
    .start()
    .serviceTask('Sign', { type: 'document.sign' })
    .end()
    .path('start', 'Sign', 'end');
  await harness.deploy(child.toXml(), caller.toXml(), signed.toXml());
});
afterAll(() => harness.database.drop());

const work: JobHandlers = {
  count: { record: () => Promise.resolve(completed({ pages: 3 })) },
};

async function end(processId: string): Promise<Key> {
  const key = await harness.start(processId, { order: 7 });
  await harness.drain(work);
  return key;
}

const remove = (key: Key, caller = operator): Promise<void> => harness.runtime.commands.deleteInstance(caller, key);

/** Every row of the runtime and of the read model; counters at zero are as good as none. */
async function everything(): Promise<unknown> {
  await harness.runtime.history.catchUp();
  const dump: Record<string, readonly string[]> = { ...(await dumpHistory(harness)) };
  for (const table of ['process_instances', 'engine_events', 'jobs', 'user_tasks', 'incidents', 'notices']) {
    dump[table] = (
      await harness.rows<{ row: string }>(`select to_jsonb(t)::text as row from ${table} t order by 1`)
    ).map(({ row }) => row);
  }
  for (const table of ['history_element_counts', 'history_instance_counts']) {
    const isUsed = (row: string): boolean => Object.values(JSON.parse(row) as Record<string, unknown>).some(isCount);
    dump[table] = (dump[table] ?? []).filter(isUsed);
  }
  return dump;
}
const isCount = (value: unknown): boolean => typeof value === 'number' && value > 0 && value < 1_000;

describe('deleting an instance', () => {
  it('leaves what there was before it, with what it called, also after a rebuild', async () => {
    const kept = await end('caller');
    const before = await everything();
    const gone = await end('caller');
    expect(await everything()).not.toEqual(before);
    await remove(gone);
    expect(await everything()).toEqual(before);
    await harness.runtime.history.rebuild();
    expect(await everything()).toEqual(before);
    await expect(remove(gone)).rejects.toMatchObject({ code: 'INSTANCE_NOT_FOUND' });
    await remove(kept);
  });

  it('is refused while the instance or one that it called is active', async () => {
    const key = await harness.start('child');
    const before = await everything();
    await expect(remove(key)).rejects.toMatchObject({ code: 'INSTANCE_NOT_ENDED' });
    expect(await everything()).toEqual(before);
    await harness.runtime.commands.cancel(operator, key);
    await remove(key);
  });

  it('is refused to another tenant as if there were no such instance', async () => {
    const key = await end('child');
    await expect(remove(key, { ...operator, tenantId: 'so-b' })).rejects.toMatchObject({ code: 'INSTANCE_NOT_FOUND' });
    await remove(key, { ...operator, tenantId: 'so-a' });
  });

  it('is refused when the work of the installation itself was part of it', async () => {
    const key = await harness.start('signed');
    await harness.runtime.commands.cancel(operator, key);
    await expect(remove(key)).rejects.toMatchObject({ code: 'WORK_RESERVED' });
  });
});
