// Termination: an element instance is ended from outside, with everything inside it and everything it waits for.
// It takes no flow and writes no output.

import type { Key } from '../../shared/ids.ts';
import { childrenOf, getElement } from '../state/draft.ts';
import { emit } from '../step.ts';
import type { Step } from '../step.ts';
import { closeBoundaries, closeWaits } from './close-waits.ts';

export function terminateElement(step: Step, key: Key): void {
  const instance = getElement(step.draft, key);
  emit(step, { type: 'element-terminating', key, elementId: instance.elementId });
  // Only containers have children; looking for them costs a pass over all element instances.
  if (instance.body !== null) terminateChildren(step, key);
  closeWaits(step, instance);
  closeBoundaries(step, instance);
  if (instance.incidentKey !== null) emit(step, { type: 'incident-resolved', incidentKey: instance.incidentKey });
  emit(step, { type: 'element-terminated', key, elementId: instance.elementId });
}

/** Everything directly inside a scope, oldest first. The instance's own key means the whole instance. */
export function terminateChildren(step: Step, scopeKey: Key): void {
  for (const child of childrenOf(step.draft, scopeKey)) terminateElement(step, child.key);
}
