// All BPMN elements that the engine runs. An element that has no row here is refused at deployment by name.

import type { ElementKind } from '../types.ts';
import { callActivity } from './containers/call-activity.ts';
import { adHocSubProcess } from './containers/ad-hoc-sub-process.ts';
import { subProcess } from './containers/sub-process.ts';
import { transaction } from './containers/transaction.ts';
import type { ElementDefinition } from './element-definition.ts';
import { boundaryEvent } from './events/boundary-event.ts';
import { endEvent } from './events/end-event.ts';
import { intermediateCatchEvent } from './events/intermediate-catch-event.ts';
import { intermediateThrowEvent } from './events/intermediate-throw-event.ts';
import { startEvent } from './events/start-event.ts';
import { complexGateway } from './gateways/complex-gateway.ts';
import { eventBasedGateway } from './gateways/event-based-gateway.ts';
import { exclusiveGateway } from './gateways/exclusive-gateway.ts';
import { inclusiveGateway } from './gateways/inclusive-gateway.ts';
import { parallelGateway } from './gateways/parallel-gateway.ts';
import { businessRuleTask } from './tasks/business-rule-task.ts';
import { manualTask } from './tasks/manual-task.ts';
import { receiveTask } from './tasks/receive-task.ts';
import { scriptTask } from './tasks/script-task.ts';
import { sendTask } from './tasks/send-task.ts';
import { serviceTask } from './tasks/service-task.ts';
import { task } from './tasks/task.ts';
import { userTask } from './tasks/user-task.ts';

export const ELEMENTS: Readonly<Record<ElementKind, ElementDefinition>> = {
  startEvent,
  endEvent,
  intermediateCatchEvent,
  intermediateThrowEvent,
  boundaryEvent,
  task,
  manualTask,
  userTask,
  serviceTask,
  sendTask,
  scriptTask,
  businessRuleTask,
  receiveTask,
  subProcess,
  transaction,
  adHocSubProcess,
  callActivity,
  exclusiveGateway,
  parallelGateway,
  inclusiveGateway,
  eventBasedGateway,
  complexGateway,
};

const BY_BPMN_TYPE = new Map(Object.values(ELEMENTS).map((definition) => [definition.bpmnType, definition]));

export const findElementDefinition = (bpmnType: string): ElementDefinition | null => BY_BPMN_TYPE.get(bpmnType) ?? null;
