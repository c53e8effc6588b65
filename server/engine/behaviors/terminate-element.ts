// Termination: an element instance is ended from outside, with everything inside it and everything it waits for.
// It takes no flow and writes no output.

import type { Key } from '../../shared/ids.ts';
import { childrenOf, getElement } from '../state/draft.ts';
import { elementOf, emit } from '../step.ts';
import type { Step } from '../step.ts';
import { closeBoundaries, closeWaits } from './close-waits.ts';

export function terminateElement(step: Step, key: Key): void {
  const instance = getElement(step.draft, key);
  const { elementId } = instance;
  emit(step, { type: 'element-terminating', key, elementId });
  const isContainer = instance.body !== null || elementOf(step.process, elementId).container !== null;
  if (isContainer) terminateChildren(step, key);
  closeWaits(step, instance);
  closeBoundaries(step, instance);
  if (instance.incidentKey !== null) emit(step, { type: 'incident-resolved', incidentKey: instance.incidentKey });
  emit(step, { type: 'element-terminated', key, elementId });
}

/** Everything directly inside a scope, oldest first. The instance's own key means the whole instance. */
export function terminateChildren(step: Step, scopeKey: Key, exceptKey: Key | null = null): void {
  for (const child of childrenOf(step.draft, scopeKey)) if (child.key !== exceptKey) terminateElement(step, child.key);
}

/** Tokens that wait in the scope are used up by nobody. */
export function discardTokens(step: Step, scopeKey: Key): void {
  if (Object.hasOwn(step.draft.joins, scopeKey)) emit(step, { type: 'tokens-discarded', scopeKey });
}
