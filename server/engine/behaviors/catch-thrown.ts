// Errors and escalations look for their catcher: the boundary events of the activity that throws, the event
// subprocesses of the scope around it, the boundary events of that scope, and so on outwards, through call activities
// to the calling instance. At one place the matching code wins over an event that catches every code.

import type { Key } from '../../shared/ids.ts';
import { findElement, getElement } from '../state/draft.ts';
import { elementOf, emit } from '../step.ts';
import type { Step } from '../step.ts';
import type { ElementInstance, ErrorOrigin, FlowElement, ValueSource, Variables } from '../types.ts';
import { isInterrupted, startEventSubProcess } from './event-sub-process.ts';
import { fireBoundary } from './fire-event.ts';
import { raiseIncident } from './raise-incident.ts';

export interface ThrownError {
  readonly code: string;
  readonly message: string;
  readonly variables: Variables;
  readonly jobKey: Key | null;
  /** The called instance that threw it; null for an error of this instance. */
  readonly origin: ErrorOrigin | null;
}

/** Nobody catches it, here or above: the incident is where it was thrown first. */
export function throwError(step: Step, fromKey: Key, error: ThrownError): void {
  const { code, message, variables, jobKey, origin } = error;
  const { elementId } = getElement(step.draft, fromKey);
  emit(step, { type: 'error-thrown', elementInstanceKey: fromKey, elementId, code, message });
  if (catchThrown(step, fromKey, { kind: 'error', code, variables })) return;
  if (step.draft.parent !== null) {
    const errorKey = step.nextKey();
    emit(step, {
      type: 'error-propagated',
      errorKey,
      elementInstanceKey: fromKey,
      jobKey,
      code,
      message,
      variables,
      origin,
    });
  } else if (origin !== null) {
    emit(step, { type: 'error-rejected', ...origin });
  } else {
    raiseUnhandled(step, fromKey, error);
  }
}

export function raiseUnhandled(step: Step, key: Key, error: Pick<ThrownError, 'code' | 'message' | 'jobKey'>): void {
  const cause = error.message === '' ? '' : ` (${error.message})`;
  const message = `Expected an event that catches the error '${error.code}'${cause}, but there is none.`;
  raiseIncident(step, getElement(step.draft, key), { errorType: 'UNHANDLED_ERROR_EVENT', message }, error.jobKey);
}

/** Uncaught escalations are no fault: the flow goes on. */
export function throwEscalation(step: Step, fromKey: Key, code: string, variables: Variables): void {
  const { elementId } = getElement(step.draft, fromKey);
  emit(step, { type: 'escalation-thrown', elementInstanceKey: fromKey, elementId, code });
  if (catchThrown(step, fromKey, { kind: 'escalation', code, variables })) return;
  if (step.draft.parent !== null) emit(step, { type: 'escalation-propagated', code, variables });
}

interface Thrown {
  readonly kind: 'error' | 'escalation';
  readonly code: string;
  readonly variables: Variables;
}

function catchThrown(step: Step, fromKey: Key, thrown: Thrown): boolean {
  let isInside = false;
  for (let key = fromKey; ; isInside = true) {
    const instance = findElement(step.draft, key);
    if (isInside && catchInScope(step, key, instance, thrown)) return true;
    if (instance === null) return false;
    if (instance.loopCounter === null && catchAtBoundary(step, instance, thrown)) return true;
    key = instance.scopeKey;
  }
}

function catchAtBoundary(step: Step, host: ElementInstance, thrown: Thrown): boolean {
  const { boundaryEvents } = elementOf(step.process, host.elementId);
  const catcher = bestCatcher(
    boundaryEvents.map((id) => elementOf(step.process, id)),
    thrown,
  );
  if (catcher === null) return false;
  fireBoundary(step, host.key, catcher, thrown.variables);
  return true;
}

/** `scope` is null for the process itself. A multi-instance body holds no event subprocesses. */
function catchInScope(step: Step, scopeKey: Key, scope: ElementInstance | null, thrown: Thrown): boolean {
  if (scope !== null && scope.body !== null) return false;
  const ids = scope === null ? step.process.eventSubProcesses : eventSubProcessesOf(step, scope);
  const starts = ids.flatMap((id) => elementOf(step.process, id).container?.startEventId ?? []);
  const catcher = bestCatcher(
    starts.map((id) => elementOf(step.process, id)),
    thrown,
  );
  if (catcher === null || isInterrupted(step, scopeKey)) return false;
  startEventSubProcess(step, scopeKey, catcher, thrown.variables);
  return true;
}

const eventSubProcessesOf = (step: Step, scope: ElementInstance): readonly string[] =>
  elementOf(step.process, scope.elementId).container?.eventSubProcesses ?? [];

function bestCatcher(candidates: readonly FlowElement[], thrown: Thrown): FlowElement | null {
  const withCode = (matches: (code: string | null) => boolean): FlowElement | undefined =>
    candidates.find((element) =>
      element.triggers.some((trigger) => trigger.kind === thrown.kind && matches(catchCodeOf(trigger.code))),
    );
  return withCode((code) => code === thrown.code && code !== '') ?? withCode((code) => code === null) ?? null;
}

/** Codes of catching events are static; a deploy-time check refuses expressions. */
const catchCodeOf = (code: ValueSource | null): string | null => (code?.kind === 'static' ? code.text : null);
