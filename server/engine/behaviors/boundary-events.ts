// Boundary events are armed when their activity is activated (of a multi-instance: its body, once for all items)
// and disarmed when it is left. Firing: an interrupting one ends the activity first; a non-interrupting one runs
// beside it, and a cycle is scheduled again.

import type { Key } from '../../shared/ids.ts';
import type { Result } from '../../shared/result.ts';
import { ok } from '../../shared/result.ts';
import { openCatch } from '../elements/events/catching.ts';
import type { Failure } from '../expressions/extract.ts';
import type { EvaluationContext } from '../expressions/scope.ts';
import { parseDuration, plusDuration } from '../expressions/temporal.ts';
import { elementOf, emit } from '../step.ts';
import type { Step } from '../step.ts';
import type { BoundaryWait, ElementInstance, EngineEvent, FlowElement, Variables } from '../types.ts';
import { beginCompletion } from './begin-completion.ts';
import { terminateElement } from './terminate-element.ts';

/** Evaluates all boundary events of an activity; a failure holds up the activity before anything is opened. */
export function prepareBoundaries(
  step: Step,
  host: FlowElement,
  hostKey: Key,
  context: EvaluationContext,
): Result<readonly EngineEvent[], Failure> {
  const events: EngineEvent[] = [];
  for (const boundaryId of host.boundaryEvents) {
    const element = elementOf(step.process, boundaryId);
    const opened = openCatch({ element, ownerKey: hostKey, context, nextKey: step.nextKey });
    if (!opened.ok) return opened;
    if (opened.value !== null) events.push(opened.value);
  }
  return ok(events);
}

/** The timer has fired or the message has arrived; `variables` is what the message brought. */
export function fireBoundary(step: Step, host: ElementInstance, fired: BoundaryWait, variables: Variables): void {
  const element = elementOf(step.process, fired.elementId);
  if (element.isInterrupting) terminateElement(step, host.key);
  else scheduleNext(step, host.key, fired);
  const key = step.nextKey();
  const { scopeKey } = host;
  emit(step, { type: 'element-activating', key, elementId: element.id, scopeKey, loopCounter: null, body: null });
  emit(step, { type: 'element-activated', key, elementId: element.id });
  beginCompletion(step, key, variables);
}

/**
 * The next firing of a cycle, counted from the time this one was due and not from now: a late worker must not make
 * a daily reminder drift. Other timers fire once, and a message subscription has stayed open.
 */
function scheduleNext(step: Step, hostKey: Key, fired: BoundaryWait): void {
  const repetitionsLeft = fired.repetitionsLeft === null ? null : fired.repetitionsLeft - 1;
  const period = fired.timer?.period ?? null;
  if (repetitionsLeft === 0 || fired.timer === null || period === null) return;
  const duration = parseDuration(period);
  const dueAt = duration === null ? null : plusDuration(fired.timer.dueAt, duration);
  if (dueAt === null) return;
  emit(step, {
    type: 'timer-scheduled',
    timerKey: step.nextKey(),
    elementInstanceKey: hostKey,
    elementId: fired.elementId,
    dueAt,
    repetitionsLeft,
    period,
  });
}
