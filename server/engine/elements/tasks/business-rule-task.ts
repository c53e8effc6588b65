// The business rule task asks for a decision (`zeebe:calledDecision`): the engine records the request, the runtime
// evaluates it and answers. With a task definition instead it is a job.

import { ok } from '../../../shared/result.ts';
import { extractText } from '../../expressions/extract.ts';
import { findExtension, readBinding, readText, readValueSource } from '../../model/source.ts';
import { waitingFor } from '../defaults.ts';
import type { ElementDefinition } from '../element-definition.ts';
import { jobActivity } from './job.ts';

export const businessRuleTask: ElementDefinition = {
  ...jobActivity,
  kind: 'businessRuleTask',
  bpmnType: 'bpmn:BusinessRuleTask',
  read: (source) => {
    const called = findExtension(source, 'zeebe:CalledDecision');
    const decisionId = called === null ? null : readValueSource(called, 'decisionId');
    if (called === null || decisionId === null) return jobActivity.read(source);
    const resultVariable = readText(called, 'resultVariable') ?? '';
    return { decision: { decisionId, resultVariable, binding: readBinding(called) } };
  },
  activate: (input) => {
    const { decision, id: elementId } = input.element;
    if (decision === null) return jobActivity.activate(input);
    const decisionId = extractText(decision.decisionId, input.context);
    if (!decisionId.ok) return decisionId;
    return ok(
      waitingFor({
        type: 'decision-requested',
        decisionKey: input.nextKey(),
        elementInstanceKey: input.key,
        elementId,
        decisionId: decisionId.value,
        binding: decision.binding,
        variables: input.context.scope.all(),
      }),
    );
  },
};
