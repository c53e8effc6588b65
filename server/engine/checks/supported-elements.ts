// Rule supported-elements: everything that would change the run must be known to the engine. Data objects, lanes,
// artifacts and message flows are drawings to it and are left alone.

import { findElementDefinition } from '../elements/index.ts';
import { eventDefinitionsOf } from '../elements/events/catching.ts';
import { MULTI_INSTANCE } from '../model/compile.ts';
import { idOf, readChild, readChildren } from '../model/source.ts';
import type { SourceElement } from '../model/source.ts';
import { checkProcesses } from './check.ts';
import type { Finding } from './check.ts';

const DRAWINGS = new Set([
  'bpmn:SequenceFlow',
  'bpmn:DataObject',
  'bpmn:DataObjectReference',
  'bpmn:DataStoreReference',
]);

export const supportedElements = checkProcesses('supported-elements', ({ source }) =>
  readChildren(source, 'flowElements').flatMap(findUnsupported),
);

function findUnsupported(element: SourceElement): readonly Finding[] {
  if (DRAWINGS.has(element.$type)) return [];
  const unsupported = (what: string): Finding => ({
    elementId: idOf(element),
    message: `${what} is not supported by this engine.`,
  });
  const definition = findElementDefinition(element.$type);
  if (definition === null) return [unsupported(element.$type)];
  const events = eventDefinitionsOf(element)
    .filter((event) => !definition.eventDefinitions.includes(event.$type))
    .map((event) => unsupported(`${element.$type} with ${event.$type}`));
  const loop = readChild(element, 'loopCharacteristics');
  const loops =
    loop === null || loop.$type === MULTI_INSTANCE ? [] : [unsupported(`${element.$type} with ${loop.$type}`)];
  const compensation = element.get('isForCompensation') === true ? [unsupported('A compensation handler')] : [];
  return [...events, ...loops, ...compensation];
}
