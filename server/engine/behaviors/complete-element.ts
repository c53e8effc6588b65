// The completing phase: output mappings, end listeners, the choice of flows and, for one round of a loop, its result
// are evaluated first; then variables, disarmed events, the end of the element instance and its flows are written.

import type { Key } from '../../shared/ids.ts';
import type { Result } from '../../shared/result.ts';
import { ok } from '../../shared/result.ts';
import type { Failure } from '../expressions/extract.ts';
import { overlay } from '../expressions/scope.ts';
import { findElement, getElement } from '../state/draft.ts';
import { contextAt, elementOf, emit } from '../step.ts';
import type { Step } from '../step.ts';
import type { ElementInstance, FlowElement, StandardLoop, Variables } from '../types.ts';
import { beginCompletion } from './begin-completion.ts';
import { closeBoundaries } from './close-waits.ts';
import { endHandler, recordCompensation } from './compensation.ts';
import { enterElement } from './enter-element.ts';
import { fireBoundary } from './fire-event.ts';
import { askListeners, hasToAsk } from './listeners.ts';
import { advanceBody, outputOfBody, resultOfItem } from './multi-instance.ts';
import { raiseIncident } from './raise-incident.ts';
import { settleScope } from './scopes.ts';
import { enterRound, goesOn } from './standard-loop.ts';
import { takeFlows } from './take-flows.ts';
import { mapOutputs, outputScope, propagateVariables } from './variable-mapping.ts';

/** An item of the agenda may be out of date: its scope may have ended in the meantime. */
export function completeElement(step: Step, key: Key): void {
  const instance = findElement(step.draft, key);
  if (instance === null || instance.phase !== 'completing') return;
  const element = elementOf(step.process, instance.elementId);
  const result = instance.body === null ? complete(step, element, instance) : completeBody(step, element, instance);
  if (!result.ok) raiseIncident(step, instance, result.error);
}

function complete(step: Step, element: FlowElement, instance: ElementInstance): Result<void, Failure> {
  const outputs = instance.listenersDone === 'end' ? ok(null) : mapOutputs(step, element, instance);
  if (!outputs.ok) return outputs;
  const outer = contextAt(step, instance.key);
  const context = { ...outer, scope: outputs.value === null ? outer.scope : overlay(outer.scope, outputs.value) };
  const sendOut = (): void => propagateVariables(step, outputScope(instance), outputs.value ?? {});
  if (hasToAsk(step, instance, 'end')) return askListeners(step, instance, { on: 'end', context, before: sendOut });
  if (instance.loopCounter !== null) return completeRound(step, element, instance, { context, sendOut });
  const flowIds = step.definitions[element.kind].chooseFlows(element, step.process, context);
  if (!flowIds.ok) return flowIds;
  sendOut();
  leave(step, element, instance, flowIds.value);
  return ok(undefined);
}

/** Conditions on the flows of a looping activity are looked at once, after the last round. */
function completeBody(step: Step, element: FlowElement, body: ElementInstance): Result<void, Failure> {
  const isOutputDone = element.multiInstance === null || body.body === null || body.listenersDone === 'end';
  const output: Variables = isOutputDone ? {} : outputOfBody(element.multiInstance, body.body);
  const outer = contextAt(step, body.key);
  const context = { ...outer, scope: overlay(outer.scope, output) };
  const before = (): void => propagateVariables(step, body.scopeKey, output);
  if (hasToAsk(step, body, 'end')) return askListeners(step, body, { on: 'end', context, before });
  const flowIds = step.definitions[element.kind].chooseFlows(element, step.process, context);
  if (!flowIds.ok) return flowIds;
  propagateVariables(step, body.scopeKey, output);
  leave(step, element, body, flowIds.value);
  return ok(undefined);
}

interface Ending {
  readonly context: ReturnType<typeof contextAt>;
  readonly sendOut: () => void;
}

function completeRound(
  step: Step,
  element: FlowElement,
  inner: ElementInstance,
  ending: Ending,
): Result<void, Failure> {
  if (element.multiInstance !== null) {
    const { multiInstance } = element;
    const result = resultOfItem(step, multiInstance, inner, ending.context);
    if (!result.ok) return result;
    const { index, value, isLast } = result.value;
    ending.sendOut();
    endRound(step, inner, () => emit(step, { type: 'body-item-completed', key: inner.scopeKey, index, result: value }));
    advanceBody(step, multiInstance, inner.scopeKey, isLast);
    return ok(undefined);
  }
  return element.standardLoop === null ? ok(undefined) : completeLoopRound(step, element.standardLoop, inner, ending);
}

function completeLoopRound(
  step: Step,
  loop: StandardLoop,
  inner: ElementInstance,
  { context, sendOut }: Ending,
): Result<void, Failure> {
  const rounds = inner.loopCounter ?? 1;
  const isMore = goesOn(loop, rounds, context);
  if (!isMore.ok) return isMore;
  sendOut();
  const completed = { type: 'body-item-completed', key: inner.scopeKey, index: rounds - 1, result: null } as const;
  endRound(step, inner, () => emit(step, completed));
  if (isMore.value) enterRound(step, elementOf(step.process, inner.elementId), inner.scopeKey);
  else beginCompletion(step, inner.scopeKey, {});
  return ok(undefined);
}

function endRound(step: Step, inner: ElementInstance, count: () => void): void {
  count();
  recordCompensation(step, getElement(step.draft, inner.key));
  emit(step, { type: 'element-completed', key: inner.key, elementId: inner.elementId });
}

function leave(step: Step, element: FlowElement, instance: ElementInstance, flowIds: readonly string[]): void {
  const { key, scopeKey, elementId, compensatesFor } = instance;
  closeBoundaries(step, getElement(step.draft, key));
  recordCompensation(step, getElement(step.draft, key));
  emit(step, { type: 'element-completed', key, elementId });
  if (element.triggers.some((trigger) => trigger.kind === 'cancel') && element.kind === 'endEvent') {
    leaveTransaction(step, scopeKey);
    return;
  }
  for (let count = 0; count < element.completionQuantity; count += 1) takeFlows(step, flowIds, scopeKey);
  if (element.linkTarget !== null) enterElement(step, elementOf(step.process, element.linkTarget), scopeKey);
  if (compensatesFor !== undefined) endHandler(step, compensatesFor);
  settleScope(step, scopeKey);
}

/** Everything in it has been undone: the transaction, with all rounds of a loop, ends by its cancel boundary event. */
function leaveTransaction(step: Step, transactionKey: Key): void {
  const transaction = findElement(step.draft, transactionKey);
  if (transaction === null) return;
  const hostKey = transaction.loopCounter === null ? transactionKey : transaction.scopeKey;
  const boundaries = elementOf(step.process, transaction.elementId).boundaryEvents.map((id) =>
    elementOf(step.process, id),
  );
  const cancel = boundaries.find((boundary) => boundary.triggers.some((trigger) => trigger.kind === 'cancel'));
  if (cancel !== undefined) fireBoundary(step, hostKey, cancel, {});
}
