// Multi-instance: a body that holds the items and one inner instance per item. Parallel bodies start all at once,
// sequential ones the next after the last. Results stand at the index of their item, whatever the order of
// completion. Boundary events belong to the body (behaviors/boundary-events.ts).

import type { Key } from '../../shared/ids.ts';
import type { Result } from '../../shared/result.ts';
import { ok } from '../../shared/result.ts';
import { extractBoolean, extractJson, extractList } from '../expressions/extract.ts';
import type { Failure } from '../expressions/extract.ts';
import { overlay } from '../expressions/scope.ts';
import type { EvaluationContext } from '../expressions/scope.ts';
import { getElement, hasChildren } from '../state/draft.ts';
import { contextAt, emit, emitAll } from '../step.ts';
import type { Step } from '../step.ts';
import type { ElementInstance, FlowElement, Json, MultiInstance, MultiInstanceBody, Variables } from '../types.ts';
import { prepareArmed } from './arm-events.ts';
import { beginCompletion } from './begin-completion.ts';
import { terminateChildren } from './terminate-element.ts';
import { setVariables } from './variable-mapping.ts';

export function activateBody(step: Step, settings: MultiInstance, instance: ElementInstance): Result<void, Failure> {
  const { key, elementId } = instance;
  const context = contextAt(step, key);
  const items = extractList(settings.inputCollection, context);
  if (!items.ok) return items;
  const armed = prepareArmed(step, instance, context);
  if (!armed.ok) return armed;
  const results: readonly Json[] = items.value.map(() => null);
  emit(step, { type: 'element-activated', key, elementId });
  emit(step, { type: 'body-advanced', key, body: { items: items.value, nextIndex: 0, completed: 0, results } });
  emitAll(step, armed.value);
  if (items.value.length === 0) {
    beginCompletion(step, key, {});
    return ok(undefined);
  }
  const startCount = settings.isSequential ? 1 : items.value.length;
  for (let count = 0; count < startCount; count += 1) enterItem(step, settings, key);
  return ok(undefined);
}

/** Inner instances do not count against the step limit: their number is bounded by the list. */
function enterItem(step: Step, settings: MultiInstance, bodyKey: Key): void {
  const { body, elementId } = getElement(step.draft, bodyKey);
  if (body === null) return;
  const key = step.nextKey();
  const loopCounter = body.nextIndex + 1;
  const item = body.items[body.nextIndex] ?? null;
  emit(step, { type: 'element-activating', key, elementId, scopeKey: bodyKey, loopCounter, body: null });
  setVariables(step, key, localsOfItem(settings, item, loopCounter));
  step.agenda.push({ kind: 'activate', key });
}

/** When `outputElement` is just a name, that name is local, so that a job's result does not leave the inner instance. */
function localsOfItem(settings: MultiInstance, item: Json, loopCounter: number): Variables {
  const resultName = /^([A-Za-z_]\w*)(\.\w+)*$/.exec(settings.outputElement ?? '')?.[1];
  return {
    ...(resultName === undefined ? {} : { [resultName]: null }),
    ...(settings.inputElement === null ? {} : { [settings.inputElement]: item }),
    loopCounter,
  };
}

export interface ItemResult {
  readonly index: number;
  readonly value: Json;
  /** The completion condition is fulfilled: the rest is not needed. */
  readonly isLast: boolean;
}

/** What an inner instance leaves behind, evaluated in its own scope before it is gone. */
export function resultOfItem(
  step: Step,
  settings: MultiInstance,
  inner: ElementInstance,
  context: EvaluationContext,
): Result<ItemResult, Failure> {
  const { body } = getElement(step.draft, inner.scopeKey);
  const index = (inner.loopCounter ?? 1) - 1;
  const value = settings.outputElement === null ? ok(null) : extractJson(settings.outputElement, context);
  if (!value.ok) return value;
  if (settings.completionCondition === null || body === null) return ok({ index, value: value.value, isLast: false });
  const scope = overlay(context.scope, countersAfter(body));
  const isLast = extractBoolean(settings.completionCondition, { ...context, scope });
  return isLast.ok ? ok({ index, value: value.value, isLast: isLast.value }) : isLast;
}

/** The numbers as they are once this inner instance has completed. */
const countersAfter = (body: MultiInstanceBody): Variables => ({
  numberOfInstances: body.items.length,
  numberOfActiveInstances: body.nextIndex - body.completed - terminatedIn(body) - 1,
  numberOfCompletedInstances: body.completed + 1,
  numberOfTerminatedInstances: terminatedIn(body),
});

const terminatedIn = (body: MultiInstanceBody): number => body.terminated ?? 0;

/** After an inner instance is gone: the next item, or the end of the body. */
export function advanceBody(step: Step, settings: MultiInstance, bodyKey: Key, isLast: boolean): void {
  const { body } = getElement(step.draft, bodyKey);
  if (body === null) return;
  if (isLast) terminateChildren(step, bodyKey);
  if (isLast || body.completed + terminatedIn(body) === body.items.length) beginCompletion(step, bodyKey, {});
  else if (settings.isSequential) enterItem(step, settings, bodyKey);
}

/** One inner instance was ended from outside. False when nothing is left that the body could go on or end with. */
export function advanceAfterTermination(step: Step, element: FlowElement, bodyKey: Key): boolean {
  const { body, phase } = getElement(step.draft, bodyKey);
  if (body === null || phase !== 'activated' || hasChildren(step.draft, bodyKey)) return true;
  const { multiInstance } = element;
  if (multiInstance !== null && body.nextIndex < body.items.length) {
    enterItem(step, multiInstance, bodyKey);
    return true;
  }
  if (body.completed === 0) return false;
  beginCompletion(step, bodyKey, {});
  return true;
}

/** The collected list, under its name, for the scope around the body. */
export const outputOfBody = (settings: MultiInstance, body: MultiInstanceBody): Variables =>
  settings.outputCollection === null ? {} : { [settings.outputCollection]: body.results };
