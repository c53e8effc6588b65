// Rule connected-flows: a sequence flow leads from an element to an element of the same process or subprocess, never
// into a start or boundary event, never out of an end event, and never to or from what is not reached by flows.

import type { CompiledModel } from '../model/compile.ts';
import type { FlowElement, SequenceFlow } from '../types.ts';
import { checkProcesses } from './check.ts';

export const connectedFlows = checkProcesses('connected-flows', (model) =>
  Object.values(model.process.flows).flatMap((flow) =>
    faultsOf(model, flow).map((fault) => ({ elementId: flow.id, message: `Sequence flow '${flow.id}' ${fault}.` })),
  ),
);

function faultsOf({ process, placed }: CompiledModel, flow: SequenceFlow): readonly string[] {
  const from = process.elements[flow.sourceId];
  const to = process.elements[flow.targetId];
  const isInFile = (id: string): boolean => id !== '' && placed.some(({ source }) => source.id === id);
  const faults: string[] = [];
  // An end that exists but has no row in the table is reported by supported-elements, which says more.
  if (from === undefined && !isInFile(flow.sourceId)) faults.push('comes from nowhere');
  if (to === undefined && !isInFile(flow.targetId)) faults.push('leads to nowhere');
  if (from !== undefined && to !== undefined && from.parentId !== to.parentId) {
    faults.push('crosses the border of a subprocess');
  }
  if (from?.kind === 'endEvent') faults.push('leads out of an end event');
  if (to?.kind === 'startEvent') faults.push('leads into a start event');
  if (to?.kind === 'boundaryEvent') faults.push('leads into a boundary event');
  if (isOffFlow(from)) faults.push(`leads out of '${from?.id}', which no flow leaves`);
  if (isOffFlow(to)) faults.push(`leads into '${to?.id}', which no flow enters`);
  return faults;
}

/** Event subprocesses begin with an event, compensation handlers with compensation; nothing follows them. */
const isOffFlow = (element: FlowElement | undefined): boolean =>
  element !== undefined && (element.container?.kind === 'event' || element.isForCompensation);
