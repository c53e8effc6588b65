// All BPMN elements that the engine runs. An element that has no row here is refused at deployment by name.

import type { ElementKind } from '../types.ts';
import { callActivity } from './containers/call-activity.ts';
import type { ElementDefinition } from './element-definition.ts';
import { boundaryEvent } from './events/boundary-event.ts';
import { endEvent } from './events/end-event.ts';
import { intermediateCatchEvent } from './events/intermediate-catch-event.ts';
import { startEvent } from './events/start-event.ts';
import { exclusiveGateway } from './gateways/exclusive-gateway.ts';
import { parallelGateway } from './gateways/parallel-gateway.ts';
import { manualTask } from './tasks/manual-task.ts';
import { receiveTask } from './tasks/receive-task.ts';
import { serviceTask } from './tasks/service-task.ts';
import { task } from './tasks/task.ts';
import { userTask } from './tasks/user-task.ts';

export const ELEMENTS: Readonly<Record<ElementKind, ElementDefinition>> = {
  startEvent,
  endEvent,
  intermediateCatchEvent,
  boundaryEvent,
  task,
  manualTask,
  userTask,
  serviceTask,
  receiveTask,
  callActivity,
  exclusiveGateway,
  parallelGateway,
};

const BY_BPMN_TYPE = new Map(Object.values(ELEMENTS).map((definition) => [definition.bpmnType, definition]));

export const findElementDefinition = (bpmnType: string): ElementDefinition | null => BY_BPMN_TYPE.get(bpmnType) ?? null;
