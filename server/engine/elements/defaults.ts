// What most elements have in common, so that an element's file shows only what is special about it.

import { ok } from '../../shared/result.ts';
import type { EngineEvent, Variables } from '../types.ts';
import { chooseTrueFlows } from './choose-flows.ts';
import type { Activation, Effect, ElementDefinition } from './element-definition.ts';

export const DONE_AT_ONCE: Activation = { opens: [], effects: [], isDone: true, result: {} };

export const waitingFor = (...opens: readonly EngineEvent[]): Activation => ({ ...DONE_AT_ONCE, opens, isDone: false });

export const doneWith = (result: Variables): Activation => ({ ...DONE_AT_ONCE, result });

/** The effect decides when the element is done. */
export const leftTo = (effect: Effect): Activation => ({ ...DONE_AT_ONCE, effects: [effect], isDone: false });

type Shared = Omit<ElementDefinition, 'kind' | 'bpmnType'>;

/** An event or gateway that passes through and takes every outgoing flow. */
export const passThrough: Shared = {
  eventDefinitions: [],
  isNoneEventAllowed: true,
  isPassThrough: () => true,
  hasConditionalFlows: false,
  read: () => ({}),
  activate: () => ok(DONE_AT_ONCE),
  chooseFlows: (element) => ok(element.outgoing),
};

/** An activity that passes through. Several flows are an implicit fork, and each may carry a condition. */
export const passThroughActivity: Shared = { ...passThrough, hasConditionalFlows: true, chooseFlows: chooseTrueFlows };

/** An activity that waits for something from outside. */
export const waitingActivity: Omit<Shared, 'activate' | 'read'> = {
  eventDefinitions: [],
  isNoneEventAllowed: true,
  isPassThrough: () => false,
  hasConditionalFlows: true,
  chooseFlows: chooseTrueFlows,
};
