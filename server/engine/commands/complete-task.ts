// A person has done a user task. A second completion, or one after a cancellation, finds nothing open.

import { completeUserTask } from '../behaviors/task-listeners.ts';
import { isOpenTask } from './change-task.ts';
import type { Handler } from './handler.ts';

export const completeTask: Handler<'complete-task'> = (step, { taskKey, variables }) => {
  const found = isOpenTask(step, taskKey, 'complete');
  if (!found.ok) return found.error;
  completeUserTask(step, found.value, taskKey, variables);
  return null;
};
