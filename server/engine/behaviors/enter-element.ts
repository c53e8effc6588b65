// The beginning of an element instance: reached by a token, or triggered by an event that was waited for elsewhere.

import type { Key } from '../../shared/ids.ts';
import { getElement } from '../state/draft.ts';
import { emit } from '../step.ts';
import type { Step } from '../step.ts';
import type { CompensationRecord, EventTrigger, FlowElement, MultiInstanceBody, Variables } from '../types.ts';
import { beginCompletion } from './begin-completion.ts';
import { raiseIncident } from './raise-incident.ts';
import { setVariables } from './variable-mapping.ts';

const EMPTY_BODY: MultiInstanceBody = { items: [], nextIndex: 0, completed: 0, results: [] };

export interface Entry {
  readonly compensatesFor?: Key;
  readonly trigger?: EventTrigger;
  readonly compensations?: readonly CompensationRecord[];
  /** The first element of an instance arms the event subprocesses of the process. */
  readonly opensProcess?: true;
  /** Local variables to begin with. */
  readonly locals?: Variables;
}

export const isLooping = (element: FlowElement): boolean =>
  element.multiInstance !== null || element.standardLoop !== null;

/** A new instance of an element; of a looping activity, its body. */
export function enterElement(step: Step, element: FlowElement, scopeKey: Key, entry: Entry = {}): void {
  const { locals, ...rest } = entry;
  const key = step.nextKey();
  const body = isLooping(element) ? EMPTY_BODY : null;
  emit(step, { type: 'element-activating', key, elementId: element.id, scopeKey, loopCounter: null, body, ...rest });
  setVariables(step, key, locals ?? {});
  activateWithinLimit(step, key);
}

export function activateWithinLimit(step: Step, key: Key): void {
  const { scopeKey } = getElement(step.draft, key);
  const count = (step.activations.get(scopeKey) ?? 0) + 1;
  step.activations.set(scopeKey, count);
  if (count <= step.stepLimit) {
    step.agenda.push({ kind: 'activate', key });
    return;
  }
  raiseIncident(step, getElement(step.draft, key), {
    errorType: 'STEP_LIMIT_EXCEEDED',
    message: `Expected the process to wait within ${step.stepLimit} elements, but it goes on; is it an endless loop?`,
  });
}

/** An event whose waiting was done by somebody else: it is complete as soon as it begins. */
export function enterTriggered(step: Step, element: FlowElement, scopeKey: Key, variables: Variables): void {
  const key = step.nextKey();
  emit(step, { type: 'element-activating', key, elementId: element.id, scopeKey, loopCounter: null, body: null });
  emit(step, { type: 'element-activated', key, elementId: element.id });
  beginCompletion(step, key, variables);
}
