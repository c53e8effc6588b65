// The work of an element instance is done: it begins to complete, and its result becomes variables. With output
// mappings the result stays local and only the mapped targets leave; without, it is propagated from the element.

import type { Key } from '../../shared/ids.ts';
import { getElement } from '../state/draft.ts';
import { elementOf, emit } from '../step.ts';
import type { Step } from '../step.ts';
import type { Variables } from '../types.ts';
import { propagateVariables, setVariables } from './variable-mapping.ts';

export function beginCompletion(step: Step, key: Key, result: Variables): void {
  const { elementId } = getElement(step.draft, key);
  emit(step, { type: 'element-completing', key, elementId });
  if (elementOf(step.process, elementId).outputs.length > 0) setVariables(step, key, result);
  else propagateVariables(step, key, result);
  step.agenda.push({ kind: 'complete', key });
}
