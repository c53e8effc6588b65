// Decisions for those who speak JSON: the runtime, the interface, the command line. Variables go in and results come out as
// JSON; what has no JSON form (a function) and what breaks a rule of the model becomes a failure with the decision's id.

import type { Json, Variables } from '../../types/json.ts';
import type { Instant } from '../../../shared/time.ts';
import type { Result } from '../../../shared/result.ts';
import { err, ok } from '../../../shared/result.ts';
import { fromJson, toJson, type Value } from '../feel.ts';
import type { DecisionModel, Evaluation } from '../compile-decisions.ts';
import type { DecisionTrace, MatchedRuleTrace, NamedTraceValue, WarningRule } from './trace.ts';

export interface JsonRequest {
  /** Id or name. */
  readonly decision: string;
  readonly variables: Variables;
  readonly now: Instant;
}

export interface JsonValue {
  readonly id: string;
  readonly name: string;
  readonly value: Json;
}

export interface JsonMatchedRule {
  readonly ruleId: string;
  /** From 1. */
  readonly ruleIndex: number;
  readonly outputs: readonly JsonValue[];
}

export interface JsonDecision {
  readonly decisionId: string;
  readonly decisionName: string;
  readonly type: DecisionTrace['type'];
  readonly inputs: readonly JsonValue[];
  readonly matchedRules: readonly JsonMatchedRule[];
  readonly result: Json;
  readonly failure: string | null;
}

export interface JsonEvaluation {
  /** null when it failed. */
  readonly output: Json;
  readonly failure: { readonly decisionId: string; readonly message: string } | null;
  /** In the order of evaluation; the decision that was asked for is the last. */
  readonly decisions: readonly JsonDecision[];
}

/**
 * A violated hit policy, a value outside of its allowed values or an endless call would otherwise look like an honest
 * null, and the process would go on with it. A value of the wrong type is null by the standard's own rules.
 */
const FAILURES: ReadonlySet<WarningRule> = new Set([
  'hit-policy',
  'value-not-allowed',
  'call-depth',
  'cyclic-requirement',
  'failed-expression',
]);

export function evaluateJson(model: DecisionModel, request: JsonRequest): Result<JsonEvaluation, 'decision-unknown'> {
  const { decision, variables, now } = request;
  const inputs = new Map(Object.entries(variables).map(([name, value]): [string, Value] => [name, fromJson(value)]));
  const evaluated = model.evaluate({ decision, inputs, now, isOpen: true });
  return evaluated.ok ? ok(toJsonEvaluation(evaluated.value)) : err(evaluated.error);
}

function toJsonEvaluation({ value, warnings, decisions }: Evaluation): JsonEvaluation {
  const failureOf = (decisionId: string): string | null => {
    const own = warnings.find((warning) => warning.decisionId === decisionId && FAILURES.has(warning.rule));
    return own?.message ?? null;
  };
  const output = toJson(value);
  const written = decisions.map((trace) => toJsonDecision(trace, failureOf(trace.decisionId)));
  const failed = written.find(({ failure }) => failure !== null);
  if (failed !== undefined) {
    return {
      output: null,
      failure: { decisionId: failed.decisionId, message: failed.failure ?? '' },
      decisions: written,
    };
  }
  if (output.ok) return { output: output.value, failure: null, decisions: written };
  const decisionId = written.at(-1)?.decisionId ?? '';
  return { output: null, failure: { decisionId, message: output.error }, decisions: written };
}

/** What cannot be written as JSON (a function as an intermediate result) is told in words. */
const jsonOf = (value: Value): Json => {
  const written = toJson(value);
  return written.ok ? written.value : `(${written.error})`;
};

const named = ({ id, name, value }: NamedTraceValue): JsonValue => ({ id, name, value: jsonOf(value) });

const matched = ({ ruleId, ruleIndex, outputs }: MatchedRuleTrace): JsonMatchedRule => ({
  ruleId,
  ruleIndex,
  outputs: outputs.map(named),
});

function toJsonDecision(trace: DecisionTrace, failure: string | null): JsonDecision {
  const { decisionId, decisionName, type, tables, result } = trace;
  const table = type === 'DECISION_TABLE' ? tables.at(-1) : undefined;
  return {
    decisionId,
    decisionName,
    type,
    inputs: table?.inputs.map(named) ?? [],
    matchedRules: table?.matchedRules.map(matched) ?? [],
    result: jsonOf(result),
    failure,
  };
}
