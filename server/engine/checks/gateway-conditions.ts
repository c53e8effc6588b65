// Rule gateway-conditions: where a gateway must choose, every flow but the default says when it is taken; where
// nothing is chosen, a condition would be ignored and is refused.

import { ELEMENTS } from '../elements/index.ts';
import type { CompiledModel } from '../model/compile.ts';
import type { FlowElement, SequenceFlow } from '../types.ts';
import { ACTIVITIES } from './boundary-attachment.ts';
import { checkProcesses, elementsOf, nameOf } from './check.ts';
import type { Finding } from './check.ts';

export const gatewayConditions = checkProcesses('gateway-conditions', (model) =>
  elementsOf(model).flatMap((element) => {
    if (!ELEMENTS[element.kind].hasConditionalFlows) return strayConditions(model, element);
    // Unconditional flows of an activity are always taken.
    return ACTIVITIES.has(element.kind) ? [] : missingConditions(model, element);
  }),
);

const flowsOf = ({ process }: CompiledModel, element: FlowElement): readonly SequenceFlow[] =>
  element.outgoing.flatMap((flowId) => process.flows[flowId] ?? []);

function missingConditions(model: CompiledModel, element: FlowElement): readonly Finding[] {
  // A complex gateway may fork over all its flows, like a parallel one.
  if (element.outgoing.length < 2 || element.kind === 'complexGateway') return [];
  return flowsOf(model, element)
    .filter((flow) => flow.id !== element.defaultFlow && flow.condition === null)
    .map((flow) => ({
      elementId: flow.id,
      message: `Sequence flow '${flow.id}' leaves ${nameOf(element)} and needs a condition, or must be the default flow.`,
    }));
}

function strayConditions(model: CompiledModel, element: FlowElement): readonly Finding[] {
  return flowsOf(model, element)
    .filter((flow) => flow.condition !== null)
    .map((flow) => ({
      elementId: flow.id,
      message: `Sequence flow '${flow.id}' leaves ${nameOf(element)}, which does not look at conditions.`,
    }));
}
