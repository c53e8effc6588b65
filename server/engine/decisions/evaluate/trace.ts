// What is told about an evaluation: values that went in, rows that matched and why the others did not, what came out.
// Values are FEEL values; `render` and the runtime turn them into text and JSON.

import type { Value } from '../feel.ts';

export type WarningRule =
  | 'type-mismatch'
  | 'value-not-allowed'
  | 'hit-policy'
  | 'call-depth'
  | 'cyclic-requirement'
  | 'not-supported'
  /** An expression that failed on purpose: `assert`. */
  | 'failed-expression'
  | 'feel';

export interface Warning {
  readonly rule: WarningRule;
  readonly elementId: string | null;
  /** The decision that was being evaluated. */
  readonly decisionId: string | null;
  readonly message: string;
}

export interface NamedTraceValue {
  readonly id: string;
  readonly name: string;
  readonly value: Value;
}

export interface MatchedRuleTrace {
  readonly ruleId: string;
  /** From 1. */
  readonly ruleIndex: number;
  readonly outputs: readonly NamedTraceValue[];
}

/** Why a row did not match: its first cell that refused. */
export interface RefusedRuleTrace {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly input: { readonly id: string; readonly name: string };
  readonly cell: string;
  readonly value: Value;
}

export interface TableTrace {
  readonly tableId: string | null;
  readonly hitPolicy: string;
  readonly inputs: readonly NamedTraceValue[];
  readonly matchedRules: readonly MatchedRuleTrace[];
  /** Only of an explained run. */
  readonly refusedRules: readonly RefusedRuleTrace[];
  readonly result: Value;
}

export type DecisionType = 'DECISION_TABLE' | 'LITERAL_EXPRESSION' | 'BOXED_EXPRESSION' | 'NONE';

export interface DecisionTrace {
  readonly decisionId: string;
  readonly decisionName: string;
  readonly type: DecisionType;
  /** What the decision requires, by name. */
  readonly requirements: readonly { readonly name: string; readonly value: Value }[];
  readonly tables: readonly TableTrace[];
  readonly result: Value;
}
