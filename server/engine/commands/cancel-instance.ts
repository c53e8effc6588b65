// Ends the whole instance from outside: every element instance is terminated, with all that waits for it.

import { terminateChildren } from '../behaviors/terminate-element.ts';
import { emit } from '../step.ts';
import type { Handler } from './handler.ts';

export const cancelInstance: Handler<'cancel-instance'> = (step) => {
  terminateChildren(step, step.draft.key);
  emit(step, { type: 'instance-terminated' });
  return null;
};
