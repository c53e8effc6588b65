// Rule gateway-conditions: where a gateway must choose, every flow but the default says when it is taken; where
// nothing is chosen, a condition would be ignored and is refused.

import { ELEMENTS } from '../elements/index.ts';
import type { CompiledModel } from '../model/compile.ts';
import type { FlowElement, SequenceFlow } from '../types.ts';
import { checkProcesses, elementsOf, nameOf } from './check.ts';
import type { Finding } from './check.ts';

export const gatewayConditions = checkProcesses('gateway-conditions', (model) =>
  elementsOf(model).flatMap((element) =>
    ELEMENTS[element.kind].hasConditionalFlows ? missingConditions(model, element) : strayConditions(model, element),
  ),
);

const flowsOf = ({ process }: CompiledModel, element: FlowElement): readonly SequenceFlow[] =>
  element.outgoing.flatMap((flowId) => process.flows[flowId] ?? []);

function missingConditions(model: CompiledModel, element: FlowElement): readonly Finding[] {
  if (element.outgoing.length < 2) return [];
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
