// The activating phase: input mappings, boundary events and the element's own expressions are all evaluated first.
// Only when all succeed is anything written, so an incident here leaves nothing behind and can be repeated.

import type { Key } from '../../shared/ids.ts';
import type { Result } from '../../shared/result.ts';
import { ok } from '../../shared/result.ts';
import type { Failure } from '../expressions/extract.ts';
import { overlay } from '../expressions/scope.ts';
import { findElement } from '../state/draft.ts';
import { localVariables } from '../state/variables.ts';
import { contextAt, elementOf, emit, emitAll } from '../step.ts';
import type { Step } from '../step.ts';
import type { ElementInstance, FlowElement } from '../types.ts';
import { beginCompletion } from './begin-completion.ts';
import { prepareBoundaries } from './boundary-events.ts';
import { activateBody } from './multi-instance.ts';
import { raiseIncident } from './raise-incident.ts';
import { mapInputs, setVariables } from './variable-mapping.ts';

/** An item of the agenda may be out of date: its body may have ended in the meantime. */
export function activateElement(step: Step, key: Key): void {
  const instance = findElement(step.draft, key);
  if (instance === null || instance.phase !== 'activating') return;
  const element = elementOf(step.process, instance.elementId);
  const result =
    instance.body !== null && element.multiInstance !== null
      ? activateBody(step, element, element.multiInstance, key)
      : activateSingle(step, element, instance);
  if (!result.ok) raiseIncident(step, instance, result.error);
}

function activateSingle(step: Step, element: FlowElement, instance: ElementInstance): Result<void, Failure> {
  const { key } = instance;
  const outer = contextAt(step, key);
  const inputs = mapInputs(element, outer);
  if (!inputs.ok) return inputs;
  const context = { ...outer, scope: overlay(outer.scope, inputs.value) };
  const isInner = instance.loopCounter !== null;
  const boundaries = isInner ? ok([]) : prepareBoundaries(step, element, key, context);
  if (!boundaries.ok) return boundaries;
  const locals = { ...localVariables(step.draft, key), ...inputs.value };
  const { activate } = step.definitions[element.kind];
  const activation = activate({ element, key, context, locals, nextKey: step.nextKey });
  if (!activation.ok) return activation;
  setVariables(step, key, inputs.value);
  emit(step, { type: 'element-activated', key, elementId: element.id });
  emitAll(step, boundaries.value);
  emitAll(step, activation.value.opens);
  if (activation.value.isDone) beginCompletion(step, key, {});
  return ok(undefined);
}

/** Opens again what an activated element instance waits for: its call could not be started before. */
export function reopenElement(step: Step, instance: ElementInstance): void {
  const { key } = instance;
  const element = elementOf(step.process, instance.elementId);
  const activation = step.definitions[element.kind].activate({
    element,
    key,
    context: contextAt(step, key),
    locals: localVariables(step.draft, key),
    nextKey: step.nextKey,
  });
  if (activation.ok) emitAll(step, activation.value.opens);
  else raiseIncident(step, instance, activation.error);
}
