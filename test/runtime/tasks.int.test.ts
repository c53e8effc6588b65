// User tasks through the runtime: who sees and completes them, and that a step is all or nothing.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppError } from '../../server/shared/app-error.ts';
import { model } from '../support/model-builder.ts';
import { clerk, createRuntimeHarness, type RuntimeHarness, stranger } from './harness.ts';

const twoTasks = model('two-tasks')
  .start()
  .userTask('First', { candidateGroups: '=["so-a:clerk"]', form: 'tram:draft.review' })
  .userTask('Second', { assignee: '=next' })
  .end()
  .path('start', 'First', 'Second', 'end')
  .toXml();

describe('user tasks', () => {
  let harness: RuntimeHarness;
  beforeAll(async () => {
    harness = await createRuntimeHarness();
    await harness.deploy(twoTasks);
  });
  afterAll(() => harness.database.drop());

  const openTasks = (actor = clerk) => harness.transactions.run((tx) => harness.runtime.listTasks(tx, actor, 10));
  const complete = (taskKey: string, actor = clerk, variables = {}) =>
    harness.transactions.run(async (tx) => {
      const open = await harness.runtime.openTask(tx, actor, taskKey as never);
      await harness.runtime.completeTask(tx, open, { actorId: actor.userId, variables });
    });

  it('shows a task to its candidate group, with its form reference and business key', async () => {
    await harness.start('two-tasks');
    const [task, ...others] = await openTasks();
    expect(others).toEqual([]);
    expect(task).toMatchObject({ elementId: 'First', formReference: 'tram:draft.review', businessKey: 'doc-1' });
  });

  it('does not show a task to another agency, not even to somebody who claims the same group', async () => {
    expect(await openTasks(stranger)).toEqual([]);
    const [task] = await openTasks();
    await expect(complete(task?.key ?? '', stranger)).rejects.toMatchObject({
      code: 'TASK_NOT_FOUND',
      kind: 'not-found',
    });
  });

  it('answers TASK_NOT_YOURS to a colleague without the group', async () => {
    const [task] = await openTasks();
    const colleague = { userId: 'binh', tenantId: 'so-a', groups: ['so-a:leader'] };
    await expect(complete(task?.key ?? '', colleague)).rejects.toMatchObject({
      code: 'TASK_NOT_YOURS',
      kind: 'forbidden',
    });
  });

  it('undoes the step when the domain command of the same transaction refuses', async () => {
    const [task] = await openTasks();
    const refuse = harness.transactions.run(async (tx) => {
      const open = await harness.runtime.openTask(tx, clerk, task?.key as never);
      await harness.runtime.completeTask(tx, open, { actorId: clerk.userId, variables: { next: 'an' } });
      throw new AppError('rule', 'DOCUMENT_REFUSED', 'no');
    });
    await expect(refuse).rejects.toMatchObject({ code: 'DOCUMENT_REFUSED' });
    expect((await openTasks()).map((open) => open.elementId)).toEqual(['First']);
  });

  it('lets exactly one of many simultaneous completions through', async () => {
    const [task] = await openTasks();
    const attempts = Array.from({ length: 8 }, () => complete(task?.key ?? '', clerk, { next: 'an' }));
    const results = await Promise.allSettled(attempts);
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
    const codes = results.flatMap((result) => (result.status === 'rejected' ? [(result.reason as AppError).code] : []));
    expect(new Set(codes)).toEqual(new Set(['TASK_NOT_OPEN']));
    expect((await openTasks()).map((open) => open.elementId)).toEqual(['Second']);
  });

  it('gives a claimed task to the claimer alone', async () => {
    await harness.start('two-tasks');
    const task = (await openTasks()).find((open) => open.elementId === 'First');
    const claim = (actor: typeof clerk) =>
      harness.transactions.run(async (tx) => {
        const open = await harness.runtime.openTask(tx, actor, task?.key as never);
        await harness.runtime.claimTask(tx, actor, open);
      });
    await claim(clerk);
    const other = { userId: 'chi', tenantId: 'so-a', groups: ['so-a:clerk'] };
    await expect(claim(other)).rejects.toMatchObject({ code: 'TASK_NOT_YOURS' });
    expect((await openTasks(other)).map((open) => open.key)).not.toContain(task?.key);
  });

  it('ends the instance after the last task and keeps its history in order', async () => {
    const instanceKey = await harness.start('two-tasks', {});
    const first = (await openTasks()).find((open) => open.instanceKey === instanceKey);
    await complete(first?.key ?? '', clerk, { next: 'an' });
    const second = (await openTasks()).find((open) => open.instanceKey === instanceKey);
    await complete(second?.key ?? '');
    const instance = await harness.transactions.run((tx) => harness.runtime.getInstance(tx, instanceKey));
    expect(instance.status).toBe('completed');
    const history = await harness.transactions.run((tx) => harness.runtime.listHistory(tx, instanceKey));
    expect(history.map((entry) => entry.seq)).toEqual(history.map((_, index) => index + 1));
    expect(history.at(-1)?.event.type).toBe('instance-completed');
  });
});
