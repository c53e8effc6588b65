// Rule event-definition: an event that must wait for something says for what, every definition is complete, and a
// throwing event does not throw two things of which one would end the other.

import { ELEMENTS } from '../elements/index.ts';
import { MESSAGE, TIMER, eventDefinitionsOf } from '../elements/events/catching.ts';
import type { FlowElement } from '../types.ts';
import { checkSources, isThrowing } from './check.ts';

/** After these the event is over or waits; only one of them can be meant. */
const EXCLUSIVE = new Set(['message', 'error', 'compensation', 'terminate', 'cancel', 'link']);

export const eventDefinition = checkSources('event-definition', (element, source) => {
  const definition = ELEMENTS[element.kind];
  const isEvent = definition.eventDefinitions.length > 0;
  const sources = eventDefinitionsOf(source).filter((event) => definition.eventDefinitions.includes(event.$type));
  if (!isEvent) return [];
  if (sources.length === 0 && !definition.isNoneEventAllowed && eventDefinitionsOf(source).length === 0) {
    return ['has no event definition; it needs at least one'];
  }
  const faults = exclusiveFaults(element);
  // Timers, messages and thrown messages have rules of their own.
  const others = sources.filter((event) => event.$type !== TIMER && event.$type !== MESSAGE);
  const read = element.triggers.filter((trigger) => trigger.kind !== 'timer' && trigger.kind !== 'message');
  if (read.length < others.length) faults.push('has an event definition without name or condition');
  if (element.isParallelMultiple && sources.length < 2)
    faults.push('is parallel multiple, but has fewer than two definitions');
  return faults;
});

function exclusiveFaults(element: FlowElement): string[] {
  const exclusive = element.triggers.filter((trigger) => EXCLUSIVE.has(trigger.kind));
  const isMixed = isThrowing(element) ? exclusive.length > 1 : exclusive.some(({ kind }) => kind === 'link');
  return isMixed && element.triggers.length > 1
    ? [`combines ${element.triggers.map((trigger) => trigger.kind).join(' and ')}, which cannot be done at once`]
    : [];
}
