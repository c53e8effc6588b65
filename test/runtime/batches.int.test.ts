// Steps that share a statement: they must behave exactly as if each had come alone, also when they race each other,
// when one of them is refused, and when one of them cannot be stored at all.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Decision } from '../../server/engine/index.ts';
import type { Key } from '../../server/shared/ids.ts';
import { model } from '../support/model-builder.ts';
import { clerk, createRuntimeHarness, type RuntimeHarness, stranger } from './harness.ts';

let harness: RuntimeHarness;

beforeAll(async () => {
  harness = await createRuntimeHarness();
  await harness.deploy(
    model('three')
      .start()
      .userTask('First', { assignee: 'an' })
      .userTask('Second', { assignee: 'an' })
      .end()
      .path('start', 'First', 'Second', 'end')
      .toXml(),
  );
});
afterAll(() => harness.database.drop());

const start = (processId = 'three'): Promise<Key> =>
  harness.runtime.alone.startInstance({
    processId,
    tenantId: 'so-a',
    businessKey: null,
    variables: {},
    actorId: null,
  });

const openTaskOf = async (instanceKey: Key): Promise<Key> => {
  const [task] = await harness.rows<{ key: Key }>(
    `select key from user_tasks where instance_key = $1 and status = 'open'`,
    [instanceKey],
  );
  if (task === undefined) throw new Error('There is no open task');
  return task.key;
};

const complete = (taskKey: Key, variables: Record<string, string> = {}): Promise<Decision> =>
  harness.runtime.alone.completeTask({ actor: clerk, taskKey, variables });

describe('steps that share a batch', () => {
  it('bring many instances to their end, each with a history without gaps', async () => {
    const keys = await Promise.all(Array.from({ length: 50 }, () => start()));
    for (let round = 0; round < 2; round += 1) {
      await Promise.all(keys.map(async (key) => complete(await openTaskOf(key))));
    }
    const rows = await harness.rows<{ status: string; gaps: boolean; tasks: string; step: number }>(
      `select distinct i.status, i.step, i.event_count <> (select count(*) from engine_events e where e.instance_key = i.key)
         or i.event_count <> (select max(seq) from engine_events e where e.instance_key = i.key) as gaps,
         (select string_agg(t.status || ' ' || t.completed_by, ',') from user_tasks t where t.instance_key = i.key) as tasks
       from process_instances i where i.key = any ($1::bigint[])`,
      [keys],
    );
    expect(rows).toEqual([{ status: 'completed', step: 3, gaps: false, tasks: 'completed an,completed an' }]);
  });

  it('answer a refusal to the one who is refused', async () => {
    const [good, other] = await Promise.all([start(), start()]);
    const [goodTask, otherTask] = [await openTaskOf(good), await openTaskOf(other)];
    const answers = await Promise.allSettled([
      complete(goodTask),
      complete('999999999' as Key),
      complete('not a key' as Key),
      harness.runtime.alone.completeTask({ actor: stranger, taskKey: otherTask, variables: {} }),
      harness.runtime.alone.completeTask({ actor: { ...clerk, userId: 'binh' }, taskKey: otherTask, variables: {} }),
      start('nothing-of-that-name'),
    ]);
    expect(
      answers.map((answer) => (answer.status === 'rejected' ? (answer.reason as { code: string }).code : 'ok')),
    ).toEqual(['ok', 'TASK_NOT_FOUND', 'TASK_NOT_FOUND', 'TASK_NOT_FOUND', 'TASK_NOT_YOURS', 'PROCESS_NOT_FOUND']);
  });

  it('complete a task once however many ask for it at the same time', async () => {
    const key = await start();
    const task = await openTaskOf(key);
    const answers = await Promise.allSettled(Array.from({ length: 20 }, () => complete(task)));
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const refused = answers.flatMap((answer) =>
      answer.status === 'rejected' ? [answer.reason as { code: string }] : [],
    );
    expect(new Set(refused.map(({ code }) => code))).toEqual(new Set(['TASK_NOT_OPEN']));
  });

  it('are not lost when one of them cannot be stored', async () => {
    const keys = await Promise.all([start(), start(), start()]);
    const tasks = await Promise.all(keys.map(openTaskOf));
    const answers = await Promise.allSettled(
      // No text of PostgreSQL holds the character, so the whole statement is refused.
      tasks.map((task, index) => complete(task, { note: index === 1 ? 'a\u0000b' : 'fine' })),
    );
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(answers[1]).toMatchObject({ reason: { code: 'TEXT_UNSTORABLE' } });
    // What only looks like it is data.
    const last = await openTaskOf(await start());
    const { state } = await complete(last, { note: 'a\\u0000b' });
    expect(JSON.stringify(state.variables)).toContain('a\\\\u0000b');
  });

  it('wait for a domain transaction that holds their instance, and are decided on what it has left', async () => {
    const key = await start();
    const task = await openTaskOf(key);
    const { transactions, runtime } = harness;
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    let entered = (): void => undefined;
    const isInside = new Promise<void>((resolve) => (entered = resolve));
    const domain = transactions.run(async (tx) => {
      const open = await runtime.openTask(tx, clerk, task);
      entered();
      await held;
      await runtime.completeTask(tx, open, { actorId: clerk.userId, variables: {} });
    });
    await isInside;
    const late = expect(complete(task)).rejects.toMatchObject({ code: 'TASK_NOT_OPEN' });
    const stranger = await start();
    await complete(await openTaskOf(stranger));
    release();
    await domain;
    await late;
  });

  it('see at once who may act on a task now, whoever has changed it', async () => {
    const task = await openTaskOf(await start());
    await harness.rows(`update user_tasks set assignee = 'binh' where key = $1`, [task]);
    await expect(complete(task)).rejects.toMatchObject({ code: 'TASK_NOT_YOURS' });
    await harness.runtime.alone.completeTask({ actor: { ...clerk, userId: 'binh' }, taskKey: task, variables: {} });
  });

  it('carry variables of ten megabytes beside small ones, and refuse what no step can hold', async () => {
    const sizes = [10_000_000, 10, 3_000_000, 10];
    const keys = await Promise.all(sizes.map(() => start()));
    const tasks = await Promise.all(keys.map(openTaskOf));
    await Promise.all(tasks.map((task, index) => complete(task, { note: 'x'.repeat(sizes[index] ?? 0) })));
    const rows = await harness.rows<{ length: number }>(
      `select length(state #>> array['variables', key::text, 'note']) as length from process_instances
       where key = any ($1::bigint[]) order by array_position($1::bigint[], key)`,
      [keys],
    );
    expect(rows.map(({ length }) => length)).toEqual(sizes);
    const next = await openTaskOf(keys[1] ?? ('' as Key));
    await expect(complete(next, { note: 'x'.repeat(65_000_000) })).rejects.toMatchObject({
      code: 'INSTANCE_TOO_LARGE',
    });
    await complete(next);
  });
});
