// Rule valid-expressions: every FEEL text of the model is readable. Values are only known at run time; a misspelt
// operator should not wait until then.

import { checkSyntax } from '../expressions/feel.ts';
import type { FlowElement, Trigger, ValueSource } from '../types.ts';
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
  const { multiInstance } = element;
  return [
    ...sourcesOf(element).map((source) => (source?.kind === 'feel' ? source.expression : null)),
    ...element.triggers.flatMap(expressionsOfTrigger),
    element.adHoc?.activeElements ?? null,
    element.adHoc?.completionCondition ?? null,
    element.standardLoop?.condition ?? null,
    element.script?.expression ?? null,
    element.activationCondition,
    // An empty collection is the finding of multi-instance-collection.
    multiInstance?.inputCollection || null,
    multiInstance?.outputElement ?? null,
    multiInstance?.completionCondition ?? null,
  ];
}

type Source = ValueSource | null | undefined;

function sourcesOf(element: FlowElement): readonly Source[] {
  const { job, userTask, call, decision } = element;
  return [
    ...[...element.inputs, ...element.outputs].map((mapping) => mapping.source),
    ...element.lateHandling.flatMap((rule) => [rule.after, rule.to]),
    ...[...element.startListeners, ...element.endListeners, ...element.taskListeners].flatMap((listener) => [
      listener.type,
      listener.retries,
    ]),
    job?.type,
    job?.retries,
    userTask?.assignee,
    userTask?.candidateGroups,
    userTask?.candidateUsers,
    userTask?.dueDate,
    userTask?.dueIn?.duration,
    userTask?.followUpDate,
    userTask?.priority,
    call?.processId,
    decision?.decisionId,
  ];
}

function expressionsOfTrigger(trigger: Trigger): readonly (string | null)[] {
  const of = (source: Source): string | null => (source?.kind === 'feel' ? source.expression : null);
  switch (trigger.kind) {
    case 'timer':
      return [of(trigger.timer.value)];
    case 'message':
      return [of(trigger.name), trigger.correlationKey];
    case 'signal':
      return [of(trigger.name)];
    case 'error':
    case 'escalation':
      return [of(trigger.code)];
    case 'condition':
      return [trigger.expression];
    default:
      return [];
  }
}
