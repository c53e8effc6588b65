// Every step of a person has an end in sight: a due date, late handling or a timer at its border.

import { dueDateOf, dueInOf, isUserTask, lateStepsOf, timerOf } from '../steps.ts';
import { eachNode, finding, labelOf, text, type Rule } from './rule.ts';

export const deadlineSet: Rule = {
  id: 'deadline-set',
  severity: 'warning',
  fix: text('Đặt thời hạn ở mục “Trong bao lâu” (giờ hành chính).', 'Set a limit under “How long” (working time).'),
  why: 'A step without a limit is never late, so nobody is reminded (QĐ 28/2018 Đ6 asks for sending within the working day).',
  check: eachNode((node) => {
    if (!isUserTask(node) || dueInOf(node) !== null || dueDateOf(node) !== null || lateStepsOf(node).length > 0)
      return null;
    if (node.boundary.some((event) => timerOf(event) !== null)) return null;
    return finding(
      node,
      text(`Bước ${labelOf(node)} chưa có thời hạn.`, `Step ${labelOf(node)} has no deadline.`),
      'due',
    );
  }),
};
