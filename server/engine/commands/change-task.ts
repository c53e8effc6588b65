// Somebody assigns a user task, gives it back, or changes its attributes. What is not named stays as it is.

import { findWait } from '../state/draft.ts';
import { emit } from '../step.ts';
import { reject } from './handler.ts';
import type { Handler } from './handler.ts';

export const changeTask: Handler<'change-task'> = (step, { taskKey, corrections }) => {
  const found = findWait(step.draft, taskKey);
  if (found?.wait.kind !== 'task') {
    return reject('TASK_NOT_OPEN', `Expected to change task '${taskKey}', but it is not open`);
  }
  if (found.owner.waits.some((wait) => wait.kind === 'listener')) {
    return reject('TASK_NOT_OPEN', `Expected to change task '${taskKey}', but its listeners have not answered yet`);
  }
  emit(step, { type: 'task-corrected', taskKey, corrections });
  return null;
};
