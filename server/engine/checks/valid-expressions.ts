// Rule valid-expressions: every FEEL text of the model is readable. Values are only known at run time; a misspelt
// operator should not wait until then.

import { checkSyntax } from '../expressions/feel.ts';
import type { FlowElement, ValueSource } from '../types.ts';
import { checkProcesses, elementsOf } from './check.ts';
import type { Finding } from './check.ts';

export const validExpressions = checkProcesses('valid-expressions', (model) => {
  const conditions = Object.values(model.process.flows).flatMap((flow) => findingsOf(flow.id, [flow.condition]));
  const elements = elementsOf(model).flatMap((element) => findingsOf(element.id, expressionsOf(element)));
  return [...conditions, ...elements];
});

function findingsOf(elementId: string, expressions: readonly (string | null)[]): readonly Finding[] {
  return expressions.flatMap((expression) => {
    const fault = expression === null ? null : checkSyntax(expression);
    return fault === null ? [] : [{ elementId, message: `The expression '${expression}' is not FEEL: ${fault}.` }];
  });
}

function expressionsOf(element: FlowElement): readonly (string | null)[] {
  const { job, userTask, call, message, timer, multiInstance } = element;
  const sources: readonly (ValueSource | null | undefined)[] = [
    ...[...element.inputs, ...element.outputs].map((mapping) => mapping.source),
    job?.type,
    job?.retries,
    userTask?.assignee,
    userTask?.candidateGroups,
    userTask?.candidateUsers,
    userTask?.dueDate,
    userTask?.followUpDate,
    userTask?.priority,
    call?.processId,
    message?.name,
    timer?.value,
  ];
  return [
    ...sources.map((source) => (source?.kind === 'feel' ? source.expression : null)),
    message?.correlationKey ?? null,
    // An empty collection is the finding of multi-instance-collection.
    multiInstance?.inputCollection || null,
    multiInstance?.outputElement ?? null,
    multiInstance?.completionCondition ?? null,
  ];
}
