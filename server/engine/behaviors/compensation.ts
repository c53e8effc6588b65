// Compensation: activities that have completed are undone. What can be undone is recorded in the scope, newest last;
// a throwing event takes the records of its scope, begins all handlers at once, newest first, and waits for them.
// A subprocess with a handler of its own is undone by that alone; else by the handlers of what was done inside it.

import type { Key } from '../../shared/ids.ts';
import { compensationsOf, findElement, getElement } from '../state/draft.ts';
import { localVariables } from '../state/variables.ts';
import { elementOf, emit } from '../step.ts';
import type { Step } from '../step.ts';
import type { CompensationRecord, ElementInstance, FlowElement, Variables } from '../types.ts';
import { beginCompletion } from './begin-completion.ts';
import { enterElement } from './enter-element.ts';
import { isCompensationStart, startOfEventSubProcess } from './event-sub-process.ts';

/** Called just before an element instance is completed. Of a loop the body is recorded, with what its rounds hold. */
export function recordCompensation(step: Step, instance: ElementInstance): void {
  const element = elementOf(step.process, instance.elementId);
  if (element.isForCompensation) return;
  const hasHandler = instance.loopCounter === null && compensationBoundary(step, element) !== null;
  const holdsRecords = compensationsOf(step.draft, instance.key).length > 0;
  if (!hasHandler && !holdsRecords && compensationStart(step, element) === null) return;
  emit(step, {
    type: 'compensation-recorded',
    elementInstanceKey: instance.key,
    elementId: element.id,
    scopeKey: instance.scopeKey,
    variables: localVariables(step.draft, instance.key),
  });
}

function compensationBoundary(step: Step, element: FlowElement): FlowElement | null {
  const boundaries = element.boundaryEvents.map((id) => elementOf(step.process, id));
  return boundaries.find((boundary) => boundary.triggers.some(({ kind }) => kind === 'compensation')) ?? null;
}

/** The start event of a compensation event subprocess inside a subprocess. */
function compensationStart(step: Step, element: FlowElement): FlowElement | null {
  const inner = (element.container?.eventSubProcesses ?? []).map((id) => elementOf(step.process, id));
  const starts = inner.flatMap((eventSubProcess) => startOfEventSubProcess(step, eventSubProcess) ?? []);
  return starts.find(isCompensationStart) ?? null;
}

interface Handling {
  readonly record: CompensationRecord;
  /** A boundary event with its handler, or the start event of a compensation event subprocess. */
  readonly boundary: FlowElement | null;
  readonly start: FlowElement | null;
  readonly variables: Variables;
}

/** Newest first. */
function handlingsOf(step: Step, records: readonly CompensationRecord[], outer: Variables): readonly Handling[] {
  return [...records].reverse().flatMap((record): readonly Handling[] => {
    const element = elementOf(step.process, record.elementId);
    const isBody = record.nested.some((nested) => nested.elementId === record.elementId);
    const variables = { ...outer, ...record.variables };
    const boundary = compensationBoundary(step, element);
    const start = isBody ? null : compensationStart(step, element);
    if (start !== null) return [{ record, boundary: null, start, variables }];
    if (boundary !== null) return [{ record, boundary, start: null, variables }];
    return handlingsOf(step, record.nested, variables);
  });
}

/** Compensates the scope of a throwing element instance, or one activity of it. */
export function compensate(step: Step, throwKey: Key, activityId: string | null): void {
  const scopeKey = compensatedScope(step, getElement(step.draft, throwKey));
  const records = compensationsOf(step.draft, scopeKey).filter(
    (record) => activityId === null || record.elementId === activityId,
  );
  const handlings = handlingsOf(step, records, {});
  emit(step, {
    type: 'compensation-triggered',
    elementInstanceKey: throwKey,
    scopeKey,
    recordKeys: records.map((record) => record.key),
    handlers: handlings.length,
  });
  for (const handling of handlings) beginHandler(step, throwKey, scopeKey, handling);
  if (handlings.length === 0) finishThrow(step, throwKey);
}

/** An event subprocess compensates the scope around it; a compensation event subprocess what it was handed. */
function compensatedScope(step: Step, thrower: ElementInstance): Key {
  const scope = findElement(step.draft, thrower.scopeKey);
  if (scope === null) return thrower.scopeKey;
  const start = startOfEventSubProcess(step, elementOf(step.process, scope.elementId));
  return start === null || isCompensationStart(start) ? scope.key : scope.scopeKey;
}

function beginHandler(
  step: Step,
  throwKey: Key,
  scopeKey: Key,
  { boundary, start, record, variables }: Handling,
): void {
  if (start !== null) {
    enterElement(step, elementOf(step.process, start.parentId ?? ''), scopeKey, {
      compensatesFor: throwKey,
      trigger: { startEventId: start.id, variables: {} },
      compensations: record.nested,
      locals: variables,
    });
    return;
  }
  if (boundary === null) return;
  passBoundary(step, boundary, scopeKey);
  const handler = elementOf(step.process, boundary.handlerId ?? '');
  enterElement(step, handler, scopeKey, { compensatesFor: throwKey, locals: variables });
}

/** The boundary event takes no sequence flow: an association leads to the handler. */
function passBoundary(step: Step, boundary: FlowElement, scopeKey: Key): void {
  const key = step.nextKey();
  const elementId = boundary.id;
  emit(step, { type: 'element-activating', key, elementId, scopeKey, loopCounter: null, body: null });
  emit(step, { type: 'element-activated', key, elementId });
  emit(step, { type: 'element-completing', key, elementId });
  emit(step, { type: 'element-completed', key, elementId });
}

/** A handler has completed, or was interrupted; whoever threw goes on after the last one. */
export function endHandler(step: Step, throwKey: Key): void {
  emit(step, { type: 'compensation-handler-ended', elementInstanceKey: throwKey });
  if (findElement(step.draft, throwKey)?.handlersLeft === 0) finishThrow(step, throwKey);
}

/** The end of a cancelled transaction is its own matter: the cancel end event completes, and its scope is left then. */
const finishThrow = (step: Step, throwKey: Key): void => beginCompletion(step, throwKey, {});
