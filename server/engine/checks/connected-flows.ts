// Rule connected-flows: a sequence flow leads from an element of its process to an element of its process, never
// into a start or boundary event and never out of an end event.

import type { CompiledModel } from '../model/compile.ts';
import type { SequenceFlow } from '../types.ts';
import { checkProcesses } from './check.ts';

export const connectedFlows = checkProcesses('connected-flows', (model) =>
  Object.values(model.process.flows).flatMap((flow) =>
    faultsOf(model, flow).map((fault) => ({ elementId: flow.id, message: `Sequence flow '${flow.id}' ${fault}.` })),
  ),
);

function faultsOf({ process, source }: CompiledModel, flow: SequenceFlow): readonly string[] {
  const from = process.elements[flow.sourceId];
  const to = process.elements[flow.targetId];
  const faults: string[] = [];
  // An end that exists but has no row in the table is reported by supported-elements, which says more.
  if (from === undefined && !isInside(source, flow.sourceId)) faults.push('comes from nowhere');
  if (to === undefined && !isInside(source, flow.targetId)) faults.push('leads to nowhere');
  if (from?.kind === 'endEvent') faults.push('leads out of an end event');
  if (to?.kind === 'startEvent') faults.push('leads into a start event');
  if (to?.kind === 'boundaryEvent') faults.push('leads into a boundary event');
  return faults;
}

function isInside(source: CompiledModel['source'], id: string): boolean {
  const elements = source.get('flowElements');
  return id !== '' && Array.isArray(elements) && elements.some((element: { id?: unknown }) => element.id === id);
}
