// A step has a name, because inboxes, timelines and the description in words show nothing else.

import { eachNode, finding, text, type Rule } from './rule.ts';

export const stepNamed: Rule = {
  id: 'step-named',
  severity: 'warning',
  fix: text('Đặt tên bước, bắt đầu bằng động từ.', 'Name the step, beginning with a verb.'),
  why: 'An inbox that shows an identifier tells nobody what to do.',
  check: eachNode((node) =>
    (/Task$/.test(node.type) || node.type === 'bpmn:CallActivity') && node.name === null
      ? finding(node, text(`Bước ${node.id} chưa đặt tên.`, `Step ${node.id} has no name.`))
      : null,
  ),
};
