// The inclusive gateway takes every flow whose condition is true, else the default flow (BPMN 2.0.2, clause 13.4.3).
// As a join it waits until no missing token can come any more; that is behaviors/joins.ts.

import { chooseTrueFlows } from '../choose-flows.ts';
import { passThrough } from '../defaults.ts';
import type { ElementDefinition } from '../element-definition.ts';

export const inclusiveGateway: ElementDefinition = {
  ...passThrough,
  kind: 'inclusiveGateway',
  bpmnType: 'bpmn:InclusiveGateway',
  hasConditionalFlows: true,
  chooseFlows: chooseTrueFlows,
};
