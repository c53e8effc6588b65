// The completing phase: output mappings, the choice of flows and, for an inner instance, its result are evaluated
// first; then variables, disarmed boundary events, the end of the element instance and its flows are written.

import type { Key } from '../../shared/ids.ts';
import type { Result } from '../../shared/result.ts';
import { ok } from '../../shared/result.ts';
import type { Failure } from '../expressions/extract.ts';
import { overlay } from '../expressions/scope.ts';
import { findElement } from '../state/draft.ts';
import { contextAt, elementOf, emit } from '../step.ts';
import type { Step } from '../step.ts';
import type { ElementInstance, FlowElement } from '../types.ts';
import { closeBoundaries } from './close-waits.ts';
import { advanceBody, outputOfBody, resultOfItem } from './multi-instance.ts';
import { raiseIncident } from './raise-incident.ts';
import { takeFlows } from './take-flows.ts';
import { mapOutputs, outputScope, propagateVariables } from './variable-mapping.ts';

/** An item of the agenda may be out of date: its body may have ended in the meantime. */
export function completeElement(step: Step, key: Key): void {
  const instance = findElement(step.draft, key);
  if (instance === null || instance.phase !== 'completing') return;
  const element = elementOf(step.process, instance.elementId);
  const result = complete(step, element, instance);
  if (!result.ok) raiseIncident(step, instance, result.error);
}

function complete(step: Step, element: FlowElement, instance: ElementInstance): Result<void, Failure> {
  if (instance.loopCounter !== null) return completeItem(step, element, instance);
  if (instance.body !== null && element.multiInstance !== null) {
    propagateVariables(step, instance.scopeKey, outputOfBody(element.multiInstance, instance.body));
    leave(step, instance, element.outgoing);
    return ok(undefined);
  }
  const outputs = mapOutputs(step, element, instance);
  if (!outputs.ok) return outputs;
  const context = contextAt(step, instance.key);
  const scope = outputs.value === null ? context.scope : overlay(context.scope, outputs.value);
  const { chooseFlows } = step.definitions[element.kind];
  const flowIds = chooseFlows(element, step.process, { ...context, scope });
  if (!flowIds.ok) return flowIds;
  propagateVariables(step, outputScope(instance), outputs.value ?? {});
  leave(step, instance, flowIds.value);
  return ok(undefined);
}

function completeItem(step: Step, element: FlowElement, inner: ElementInstance): Result<void, Failure> {
  if (element.multiInstance === null) return ok(undefined);
  const outputs = mapOutputs(step, element, inner);
  if (!outputs.ok) return outputs;
  const context = contextAt(step, inner.key);
  const scope = overlay(context.scope, outputs.value ?? {});
  const result = resultOfItem(step, element.multiInstance, inner, { ...context, scope });
  if (!result.ok) return result;
  const { index, value, isLast } = result.value;
  propagateVariables(step, outputScope(inner), outputs.value ?? {});
  emit(step, { type: 'body-item-completed', key: inner.scopeKey, index, result: value });
  emit(step, { type: 'element-completed', key: inner.key, elementId: inner.elementId });
  advanceBody(step, inner.scopeKey, isLast);
  return ok(undefined);
}

function leave(step: Step, instance: ElementInstance, flowIds: readonly string[]): void {
  closeBoundaries(step, instance);
  emit(step, { type: 'element-completed', key: instance.key, elementId: instance.elementId });
  takeFlows(step, flowIds, instance.scopeKey);
}
