// Questions that the runtime asks of a stored state.

import type { Key } from '../../shared/ids.ts';
import type { ElementInstance, InstanceState } from '../types.ts';
import { keyOfWait } from './draft.ts';

/**
 * The element instance that waits for a task, job, timer, subscription or called instance, or that an event is armed
 * on; null when none does, and for event subprocesses of the process itself.
 */
export function findElementByWait(state: InstanceState, key: Key): ElementInstance | null {
  for (const instance of Object.values(state.elements)) {
    if (instance.waits.some((wait) => keyOfWait(wait) === key)) return instance;
    if (instance.boundaries.some((boundary) => boundary.key === key)) return instance;
  }
  return null;
}
