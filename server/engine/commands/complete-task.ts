// A person has done a user task. A second completion, or one after a cancellation, finds nothing open.

import { beginCompletion } from '../behaviors/begin-completion.ts';
import { findWait } from '../state/draft.ts';
import { emit } from '../step.ts';
import { reject } from './handler.ts';
import type { Handler } from './handler.ts';

export const completeTask: Handler<'complete-task'> = (step, { taskKey, variables }) => {
  const found = findWait(step.draft, taskKey);
  if (found?.wait?.kind !== 'task') {
    return reject('TASK_NOT_OPEN', `Expected to complete task '${taskKey}', but it is not open`);
  }
  emit(step, { type: 'task-completed', taskKey });
  beginCompletion(step, found.owner.key, variables);
  return null;
};
