// What clients and operators do with user tasks from outside: assign, give back, change, complete. People of our own web
// app act through inbox.ts, which also asks whether a task is theirs.

import type { TaskCorrections, Variables } from '../../engine/index.ts';
import { AppError } from '../../shared/app-error.ts';
import type { Key } from '../../shared/ids.ts';
import { canAct } from '../inbox.ts';
import type { Found } from '../step-queue.ts';
import { type Caller, maySee, type CommandDeps } from './caller.ts';

const taskNotFound = (verb: string, taskKey: Key): AppError =>
  new AppError(
    'not-found',
    'TASK_NOT_FOUND',
    `Expected to ${verb} user task with key '${taskKey}', but no such user task was found`,
  );

/** A task that has ended is as good as none. */
function checkTask(verb: string, taskKey: Key, caller: Caller, { task, instance }: Found): void {
  if (task === null || !maySee(caller, instance)) throw taskNotFound(verb, taskKey);
  if (caller.reserved.isForm(task.label ?? '')) throw taskReserved(verb, taskKey);
  if (caller.person !== null && !canAct(task, caller.person)) {
    throw new AppError('forbidden', 'TASK_NOT_YOURS', `User may not ${verb} user task with key '${taskKey}'`);
  }
  if (task.status === 'open') return;
  if (task.status !== 'creating') throw taskNotFound(verb, taskKey);
  throw new AppError(
    'rejection',
    'TASK_NOT_OPEN',
    `Expected to ${verb} user task with key '${taskKey}', but it is in state 'CREATING'`,
  );
}

/** Its screen does more than end it: a document is signed, a number is given. */
const taskReserved = (verb: string, taskKey: Key): AppError =>
  new AppError(
    'forbidden',
    'WORK_RESERVED',
    `Expected to ${verb} user task with key '${taskKey}', but it belongs to a screen of the web app`,
  );

export interface TaskCompletionRequest {
  readonly taskKey: Key;
  readonly variables: Variables;
  readonly action: string;
}

export async function completeTask(deps: CommandDeps, caller: Caller, request: TaskCompletionRequest): Promise<void> {
  const { taskKey, variables } = request;
  await deps.steps.give({
    target: { kind: 'task', key: taskKey },
    actorId: caller.actorId,
    missing: () => taskNotFound('complete', taskKey),
    toCommand(found) {
      checkTask('complete', taskKey, caller, found);
      return { type: 'complete-task', taskKey, variables };
    },
  });
}

export interface TaskAssignment {
  readonly taskKey: Key;
  /** Null gives the task back. */
  readonly assignee: string | null;
  readonly allowsOverride: boolean;
  readonly action: string;
}

/** Without override it is a claim: refused when somebody else has the task. */
export async function assignTask(deps: CommandDeps, caller: Caller, request: TaskAssignment): Promise<void> {
  const { taskKey, assignee, allowsOverride } = request;
  const verb = assignee === null ? 'unassign' : allowsOverride ? 'assign' : 'claim';
  await deps.steps.give({
    target: { kind: 'task', key: taskKey },
    actorId: caller.actorId,
    missing: () => taskNotFound(verb, taskKey),
    toCommand(found) {
      checkTask(verb, taskKey, caller, found);
      const current = found.task?.assignee ?? null;
      if (!allowsOverride && current !== null && current !== assignee) {
        throw new AppError(
          'rejection',
          'TASK_CLAIMED_BY_OTHER',
          `Expected to claim user task with key '${taskKey}', but it has already been assigned`,
        );
      }
      return { type: 'change-task', taskKey, on: 'assigning', corrections: { assignee } };
    },
  });
}

export interface TaskUpdate {
  readonly taskKey: Key;
  readonly corrections: TaskCorrections;
  readonly action: string;
}

export async function updateTask(deps: CommandDeps, caller: Caller, request: TaskUpdate): Promise<void> {
  const { taskKey, corrections } = request;
  await deps.steps.give({
    target: { kind: 'task', key: taskKey },
    actorId: caller.actorId,
    missing: () => taskNotFound('update', taskKey),
    toCommand(found) {
      checkTask('update', taskKey, caller, found);
      return { type: 'change-task', taskKey, on: 'updating', corrections };
    },
  });
}
