// Rule message-subscription: whoever waits for a message says which one (name) and for whom (correlation key). What
// starts an instance waits for nobody in particular and needs no key.

import { MESSAGE, eventDefinitionsOf } from '../elements/events/catching.ts';
import { ELEMENTS } from '../elements/index.ts';
import type { CompiledModel } from '../model/compile.ts';
import type { SourceElement } from '../model/source.ts';
import type { FlowElement } from '../types.ts';
import { checkSources, hasTrigger, isProcessStart, isThrowing } from './check.ts';

export const messageSubscription = checkSources('message-subscription', (element, source, model) => {
  if (!waitsForMessage(element, source)) return [];
  const messages = element.triggers.filter((trigger) => trigger.kind === 'message');
  const definitions = eventDefinitionsOf(source).filter((definition) => definition.$type === MESSAGE);
  if (!hasTrigger(element, 'message') || messages.length < definitions.length) return ['needs a message with a name'];
  const isKeyNeeded = !isProcessStart(element) && !startsInstances(element, model);
  if (!isKeyNeeded || messages.every((message) => message.correlationKey !== null)) return [];
  return ['needs a message with a name and a zeebe:subscription correlationKey'];
});

/** A message on an element that cannot catch one is the finding of supported-elements. */
const waitsForMessage = (element: FlowElement, source: SourceElement): boolean =>
  element.kind === 'receiveTask' ||
  (!isThrowing(element) &&
    ELEMENTS[element.kind].eventDefinitions.includes(MESSAGE) &&
    eventDefinitionsOf(source).some((definition) => definition.$type === MESSAGE));

const startsInstances = (element: FlowElement, { process }: CompiledModel): boolean =>
  process.starts.some((start) => start.elementId === element.id);
