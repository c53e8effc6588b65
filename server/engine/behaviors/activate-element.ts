// The activating phase: input mappings, start listeners, then armed events and the element's own expressions, all
// evaluated before anything is written, so that an incident here leaves nothing behind and can be repeated.

import type { Key } from '../../shared/ids.ts';
import type { Result } from '../../shared/result.ts';
import { ok } from '../../shared/result.ts';
import { DONE_AT_ONCE, leftTo } from '../elements/defaults.ts';
import type { Activation } from '../elements/element-definition.ts';
import type { Failure } from '../expressions/extract.ts';
import { overlay } from '../expressions/scope.ts';
import type { EvaluationContext } from '../expressions/scope.ts';
import { findElement } from '../state/draft.ts';
import { localVariables } from '../state/variables.ts';
import { contextAt, elementOf, emit, emitAll } from '../step.ts';
import type { Step } from '../step.ts';
import type { ElementInstance, FlowElement, Variables } from '../types.ts';
import { prepareArmed, prepareProcessEvents } from './arm-events.ts';
import { enterTriggered } from './enter-element.ts';
import { askListeners, hasToAsk } from './listeners.ts';
import { activateBody } from './multi-instance.ts';
import { raiseIncident } from './raise-incident.ts';
import { runEffects } from './run-effects.ts';
import { settleScope } from './scopes.ts';
import { activateLoop } from './standard-loop.ts';
import { mapInputs, setVariables } from './variable-mapping.ts';

/** An item of the agenda may be out of date: its scope may have ended in the meantime. */
export function activateElement(step: Step, key: Key): void {
  const instance = findElement(step.draft, key);
  if (instance === null || instance.phase !== 'activating') return;
  const element = elementOf(step.process, instance.elementId);
  const result = activate(step, element, instance);
  if (!result.ok) raiseIncident(step, instance, result.error);
}

function activate(step: Step, element: FlowElement, instance: ElementInstance): Result<void, Failure> {
  if (instance.body === null) return activateSingle(step, element, instance);
  if (element.multiInstance !== null) return activateBody(step, element.multiInstance, instance);
  return activateLoop(step, element, instance);
}

function activateSingle(step: Step, element: FlowElement, instance: ElementInstance): Result<void, Failure> {
  const { key } = instance;
  const outer = contextAt(step, key);
  const mustAsk = hasToAsk(step, instance, 'start');
  const inputs = instance.listenersDone === 'start' ? ok({}) : mapInputs(element, outer);
  if (!inputs.ok) return inputs;
  const context = { ...outer, scope: overlay(outer.scope, inputs.value) };
  if (mustAsk)
    return askListeners(step, instance, { on: 'start', context, before: () => setVariables(step, key, inputs.value) });
  const armed = prepareArmed(step, instance, context);
  if (!armed.ok) return armed;
  const process = openProcess(step, instance, context);
  if (!process.ok) return process;
  const locals = { ...localVariables(step.draft, key), ...inputs.value };
  const activation = activationOf(step, element, instance, { context, locals });
  if (!activation.ok) return activation;
  setVariables(step, key, inputs.value);
  emit(step, { type: 'element-activated', key, elementId: element.id });
  emitAll(step, process.value);
  emitAll(step, armed.value);
  emitAll(step, activation.value.opens);
  beginTriggered(step, element, instance);
  runEffects(step, key, activation.value);
  return ok(undefined);
}

/** What a start event has brought is visible to the event subprocesses that are armed with it. */
function openProcess(step: Step, instance: ElementInstance, context: EvaluationContext) {
  if (instance.opensProcess === undefined) return ok([]);
  const scope = overlay(context.scope, instance.trigger?.variables ?? {});
  return prepareProcessEvents(step, { ...context, scope });
}

interface Surroundings {
  readonly context: EvaluationContext;
  readonly locals: Variables;
}

function activationOf(
  step: Step,
  element: FlowElement,
  { key, trigger }: Pick<ElementInstance, 'key' | 'trigger'>,
  { context, locals }: Surroundings,
): Result<Activation, Failure> {
  // A triggered start event has come already; an event subprocess begins with its own.
  if (trigger !== undefined && element.container === null) return ok({ ...DONE_AT_ONCE, result: trigger.variables });
  if (trigger !== undefined) return ok({ ...leftTo({ kind: 'enter', elementIds: [] }), effects: [] });
  return step.definitions[element.kind].activate({
    process: step.process,
    element,
    key,
    context,
    locals,
    nextKey: step.nextKey,
    callDepth: step.draft.callDepth,
    callDepthLimit: step.callDepthLimit,
    findForm: step.findForm,
  });
}

function beginTriggered(step: Step, element: FlowElement, { key, trigger }: ElementInstance): void {
  if (trigger === undefined || element.container === null) return;
  enterTriggered(step, elementOf(step.process, trigger.startEventId), key, trigger.variables);
}

/** Does again what an activated element instance could not do: call, throw, decide. */
export function reopenElement(step: Step, instance: ElementInstance): void {
  if (instance.waits.length > 0) return;
  const { key } = instance;
  const element = elementOf(step.process, instance.elementId);
  if (element.container !== null) {
    settleScope(step, key);
    return;
  }
  const surroundings = { context: contextAt(step, key), locals: localVariables(step.draft, key) };
  const activation = activationOf(step, element, { key }, surroundings);
  if (!activation.ok) {
    raiseIncident(step, instance, activation.error);
    return;
  }
  emitAll(step, activation.value.opens);
  runEffects(step, key, activation.value);
}
