// The complex gateway fires when its activation condition is true (BPMN 2.0.2, clause 13.4.5), for example "two of
// three". Counting tokens and the reset for the next round are behaviors/joins.ts; outgoing flows are chosen as by
// an inclusive gateway. Without activation condition it joins like a parallel gateway.

import { readExpression, feelOf } from '../../model/source.ts';
import { chooseTrueFlows } from '../choose-flows.ts';
import { passThrough } from '../defaults.ts';
import type { ElementDefinition } from '../element-definition.ts';

export const complexGateway: ElementDefinition = {
  ...passThrough,
  kind: 'complexGateway',
  bpmnType: 'bpmn:ComplexGateway',
  hasConditionalFlows: true,
  read: (source) => {
    const condition = readExpression(source, 'activationCondition');
    return { activationCondition: condition === null ? null : feelOf(condition) };
  },
  chooseFlows: chooseTrueFlows,
};
