// The form of a domain rule: one file, one sentence of what is wrong, one of how to mend it, and why the rule exists.
// docs/lint.md is generated from these fields, so a rule without its reasons cannot be added.

import type { FlowFile, FlowNode, FlowProcess } from '../read-flow.ts';
import type { FlowContext, Severity, Text } from '../types.ts';

export interface Finding {
  readonly elementId: string;
  readonly message: Text;
  /** What `applyFix` needs beside rule and element; absent when only a person can decide. */
  readonly fix?: string;
}

export interface RuleInput {
  readonly flow: FlowFile;
  readonly process: FlowProcess;
  readonly context: FlowContext;
}

export interface Rule {
  readonly id: string;
  readonly severity: Severity;
  readonly fix: Text;
  /** For the page: the reason, with the source where there is one. */
  readonly why: string;
  readonly check: (input: RuleInput) => readonly Finding[];
}

export const text = (vi: string, en: string): Text => ({ vi, en });

/** How a step is named in a sentence; the id when nobody has named it. */
export const labelOf = (node: FlowNode): string => `“${node.name ?? node.id}”`;

export const finding = (node: FlowNode, message: Text, fix?: string): Finding => ({
  elementId: node.id,
  message,
  ...(fix === undefined ? {} : { fix }),
});

/** A rule that looks at one node at a time; null where all is well. */
export const eachNode =
  (judge: (node: FlowNode, input: RuleInput) => Finding | null) =>
  (input: RuleInput): readonly Finding[] =>
    input.process.nodes.flatMap((node) => judge(node, input) ?? []);

/** Static texts only: an expression is known when the flow runs. */
export const isStatic = (value: string | null): value is string => value !== null && !value.startsWith('=');
