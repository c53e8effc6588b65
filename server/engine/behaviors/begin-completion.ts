// The work of an element instance is done: it begins to complete, and its result becomes variables. With output
// mappings the result stays local and only the mapped targets leave; without, it is propagated from the element.
// Whatever it still waits for, for example the other definitions of a multiple event, is not needed any more.

import type { Key } from '../../shared/ids.ts';
import { getElement } from '../state/draft.ts';
import { elementOf, emit } from '../step.ts';
import type { Step } from '../step.ts';
import type { Variables } from '../types.ts';
import { closeEventSubProcesses, closeWaits } from './close-waits.ts';
import { propagateVariables, setVariables } from './variable-mapping.ts';

export function beginCompletion(step: Step, key: Key, result: Variables): void {
  const instance = getElement(step.draft, key);
  emit(step, { type: 'element-completing', key, elementId: instance.elementId });
  if (instance.incidentKey !== null) emit(step, { type: 'incident-resolved', incidentKey: instance.incidentKey });
  closeWaits(step, instance);
  closeEventSubProcesses(step, key);
  if (elementOf(step.process, instance.elementId).outputs.length > 0) setVariables(step, key, result);
  else propagateVariables(step, key, result);
  step.agenda.push({ kind: 'complete', key });
}
