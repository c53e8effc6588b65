// The parallel gateway forks over all outgoing flows. As a join it is entered only when every incoming flow has a
// token (BPMN 2.0.2, clause 13.4.1); that waiting happens before activation, in behaviors/take-flows.ts.

import { passThrough } from '../defaults.ts';
import type { ElementDefinition } from '../element-definition.ts';

export const parallelGateway: ElementDefinition = {
  ...passThrough,
  kind: 'parallelGateway',
  bpmnType: 'bpmn:ParallelGateway',
};
