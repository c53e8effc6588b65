// Rule timer-definition: a timer has one of duration, date or cycle; only what stays after the first time may repeat.
// What starts instances is evaluated at deployment, so it is read here already.

import { TIMER, TIMER_FORMS, eventDefinitionsOf } from '../elements/events/catching.ts';
import { ELEMENTS } from '../elements/index.ts';
import { scopeOfVariables } from '../expressions/scope.ts';
import { readChild } from '../model/source.ts';
import { resolveStart } from '../starts.ts';
import { parseInstant } from '../../shared/time.ts';
import type { FlowElement, TimerDefinition } from '../types.ts';
import { checkSources, isProcessStart } from './check.ts';

export const timerDefinition = checkSources('timer-definition', (element, source, { process }) => {
  // A timer on an element that cannot have one is the finding of supported-elements.
  if (!ELEMENTS[element.kind].eventDefinitions.includes(TIMER)) return [];
  const definitions = eventDefinitionsOf(source).filter((definition) => definition.$type === TIMER);
  const timers = element.triggers.flatMap((trigger) => (trigger.kind === 'timer' ? [trigger.timer] : []));
  const isClear = definitions.every(
    (definition) => TIMER_FORMS.filter(([child]) => readChild(definition, child) !== null).length === 1,
  );
  if (!isClear || timers.length < definitions.length)
    return ['needs exactly one of duration, date and cycle for a timer'];
  const starts = process.starts.filter((start) => start.elementId === element.id);
  return [...timers.flatMap((timer) => timerFaults(element, timer)), ...starts.flatMap(startFaults)];
});

function timerFaults(element: FlowElement, { kind, calendar }: TimerDefinition): readonly string[] {
  if (calendar !== null && kind !== 'duration') return ['has a business calendar, which only a duration can count in'];
  if (kind === 'cycle') {
    const isRepeatable =
      isProcessStart(element) || (['boundaryEvent', 'startEvent'].includes(element.kind) && !element.isInterrupting);
    return isRepeatable ? [] : ['fires once; a cycle needs a start event or something that does not interrupt'];
  }
  return isProcessStart(element) && kind === 'duration' ? ['starts the process and needs a date or a cycle'] : [];
}

/** Any time will do: only whether the text can be read is asked. Calendars are not known before run time. */
const SOME_TIME = parseInstant('2019-05-06T00:00:00Z');

function startFaults(start: Parameters<typeof resolveStart>[0]): readonly string[] {
  if (start.kind !== 'timer' || start.timer.kind === 'duration' || SOME_TIME === null) return [];
  const resolved = resolveStart(start, { scope: scopeOfVariables({}), now: SOME_TIME });
  return resolved.ok ? [] : [`cannot start the process: ${resolved.error.message.replace(/\.$/, '')}`];
}
