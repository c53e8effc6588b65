// Trying things out: an expression, a decision, and conditions of start events, which start what they are true for.

import { evaluateText, type EvaluatedText, isStartConditionTrue, type Variables } from '../../engine/index.ts';
import { AppError } from '../../shared/app-error.ts';
import type { Key } from '../../shared/ids.ts';
import type { DecisionCatalog, StoredEvaluation } from '../decisions.ts';
import { listConditionalStarts } from '../store/definitions.ts';
import type { Caller, CommandDeps } from './caller.ts';

/** EXPRESSION_INVALID when it is not FEEL, or its evaluation failed. */
export function evaluateExpression(deps: CommandDeps, text: string, variables: Variables): EvaluatedText {
  const evaluated = evaluateText(text, variables, deps.clock.now());
  if (!evaluated.ok) {
    throw new AppError('rule', 'EXPRESSION_INVALID', `Failed to evaluate expression '${text}': ${evaluated.error}`);
  }
  return evaluated.value;
}

export type WantedDecision = { readonly key: Key } | { readonly decisionId: string };

export const evaluateDecision = (
  deps: CommandDeps & { readonly decisions: DecisionCatalog },
  wanted: WantedDecision,
  variables: Variables,
): Promise<StoredEvaluation> =>
  deps.transactions.run(async (tx) => {
    const decision = await deps.decisions.getDecision(tx, wanted);
    return deps.decisions.evaluate(tx, decision, { variables, origin: null });
  });

export interface ConditionRequest {
  readonly variables: Variables;
  readonly definitionKey: Key | null;
  readonly tenantId: string;
}

export interface ConditionalStart {
  readonly definitionKey: Key;
  readonly instanceKey: Key;
}

/** One instance for each conditional start event that is true. */
export async function evaluateConditions(
  deps: CommandDeps,
  caller: Caller,
  { variables, definitionKey, tenantId }: ConditionRequest,
): Promise<readonly ConditionalStart[]> {
  const definitions = await deps.transactions.run((tx) => listConditionalStarts(tx, definitionKey));
  const now = deps.clock.now();
  const started: ConditionalStart[] = [];
  for (const definition of definitions) {
    for (const start of definition.model.starts) {
      if (start.kind !== 'condition') continue;
      // A condition that fails is not true: it must not keep the others from being looked at.
      const isTrue = isStartConditionTrue(start.expression, variables, { now });
      if (!isTrue.ok || !isTrue.value) continue;
      const decision = await deps.steps.start({
        processId: definition.processId,
        definition,
        startElementId: start.elementId,
        tenantId,
        businessKey: null,
        variables,
        actorId: caller.actorId,
      });
      started.push({ definitionKey: definition.key, instanceKey: decision.state.key });
    }
  }
  return started;
}
