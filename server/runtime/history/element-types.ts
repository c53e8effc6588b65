// The names that /v2 gives to kinds of elements. Kinds that its vocabulary does not know get the nearest word.

import type { ElementKind, ExecutableProcess, FlowElement } from '../../engine/index.ts';

export const ELEMENT_TYPES = [
  'UNSPECIFIED',
  'PROCESS',
  'SUB_PROCESS',
  'EVENT_SUB_PROCESS',
  'AD_HOC_SUB_PROCESS',
  'AD_HOC_SUB_PROCESS_INNER_INSTANCE',
  'START_EVENT',
  'INTERMEDIATE_CATCH_EVENT',
  'INTERMEDIATE_THROW_EVENT',
  'BOUNDARY_EVENT',
  'END_EVENT',
  'SERVICE_TASK',
  'RECEIVE_TASK',
  'USER_TASK',
  'MANUAL_TASK',
  'TASK',
  'EXCLUSIVE_GATEWAY',
  'INCLUSIVE_GATEWAY',
  'PARALLEL_GATEWAY',
  'EVENT_BASED_GATEWAY',
  'SEQUENCE_FLOW',
  'MULTI_INSTANCE_BODY',
  'CALL_ACTIVITY',
  'BUSINESS_RULE_TASK',
  'SCRIPT_TASK',
  'SEND_TASK',
  'UNKNOWN',
] as const;
export type ElementType = (typeof ELEMENT_TYPES)[number];

const TYPE_OF_KIND: Readonly<Record<ElementKind, ElementType>> = {
  startEvent: 'START_EVENT',
  endEvent: 'END_EVENT',
  intermediateCatchEvent: 'INTERMEDIATE_CATCH_EVENT',
  intermediateThrowEvent: 'INTERMEDIATE_THROW_EVENT',
  boundaryEvent: 'BOUNDARY_EVENT',
  task: 'TASK',
  manualTask: 'MANUAL_TASK',
  userTask: 'USER_TASK',
  serviceTask: 'SERVICE_TASK',
  sendTask: 'SEND_TASK',
  scriptTask: 'SCRIPT_TASK',
  businessRuleTask: 'BUSINESS_RULE_TASK',
  receiveTask: 'RECEIVE_TASK',
  subProcess: 'SUB_PROCESS',
  transaction: 'SUB_PROCESS',
  adHocSubProcess: 'AD_HOC_SUB_PROCESS',
  callActivity: 'CALL_ACTIVITY',
  exclusiveGateway: 'EXCLUSIVE_GATEWAY',
  parallelGateway: 'PARALLEL_GATEWAY',
  inclusiveGateway: 'INCLUSIVE_GATEWAY',
  eventBasedGateway: 'EVENT_BASED_GATEWAY',
  complexGateway: 'UNKNOWN',
};

export interface ElementDescription {
  readonly name: string;
  readonly type: ElementType;
}

/** `isBody`: the element instance that holds the rounds of a repeated activity. */
export function describeElement(
  process: ExecutableProcess | undefined,
  elementId: string,
  isBody: boolean,
): ElementDescription {
  const element = process?.elements[elementId];
  if (element === undefined) return { name: elementId, type: 'UNKNOWN' };
  return { name: element.name ?? elementId, type: isBody ? 'MULTI_INSTANCE_BODY' : typeOf(element) };
}

const typeOf = (element: FlowElement): ElementType =>
  element.container?.kind === 'event' ? 'EVENT_SUB_PROCESS' : TYPE_OF_KIND[element.kind];
