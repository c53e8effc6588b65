// Decisions for those who speak JSON: the runtime, the interface, the command line. Variables go in and results come out as
// JSON; what has no JSON form (a function) and what breaks a rule of the model becomes a failure with the decision's id.

import type { Json, Variables } from '../../types/json.ts';
import type { Instant } from '../../../shared/time.ts';
import type { Result } from '../../../shared/result.ts';
import { err, ok } from '../../../shared/result.ts';
import { fromJson, toJson, type Value } from '../feel.ts';
import type { DecisionModel, Evaluation } from '../compile-decisions.ts';
import type { DecisionTrace, MatchedRuleTrace, NamedTraceValue, RefusedRuleTrace, WarningRule } from './trace.ts';

export interface JsonRequest {
  /** Id or name. */
  readonly decision: string;
  readonly variables: Variables;
  readonly now: Instant;
  /** Tell for every row of every table why it did not match. */
  readonly isExplained?: boolean;
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

/** Why a row did not match: its first cell that refused. */
export interface JsonRefusedRule {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly input: string;
  readonly cell: string;
  readonly value: Json;
}

export interface JsonDecision {
  readonly decisionId: string;
  readonly decisionName: string;
  readonly type: DecisionTrace['type'];
  readonly inputs: readonly JsonValue[];
  readonly matchedRules: readonly JsonMatchedRule[];
  /** What the decision requires, by name. */
  readonly requirements: readonly { readonly name: string; readonly value: Json }[];
  /** null when the decision is no table. */
  readonly hitPolicy: string | null;
  /** Only of an explained evaluation. */
  readonly refusedRules: readonly JsonRefusedRule[];
  readonly result: Json;
  readonly failure: string | null;
}

export interface JsonEvaluation {
  /** null when it failed. */
  readonly output: Json;
  readonly failure: { readonly decisionId: string; readonly message: string } | null;
  /** In the order of evaluation; the decision that was asked for is the last. */
  readonly decisions: readonly JsonDecision[];
  /** What made parts of it null, in words. */
  readonly warnings: readonly string[];
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
  const { decision, variables, now, isExplained = false } = request;
  const inputs = new Map(Object.entries(variables).map(([name, value]): [string, Value] => [name, fromJson(value)]));
  const evaluated = model.evaluate({ decision, inputs: model.readInputs(inputs), now, isOpen: true, isExplained });
  return evaluated.ok ? ok(toJsonEvaluation(evaluated.value)) : err(evaluated.error);
}

function toJsonEvaluation({ value, warnings, decisions }: Evaluation): JsonEvaluation {
  const failureOf = (decisionId: string): string | null => {
    const own = warnings.find((warning) => warning.decisionId === decisionId && FAILURES.has(warning.rule));
    return own?.message ?? null;
  };
  const output = toJson(value);
  const told = warnings.map(({ message }) => message);
  const written = decisions.map((trace) => toJsonDecision(trace, failureOf(trace.decisionId)));
  const failed = written.find(({ failure }) => failure !== null);
  if (failed !== undefined) {
    return {
      output: null,
      failure: { decisionId: failed.decisionId, message: failed.failure ?? '' },
      decisions: written,
      warnings: told,
    };
  }
  if (output.ok) return { output: output.value, failure: null, decisions: written, warnings: told };
  const decisionId = written.at(-1)?.decisionId ?? '';
  return { output: null, failure: { decisionId, message: output.error }, decisions: written, warnings: told };
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

const refused = ({ ruleId, ruleIndex, input, cell, value }: RefusedRuleTrace): JsonRefusedRule => ({
  ruleId,
  ruleIndex,
  input: input.name,
  cell,
  value: jsonOf(value),
});

function toJsonDecision(trace: DecisionTrace, failure: string | null): JsonDecision {
  const { decisionId, decisionName, type, requirements, tables, result } = trace;
  const table = type === 'DECISION_TABLE' ? tables.at(-1) : undefined;
  return {
    decisionId,
    decisionName,
    type,
    inputs: table?.inputs.map(named) ?? [],
    matchedRules: table?.matchedRules.map(matched) ?? [],
    requirements: requirements.map(({ name, value }) => ({ name, value: jsonOf(value) })),
    hitPolicy: table?.hitPolicy ?? null,
    refusedRules: table?.refusedRules.map(refused) ?? [],
    result: jsonOf(result),
    failure,
  };
}
