// What a step costs in statements and round trips, counted on the wire side of the driver. The figures are a budget: who
// adds a statement to the hot path has to change them here, with a reason.

import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Decision } from '../../server/engine/index.ts';
import type { Key } from '../../server/shared/ids.ts';
import { model } from '../support/model-builder.ts';
import { clerk, createRuntimeHarness, type RuntimeHarness } from './harness.ts';

let harness: RuntimeHarness;
let sent: string[] = [];
// The driver's own entry: every statement of every pool passes here, one call is one round trip.
const originalQuery = pg.Client.prototype.query;

beforeAll(async () => {
  harness = await createRuntimeHarness();
  await harness.deploy(
    model('counted')
      .start()
      .userTask('First', { assignee: 'an' })
      .userTask('Second', { assignee: 'an' })
      .serviceTask('Work', { type: 'work' })
      .end()
      .path('start', 'First', 'Second', 'Work', 'end')
      .toXml(),
  );
  await runOnce();
  pg.Client.prototype.query = function (this: pg.Client, ...given: unknown[]): never {
    const [config] = given;
    const text = typeof config === 'string' ? config : ((config as { name?: string; text?: string }).name ?? '');
    sent.push(text === '' ? (config as { text: string }).text : text);
    return Reflect.apply(originalQuery as (...values: unknown[]) => unknown, this, given) as never;
  } as typeof originalQuery;
});
beforeEach(() => {
  sent = [];
});
afterAll(async () => {
  pg.Client.prototype.query = originalQuery;
  await harness.database.drop();
});

const start = (): Promise<Decision> =>
  harness.runtime.alone.start({
    processId: 'counted',
    tenantId: 'so-a',
    businessKey: null,
    variables: {},
    actorId: null,
  });
const keyIn = ({ events }: Decision, type: 'task-created' | 'job-created'): Key => {
  for (const event of events) {
    if (event.type === type) return event.type === 'task-created' ? event.taskKey : event.jobKey;
  }
  throw new Error(`No ${type}`);
};
const complete = (taskKey: Key): Promise<Decision> =>
  harness.runtime.alone.completeTask({ actor: clerk, taskKey, variables: {} });

async function runOnce(): Promise<void> {
  const second = await complete(keyIn(await start(), 'task-created'));
  const third = await complete(keyIn(second, 'task-created'));
  await harness.runtime.alone.completeJob({ jobKey: keyIn(third, 'job-created'), leaseToken: null, variables: {} });
}

describe('a step that comes alone', () => {
  it('costs one statement that is its own transaction when this process wrote the instance last', async () => {
    const started = await start();
    sent = [];
    const second = await complete(keyIn(started, 'task-created'));
    expect(sent).toEqual([expect.stringMatching(/^steps_/)]);
    sent = [];
    const third = await complete(keyIn(second, 'task-created'));
    await harness.runtime.alone.completeJob({ jobKey: keyIn(third, 'job-created'), leaseToken: null, variables: {} });
    expect(sent).toHaveLength(2);
  });

  it('costs one read more when another process wrote it', async () => {
    const started = await start();
    const stranger = await createRuntimeTwin();
    sent = [];
    await stranger.completeTask({ actor: clerk, taskKey: keyIn(started, 'task-created'), variables: {} });
    expect(sent.filter((text) => text.startsWith('step'))).toEqual(['step_read_t', expect.stringMatching(/^steps_/)]);
  });

  it('shares its statement with all that wait', async () => {
    const started = await Promise.all(Array.from({ length: 40 }, start));
    sent = [];
    await Promise.all(started.map((decision) => complete(keyIn(decision, 'task-created'))));
    // One leaves at once for the first caller, one for those that came meanwhile.
    expect(sent.length).toBeLessThanOrEqual(3);
  });
});

describe('a step inside a domain transaction', () => {
  it('costs the lock, the task before and after it, one write and the brackets of the transaction', async () => {
    const started = await start();
    sent = [];
    await harness.transactions.run(async (tx) => {
      const open = await harness.runtime.openTask(tx, clerk, keyIn(started, 'task-created'));
      await harness.runtime.completeTask(tx, open, { actorId: clerk.userId, variables: {} });
    });
    expect(sent).toEqual([
      'BEGIN',
      'task_find',
      'instance_lock',
      'task_find',
      expect.stringMatching(/^steps_/),
      'COMMIT',
    ]);
  });
});

/** A second runtime on the same database, as in a second process. */
async function createRuntimeTwin(): Promise<RuntimeHarness['runtime']['alone']> {
  const { createRuntime } = await import('../../server/runtime/index.ts');
  const { database, transactions, clock } = harness;
  const keys = database.createKeys();
  return createRuntime({ transactions, statements: database.statements, clock, keys, wake: () => undefined }).alone;
}
