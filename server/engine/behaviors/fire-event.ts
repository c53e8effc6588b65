// Something that was waited for has come: a timer is due, a message or signal has arrived, a condition is true. The
// fact itself has been written already; here is what follows from it.

import type { Key } from '../../shared/ids.ts';
import { nextFiring } from '../expressions/schedule.ts';
import { armedEvents, findElement, getElement } from '../state/draft.ts';
import { elementOf, emit } from '../step.ts';
import type { Step } from '../step.ts';
import type { BoundaryWait, ElementInstance, FlowElement, Variables } from '../types.ts';
import { beginCompletion } from './begin-completion.ts';
import { closeArmed, closeBoundaries } from './close-waits.ts';
import { endHandler } from './compensation.ts';
import { enterTriggered } from './enter-element.ts';
import { startEventSubProcess } from './event-sub-process.ts';
import { terminateElement } from './terminate-element.ts';
import { propagateVariables, setVariables } from './variable-mapping.ts';

/** What the element instance itself waited for. A parallel multiple event goes on only when all have come. */
export function fireOwn(step: Step, key: Key, variables: Variables): void {
  const instance = getElement(step.draft, key);
  const element = elementOf(step.process, instance.elementId);
  if (!element.isParallelMultiple || instance.waits.length === 0) {
    beginCompletion(step, key, variables);
  } else if (element.outputs.length > 0) {
    setVariables(step, key, variables);
  } else {
    propagateVariables(step, key, variables);
  }
}

/** What was armed on an element instance, or on the process itself. */
export function fireArmed(step: Step, ownerKey: Key, fired: BoundaryWait, variables: Variables): void {
  const element = elementOf(step.process, fired.elementId);
  if (element.isParallelMultiple && !isLastOfAll(step, ownerKey, fired)) {
    propagateVariables(step, ownerKey, variables);
    return;
  }
  if (element.kind === 'startEvent') {
    if (!element.isInterrupting) scheduleNext(step, ownerKey, fired);
    startEventSubProcess(step, ownerKey, element, variables);
    return;
  }
  const owner = getElement(step.draft, ownerKey);
  if (element.kind !== 'boundaryEvent') {
    leaveEventGateway(step, owner, element, variables);
    return;
  }
  if (!element.isInterrupting) scheduleNext(step, ownerKey, fired);
  fireBoundary(step, ownerKey, element, variables);
}

/** Those that have come are disarmed one by one; the last one fires the event. */
function isLastOfAll(step: Step, ownerKey: Key, fired: BoundaryWait): boolean {
  const ofElement = armedEvents(step.draft, ownerKey).filter((armed) => armed.elementId === fired.elementId);
  closeArmed(
    step,
    ofElement.filter((armed) => armed.key === fired.key),
  );
  return ofElement.every((armed) => armed.key === fired.key);
}

/** An interrupting boundary event ends its activity first; a non-interrupting one runs beside it. */
export function fireBoundary(step: Step, hostKey: Key, element: FlowElement, variables: Variables): void {
  const { scopeKey, compensatesFor } = getElement(step.draft, hostKey);
  if (element.isInterrupting) terminateElement(step, hostKey);
  enterTriggered(step, element, scopeKey, variables);
  if (element.isInterrupting && compensatesFor !== undefined) endHandler(step, compensatesFor);
}

/** The gateway has chosen: it is complete, its other events are disarmed, and the event begins as come already. */
function leaveEventGateway(step: Step, gateway: ElementInstance, target: FlowElement, variables: Variables): void {
  const { key, elementId, scopeKey } = gateway;
  emit(step, { type: 'element-completing', key, elementId });
  closeBoundaries(step, getElement(step.draft, key));
  emit(step, { type: 'element-completed', key, elementId });
  const { outgoing } = elementOf(step.process, elementId);
  const flowId = outgoing.find((id) => step.process.flows[id]?.targetId === target.id);
  if (flowId !== undefined) emit(step, { type: 'flow-taken', flowId, scopeKey });
  enterTriggered(step, target, scopeKey, variables);
}

/** A cycle is scheduled again; other timers fire once, and a subscription has stayed open. */
function scheduleNext(step: Step, ownerKey: Key, fired: BoundaryWait): void {
  if (fired.timer === null) return;
  const next = nextFiring({ ...fired.timer, repetitionsLeft: fired.repetitionsLeft }, step.now);
  const isOwnerThere = ownerKey === step.draft.key || findElement(step.draft, ownerKey) !== null;
  if (next === null || !isOwnerThere) return;
  const { elementId } = fired;
  emit(step, { type: 'timer-scheduled', timerKey: step.nextKey(), elementInstanceKey: ownerKey, elementId, ...next });
}
