// The authoring package: what is wrong with a flow, the flow in words, what changed, and one-click fixes. Pure and free of
// Node, because the same code answers in the browser's web worker and on the server; nobody imports any other file of it.

export type * from './types.ts';
export { applyFix, applyOperations } from './fixes.ts';
export { checkFlow } from './check-flow.ts';
export { HIT_POLICY_TEXTS } from './check-decision.ts';
export { compareFlows } from './compare-flows.ts';
export type { ChangeKind, FlowChange, FlowComparison } from './compare-flows.ts';
export { describeFlow } from './describe-flow.ts';
export type { DescribeOptions, Description, Sentence } from './describe-flow.ts';
export type { ReadRefusal } from './read-flow.ts';
export { RULES } from './rules/index.ts';
export type { Rule } from './rules/rule.ts';
