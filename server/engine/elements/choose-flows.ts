// Choosing between outgoing flows: the first true one (exclusive) or all true ones (inclusive, activities). Nothing
// true and no default flow is an incident: a token never vanishes because a condition was forgotten.

import type { Result } from '../../shared/result.ts';
import { err, ok } from '../../shared/result.ts';
import { extractBoolean } from '../expressions/extract.ts';
import type { Failure } from '../expressions/extract.ts';
import type { EvaluationContext } from '../expressions/scope.ts';
import type { ExecutableProcess, FlowElement } from '../types.ts';

type Choice = Result<readonly string[], Failure>;

export function chooseFirstFlow(element: FlowElement, process: ExecutableProcess, context: EvaluationContext): Choice {
  for (const flowId of element.outgoing) {
    if (flowId === element.defaultFlow) continue;
    const condition = process.flows[flowId]?.condition ?? null;
    if (condition === null) return ok([flowId]);
    const isTrue = extractBoolean(condition, context);
    if (!isTrue.ok) return isTrue;
    if (isTrue.value) return ok([flowId]);
  }
  return otherwise(element);
}

/** Flows without condition are always taken; the default flow only when no other is. */
export function chooseTrueFlows(element: FlowElement, process: ExecutableProcess, context: EvaluationContext): Choice {
  const taken: string[] = [];
  for (const flowId of element.outgoing) {
    if (flowId === element.defaultFlow) continue;
    const condition = process.flows[flowId]?.condition ?? null;
    const isTrue = condition === null ? ok(true) : extractBoolean(condition, context);
    if (!isTrue.ok) return isTrue;
    if (isTrue.value) taken.push(flowId);
  }
  return taken.length > 0 ? ok(taken) : otherwise(element);
}

function otherwise(element: FlowElement): Choice {
  if (element.defaultFlow !== null) return ok([element.defaultFlow]);
  if (element.outgoing.length === 0) return ok([]);
  return err({
    errorType: 'CONDITION_ERROR',
    message: `Expected at least one condition of '${element.id}' to be true, or a default flow, but there is none.`,
  });
}
