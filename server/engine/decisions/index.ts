// The public face of decisions: compile files to a frozen model, evaluate a decision or call a function of it, check its
// tables. Everything else in this folder is reached through these functions.

export { compileDecisions } from './compile-decisions.ts';
export type {
  DecisionInfo,
  DecisionModel,
  DecisionSource,
  Evaluation,
  EvaluationRequest,
  TableFindings,
} from './compile-decisions.ts';
export type { Diagnostic, DiagnosticRule } from './diagnostics.ts';
export type * from './evaluate/trace.ts';
export type { Finding, FindingKind, RegionPart } from './table/check-table.ts';
export { textOfFinding } from './table/finding-texts.ts';
export { evaluateJson } from './evaluate/json.ts';
export type { JsonDecision, JsonEvaluation, JsonMatchedRule, JsonRequest, JsonValue } from './evaluate/json.ts';
