// Rule compensation: a compensation boundary event leads by an association to a handler and by no flow; a handler is
// reached by compensation only; what is to be compensated can be.

import type { CompiledModel } from '../model/compile.ts';
import type { FlowElement } from '../types.ts';
import { checkElements, elementsOf, hasTrigger, isThrowing } from './check.ts';

export const compensation = checkElements('compensation', (element, model) => {
  if (element.kind === 'boundaryEvent' && hasTrigger(element, 'compensation')) return boundaryFaults(element);
  if (element.isForCompensation) return handlerFaults(element, model);
  if (isThrowing(element)) return throwFaults(element, model);
  if (element.kind !== 'startEvent' || !hasTrigger(element, 'compensation')) return [];
  const eventSubProcess = model.process.elements[element.parentId ?? ''];
  return eventSubProcess?.parentId === null ? ['is never triggered: nobody compensates the process itself'] : [];
});

function boundaryFaults(element: FlowElement): readonly string[] {
  const faults: string[] = [];
  if (element.handlerId === null) faults.push('has no association to an activity with the compensation marker');
  if (element.outgoing.length > 0) faults.push('is left by a sequence flow; an association leads to its handler');
  if (element.triggers.length > 1) faults.push('combines compensation with something else');
  return faults;
}

function handlerFaults(element: FlowElement, model: CompiledModel): readonly string[] {
  const faults: string[] = [];
  const isReached = elementsOf(model).some((candidate) => candidate.handlerId === element.id);
  if (!isReached) faults.push('has the compensation marker, but no compensation boundary event leads to it');
  const compensations = element.boundaryEvents.filter((id) => {
    const boundary = model.process.elements[id];
    return boundary !== undefined && hasTrigger(boundary, 'compensation');
  });
  if (compensations.length > 0) faults.push('is a compensation handler and cannot be compensated itself');
  return faults;
}

function throwFaults(element: FlowElement, { process }: CompiledModel): readonly string[] {
  return element.triggers.flatMap((trigger) => {
    if (trigger.kind !== 'compensation' || trigger.activityId === null) return [];
    const scopes = new Set([element.parentId, process.elements[element.parentId ?? '']?.parentId ?? null]);
    const activity = process.elements[trigger.activityId];
    const isThere = activity !== undefined && scopes.has(activity.parentId);
    return isThere ? [] : [`compensates '${trigger.activityId}', which is no activity of its scope`];
  });
}
