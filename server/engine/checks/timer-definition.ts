// Rule timer-definition: a timer has one of duration, date or cycle; only a non-interrupting boundary event may
// repeat, because the others are gone after the first time.

import { TIMER, TIMER_FORMS, eventDefinitionsOf } from '../elements/events/catching.ts';
import { ELEMENTS } from '../elements/index.ts';
import { readChild, readChildren } from '../model/source.ts';
import type { FlowElement } from '../types.ts';
import { checkProcesses, nameOf } from './check.ts';
import type { Finding } from './check.ts';

export const timerDefinition = checkProcesses('timer-definition', ({ process, source }) =>
  readChildren(source, 'flowElements').flatMap((raw) => {
    const element = process.elements[raw.id ?? ''];
    const definition = eventDefinitionsOf(raw)[0];
    if (element === undefined || definition?.$type !== TIMER) return [];
    // A timer on an element that cannot have one is the finding of supported-elements.
    if (!ELEMENTS[element.kind].eventDefinitions.includes(TIMER)) return [];
    const forms = TIMER_FORMS.filter(([child]) => readChild(definition, child) !== null);
    if (element.timer === null || forms.length !== 1) {
      const message = `The timer of ${nameOf(element)} needs exactly one of duration, date and cycle.`;
      return [{ elementId: element.id, message }];
    }
    return cycleFaults(element);
  }),
);

function cycleFaults(element: FlowElement): readonly Finding[] {
  if (element.timer?.kind !== 'cycle') return [];
  if (element.kind === 'boundaryEvent' && !element.isInterrupting) return [];
  const message = `${nameOf(element)} fires once; a cycle is only possible on a non-interrupting boundary event.`;
  return [{ elementId: element.id, message }];
}
