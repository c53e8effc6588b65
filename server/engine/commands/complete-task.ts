// A person has done a user task. A second completion, or one after a cancellation, finds nothing open.

import { completeUserTask } from '../behaviors/task-listeners.ts';
import { findWait } from '../state/draft.ts';
import { reject } from './handler.ts';
import type { Handler } from './handler.ts';

export const completeTask: Handler<'complete-task'> = (step, { taskKey, variables }) => {
  const found = findWait(step.draft, taskKey);
  if (found?.wait.kind !== 'task') {
    return reject('TASK_NOT_OPEN', `Expected to complete task '${taskKey}', but it is not open`);
  }
  if (found.owner.waits.some((wait) => wait.kind === 'listener')) {
    return reject('TASK_NOT_OPEN', `Expected to complete task '${taskKey}', but its listeners have not answered yet`);
  }
  completeUserTask(step, found.owner, taskKey, variables);
  return null;
};
