// What most elements have in common, so that an element's file shows only what is special about it.

import { ok } from '../../shared/result.ts';
import type { EngineEvent } from '../types.ts';
import type { Activation, ElementDefinition } from './element-definition.ts';

export const DONE_AT_ONCE: Activation = { opens: [], isDone: true };

export const waitingFor = (...opens: readonly EngineEvent[]): Activation => ({ opens, isDone: false });

/** Passes through and takes every outgoing flow (BPMN 2.0.2, clause 13.2.1: several flows are an implicit fork). */
export const passThrough: Omit<ElementDefinition, 'kind' | 'bpmnType'> = {
  eventDefinitions: [],
  isPassThrough: true,
  hasConditionalFlows: false,
  read: () => ({}),
  activate: () => ok(DONE_AT_ONCE),
  chooseFlows: (element) => ok(element.outgoing),
};

/** Waits for something from outside. */
export const waiting: Omit<ElementDefinition, 'kind' | 'bpmnType' | 'activate' | 'read'> = {
  eventDefinitions: [],
  isPassThrough: false,
  hasConditionalFlows: false,
  chooseFlows: (element) => ok(element.outgoing),
};
