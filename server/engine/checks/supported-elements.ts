// Rule supported-elements: everything that would change the run must be known to the engine. Data objects, lanes,
// artifacts and message flows are drawings to it and are left alone.

import { eventDefinitionsOf } from '../elements/events/catching.ts';
import { findElementDefinition } from '../elements/index.ts';
import { MULTI_INSTANCE, STANDARD_LOOP } from '../model/read-activity.ts';
import { findExtension, idOf, readChild, readText } from '../model/source.ts';
import type { SourceElement } from '../model/source.ts';
import { checkProcesses } from './check.ts';
import type { Finding } from './check.ts';

const DRAWINGS = new Set([
  'bpmn:SequenceFlow',
  'bpmn:DataObject',
  'bpmn:DataObjectReference',
  'bpmn:DataStoreReference',
]);

export const supportedElements = checkProcesses('supported-elements', ({ placed, process }) =>
  placed.flatMap(({ source, parentId }) => {
    const parent = process.elements[parentId ?? ''];
    const isEndInAdHoc = parent?.container?.kind === 'adHoc' && source.$type === 'bpmn:EndEvent';
    return [
      ...findUnsupported(source),
      ...(isEndInAdHoc ? [unsupported(source, 'An end event in an ad-hoc subprocess')] : []),
    ];
  }),
);

const unsupported = (element: SourceElement, what: string): Finding => ({
  elementId: idOf(element),
  message: `${what} is not supported by this engine.`,
});

function findUnsupported(element: SourceElement): readonly Finding[] {
  if (DRAWINGS.has(element.$type)) return [];
  const definition = findElementDefinition(element.$type);
  if (definition === null) return [unsupported(element, element.$type)];
  const events = eventDefinitionsOf(element)
    .filter((event) => !definition.eventDefinitions.includes(event.$type))
    .map((event) => unsupported(element, `${element.$type} with ${event.$type}`));
  const loop = readChild(element, 'loopCharacteristics');
  const isLoopKnown = loop === null || loop.$type === MULTI_INSTANCE || loop.$type === STANDARD_LOOP;
  const loops = isLoopKnown ? [] : [unsupported(element, `${element.$type} with ${loop.$type}`)];
  return [...events, ...loops, ...(element.$type === 'bpmn:AdHocSubProcess' ? adHocFindings(element) : [])];
}

function adHocFindings(element: SourceElement): readonly Finding[] {
  const findings: Finding[] = [];
  const settings = findExtension(element, 'zeebe:AdHoc');
  if (settings !== null && readText(settings, 'outputCollection') !== null) {
    findings.push(unsupported(element, 'The outputCollection of an ad-hoc subprocess'));
  }
  if (findExtension(element, 'zeebe:TaskDefinition') !== null) {
    findings.push(unsupported(element, 'An ad-hoc subprocess that is a job'));
  }
  if (readText(element, 'ordering') === 'Sequential') {
    findings.push(unsupported(element, 'The sequential ordering of an ad-hoc subprocess'));
  }
  return findings;
}
