// The engine's public face; nobody imports any other file of it.
// compileDefinitions: BPMN XML → executable processes. decide: command → events and next state. apply: one event
// onto a state. Everything is pure: no I/O, no clock, no randomness.

export * from './types.ts';
export { apply } from './state/apply.ts';
export { assertInvariants } from './invariants.ts';
export { compileDefinitions } from './model/compile-definitions.ts';
export { findProcessVariables } from './model/variable-usage.ts';
export type {
  OpenElement,
  ProcessVariables,
  VariableRead,
  VariableUsage,
  VariableWrite,
} from './model/variable-usage.ts';
export { decide } from './decide.ts';
export { previewMigration } from './migration/plan.ts';
export type { Migration, MigrationProblem } from './migration/plan.ts';
export { proposeMigration } from './migration/propose.ts';
export type { MigrationProposal, UnmappedElement } from './migration/propose.ts';
export { localVariables, visibleVariables } from './state/variables.ts';
export { findElementByWait } from './state/lookups.ts';
export { isStartConditionTrue, nextStartTimer, resolveStarts } from './starts.ts';
export type { ResolvedStart } from './starts.ts';
export { evaluateText, type EvaluatedText } from './expressions/evaluate-text.ts';
export { plusWorkingTime } from './expressions/calendar.ts';
export { compileDecisions, evaluateJson, textOfFinding } from './decisions/index.ts';
export type {
  DecisionInfo,
  DecisionModel,
  DecisionSource,
  Diagnostic,
  Evaluation as DecisionEvaluation,
  Finding,
  JsonDecision,
  JsonEvaluation,
  TableFindings,
} from './decisions/index.ts';
/** The extension elements of our own, for everybody who reads or writes models (the authoring package, the canvas). */
export { default as tramModdle } from './model/tram-moddle.json' with { type: 'json' };
