// Rule message-subscription: whoever waits for a message says which one (name) and for whom (correlation key).

import { MESSAGE, eventDefinitionsOf } from '../elements/events/catching.ts';
import { ELEMENTS } from '../elements/index.ts';
import { readChildren } from '../model/source.ts';
import type { SourceElement } from '../model/source.ts';
import type { ElementKind } from '../types.ts';
import { checkProcesses, nameOf } from './check.ts';

/** A message on an element that cannot catch one is the finding of supported-elements. */
const waitsForMessage = (kind: ElementKind, raw: SourceElement): boolean =>
  kind === 'receiveTask' ||
  (eventDefinitionsOf(raw)[0]?.$type === MESSAGE && ELEMENTS[kind].eventDefinitions.includes(MESSAGE));

export const messageSubscription = checkProcesses('message-subscription', ({ process, source }) =>
  readChildren(source, 'flowElements').flatMap((raw) => {
    const element = process.elements[raw.id ?? ''];
    if (element === undefined || element.message !== null || !waitsForMessage(element.kind, raw)) return [];
    const message = `${nameOf(element)} needs a message with a name and a zeebe:subscription correlationKey.`;
    return [{ elementId: element.id, message }];
  }),
);
