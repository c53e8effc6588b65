// A person takes, hands over or changes a user task. It stays as it is until its listeners have agreed; meanwhile nobody
// else can do anything with it.

import type { Key } from '../../shared/ids.ts';
import type { Result } from '../../shared/result.ts';
import { err, ok } from '../../shared/result.ts';
import { changeUserTask } from '../behaviors/task-listeners.ts';
import { findWait } from '../state/draft.ts';
import type { Step } from '../step.ts';
import type { ElementInstance, Rejection } from '../types.ts';
import { reject } from './handler.ts';
import type { Handler } from './handler.ts';

/** The element instance of a task with which something can be done now. */
export function isOpenTask(step: Step, taskKey: Key, what: string): Result<ElementInstance, Rejection> {
  const found = findWait(step.draft, taskKey);
  if (found?.wait.kind !== 'task') {
    return err(reject('TASK_NOT_OPEN', `Expected to ${what} task '${taskKey}', but it is not open`));
  }
  if (found.owner.waits.some((wait) => wait.kind === 'listener')) {
    const message = `Expected to ${what} task '${taskKey}', but its listeners have not answered yet`;
    return err(reject('TASK_NOT_OPEN', message));
  }
  return ok(found.owner);
}

export const changeTask: Handler<'change-task'> = (step, { taskKey, on, corrections, action = '' }) => {
  const found = isOpenTask(step, taskKey, action === '' ? 'change' : action);
  if (!found.ok) return found.error;
  changeUserTask(step, found.value, taskKey, { on, action, changes: corrections });
  return null;
};
