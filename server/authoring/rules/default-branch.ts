// A choice has a branch for everything else. Without one, a value that nobody thought of stops the document.

import { eachNode, finding, labelOf, text, type Rule } from './rule.ts';

export const defaultBranch: Rule = {
  id: 'default-branch',
  severity: 'error',
  fix: text('Chọn một nhánh làm nhánh “còn lại”.', 'Make one branch the default.'),
  why: 'When no condition is true and there is no default, the run stops with an incident (`CONDITION_ERROR`).',
  check: eachNode((node) => {
    if (node.type !== 'bpmn:ExclusiveGateway' && node.type !== 'bpmn:InclusiveGateway') return null;
    if (node.outgoing.length < 2 || node.outgoing.some((edge) => edge.isDefault)) return null;
    const open = node.outgoing.filter((edge) => edge.condition === null);
    const message = text(
      `Rẽ nhánh ${labelOf(node)} không có nhánh “còn lại”.`,
      `The choice ${labelOf(node)} has no default branch.`,
    );
    // Which branch is meant is certain only when exactly one has no condition.
    return open.length === 1 ? finding(node, message, open[0]?.id) : finding(node, message);
  }),
};
