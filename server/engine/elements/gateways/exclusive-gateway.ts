// The exclusive gateway takes the first flow whose condition is true, in the order of the model, else the default
// flow (BPMN 2.0.2, clause 13.4.2). It merges without waiting: each token passes on its own.

import { chooseFirstFlow } from '../choose-flows.ts';
import { passThrough } from '../defaults.ts';
import type { ElementDefinition } from '../element-definition.ts';

export const exclusiveGateway: ElementDefinition = {
  ...passThrough,
  kind: 'exclusiveGateway',
  bpmnType: 'bpmn:ExclusiveGateway',
  hasConditionalFlows: true,
  chooseFlows: chooseFirstFlow,
};
