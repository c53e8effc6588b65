// The standard loop (BPMN 2.0.2, clause 13.3.6): a body that runs its activity round after round while the condition
// is true, tested before or after each round, at most so many times. Every round counts against the step limit.

import type { Result } from '../../shared/result.ts';
import { ok } from '../../shared/result.ts';
import type { Key } from '../../shared/ids.ts';
import { extractBoolean } from '../expressions/extract.ts';
import type { Failure } from '../expressions/extract.ts';
import { overlay } from '../expressions/scope.ts';
import type { EvaluationContext } from '../expressions/scope.ts';
import { getElement } from '../state/draft.ts';
import { contextAt, emit, emitAll } from '../step.ts';
import type { Step } from '../step.ts';
import type { ElementInstance, FlowElement, StandardLoop } from '../types.ts';
import { prepareArmed } from './arm-events.ts';
import { beginCompletion } from './begin-completion.ts';
import { activateWithinLimit } from './enter-element.ts';
import { setVariables } from './variable-mapping.ts';

export function activateLoop(step: Step, element: FlowElement, body: ElementInstance): Result<void, Failure> {
  const { key } = body;
  const context = contextAt(step, key);
  const armed = prepareArmed(step, body, context);
  if (!armed.ok) return armed;
  const loop = element.standardLoop;
  const isFirst = loop === null || !loop.testBefore ? ok(true) : goesOn(loop, 0, context);
  if (!isFirst.ok) return isFirst;
  emit(step, { type: 'element-activated', key, elementId: element.id });
  emitAll(step, armed.value);
  if (isFirst.value) enterRound(step, element, key);
  else beginCompletion(step, key, {});
  return ok(undefined);
}

export function enterRound(step: Step, element: FlowElement, bodyKey: Key): void {
  const { body } = getElement(step.draft, bodyKey);
  if (body === null) return;
  const key = step.nextKey();
  const loopCounter = body.nextIndex + 1;
  emit(step, { type: 'element-activating', key, elementId: element.id, scopeKey: bodyKey, loopCounter, body: null });
  setVariables(step, key, { loopCounter });
  activateWithinLimit(step, key);
}

/** Whether another round follows after so many. */
export function goesOn(loop: StandardLoop, rounds: number, context: EvaluationContext): Result<boolean, Failure> {
  if (loop.maximum !== null && rounds >= loop.maximum) return ok(false);
  if (loop.condition === null) return ok(true);
  const scope = overlay(context.scope, { loopCounter: rounds });
  return extractBoolean(loop.condition, { ...context, scope });
}
