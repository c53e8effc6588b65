// The exclusive gateway takes the first flow whose condition is true, in the order of the model, else the default
// flow (BPMN 2.0.2, clause 13.4.2). It merges without waiting: each token passes on its own.

import type { Result } from '../../../shared/result.ts';
import { err, ok } from '../../../shared/result.ts';
import { extractBoolean } from '../../expressions/extract.ts';
import type { Failure } from '../../expressions/extract.ts';
import type { EvaluationContext } from '../../expressions/scope.ts';
import type { ExecutableProcess, FlowElement } from '../../types.ts';
import { passThrough } from '../defaults.ts';
import type { ElementDefinition } from '../element-definition.ts';

export const exclusiveGateway: ElementDefinition = {
  ...passThrough,
  kind: 'exclusiveGateway',
  bpmnType: 'bpmn:ExclusiveGateway',
  hasConditionalFlows: true,
  chooseFlows: chooseFlow,
};

function chooseFlow(
  element: FlowElement,
  process: ExecutableProcess,
  context: EvaluationContext,
): Result<readonly string[], Failure> {
  for (const flowId of element.outgoing) {
    if (flowId === element.defaultFlow) continue;
    const condition = process.flows[flowId]?.condition ?? null;
    if (condition === null) return ok([flowId]);
    const isTrue = extractBoolean(condition, context);
    if (!isTrue.ok) return isTrue;
    if (isTrue.value) return ok([flowId]);
  }
  if (element.defaultFlow !== null) return ok([element.defaultFlow]);
  if (element.outgoing.length === 0) return ok([]);
  return err({
    errorType: 'CONDITION_ERROR',
    message: `Expected at least one condition of '${element.id}' to be true, or a default flow, but there is none.`,
  });
}
