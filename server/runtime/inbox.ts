// User tasks for people: list, read, claim, complete. The wall between agencies stands here: a task of another tenant
// answers exactly like a task that does not exist.

import { type Variables, visibleVariables } from '../engine/index.ts';
import { AppError } from '../shared/app-error.ts';
import type { Key } from '../shared/ids.ts';
import type { Tx } from '../shared/transactions.ts';
import { type ExecuteDeps, executeStep, lockInstanceFor } from './execute.ts';
import type { InstanceRow } from './store/instances.ts';
import { claimOpenTask, findTask, type TaskAccess, type TaskActor, type UserTask } from './store/tasks.ts';

/** An open task whose instance is locked; only `openTask` makes one. */
export interface OpenTask {
  readonly task: UserTask;
  readonly instance: InstanceRow;
  readonly variables: Variables;
}

/** Mirrors MAY_ACT of store/tasks.ts. */
export const canAct = (task: TaskAccess, actor: TaskActor): boolean =>
  task.tenantId === actor.tenantId &&
  (task.assignee === null
    ? task.candidateGroups.some((group) => actor.groups.includes(group)) || task.candidateUsers.includes(actor.userId)
    : task.assignee === actor.userId);

export async function getTaskFor(tx: Tx, actor: TaskActor, taskKey: Key): Promise<UserTask> {
  const task = await findTask(tx, taskKey);
  if (task === null || task.tenantId !== actor.tenantId) {
    throw new AppError('not-found', 'TASK_NOT_FOUND', `Expected a task with key ${taskKey}`, { details: { taskKey } });
  }
  return task;
}

/** Locks the instance, then checks that the task is open and that the actor may act on it. */
export async function openTask(tx: Tx, actor: TaskActor, taskKey: Key): Promise<OpenTask> {
  const seen = await getTaskFor(tx, actor, taskKey);
  const instance = await lockInstanceFor(tx, seen.instanceKey);
  const task = await getTaskFor(tx, actor, taskKey);
  const details = { taskKey };
  if (task.status !== 'open') {
    throw new AppError('rejection', 'TASK_NOT_OPEN', `Expected task ${taskKey} to be open, but it is ${task.status}`, {
      details,
    });
  }
  if (!canAct(task, actor)) {
    throw new AppError('forbidden', 'TASK_NOT_YOURS', `User may not act on task ${taskKey}`, { details });
  }
  return { task, instance, variables: visibleVariables(instance.state, task.elementInstanceKey) };
}

export async function claimTask(tx: Tx, deps: ExecuteDeps, actor: TaskActor, open: OpenTask): Promise<void> {
  if (!(await claimOpenTask(tx, open.task.key, actor.userId, deps.clock.now()))) {
    throw new AppError('rejection', 'TASK_CLAIMED_BY_OTHER', `Task ${open.task.key} was claimed by somebody else`, {
      details: { taskKey: open.task.key },
    });
  }
  if (open.task.assignee === actor.userId) return;
  // Who has a task is history as well: searches and the task's audit know it from the event.
  const corrections = { assignee: actor.userId };
  const command = { type: 'change-task', taskKey: open.task.key, on: 'assigning', corrections } as const;
  await executeStep(tx, deps, open.instance, { command, actorId: actor.userId });
}

export async function completeOpenTask(
  tx: Tx,
  deps: ExecuteDeps,
  open: OpenTask,
  completion: { readonly actorId: string; readonly variables: Variables },
): Promise<void> {
  await executeStep(tx, deps, open.instance, {
    command: { type: 'complete-task', taskKey: open.task.key, variables: completion.variables },
    actorId: completion.actorId,
  });
}
