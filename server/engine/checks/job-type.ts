// Rule job-type: work that a worker does says which kind of worker does it.

import type { FlowElement } from '../types.ts';
import { checkElements, hasTrigger, isThrowing } from './check.ts';

export const jobType = checkElements('job-type', (element) =>
  needsJob(element) && element.job === null ? [`has no zeebe:taskDefinition type${alternativeOf(element)}`] : [],
);

function needsJob(element: FlowElement): boolean {
  switch (element.kind) {
    case 'serviceTask':
    case 'sendTask':
      return true;
    case 'scriptTask':
      return element.script === null;
    case 'businessRuleTask':
      return element.decision === null;
    default:
      return isThrowing(element) && hasTrigger(element, 'message');
  }
}

function alternativeOf({ kind }: FlowElement): string {
  if (kind === 'scriptTask') return ' and no zeebe:script expression';
  return kind === 'businessRuleTask' ? ' and no zeebe:calledDecision decisionId' : '';
}
