// Rule event-definition: a catch or boundary event waits for exactly one thing.

import { ELEMENTS } from '../elements/index.ts';
import { eventDefinitionsOf } from '../elements/events/catching.ts';
import { readChildren } from '../model/source.ts';
import { checkProcesses, nameOf } from './check.ts';

export const eventDefinition = checkProcesses('event-definition', ({ process, source }) =>
  readChildren(source, 'flowElements').flatMap((raw) => {
    const element = process.elements[raw.id ?? ''];
    if (element === undefined || ELEMENTS[element.kind].eventDefinitions.length === 0) return [];
    const count = eventDefinitionsOf(raw).length;
    if (count === 1) return [];
    const message = `${nameOf(element)} has ${count} event definitions; it needs exactly one.`;
    return [{ elementId: element.id, message }];
  }),
);
