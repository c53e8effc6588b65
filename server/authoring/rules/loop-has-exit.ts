// A loop of returns can end: some branch leaves it.

import { loopsOf, nextOf } from '../walk.ts';
import { finding, labelOf, text, type Rule } from './rule.ts';

export const loopHasExit: Rule = {
  id: 'loop-has-exit',
  severity: 'error',
  fix: text(
    'Thêm nhánh ra khỏi vòng lặp, ví dụ “Huỷ dự thảo”.',
    'Add a branch that leaves the loop, for example “Cancel the draft”.',
  ),
  why: 'A document in a loop without an exit is returned for ever and never ends in issued, returned or cancelled.',
  check: ({ process, flow }) =>
    loopsOf(process, flow.byId).flatMap((loop) => {
      const [first] = loop;
      const isLoop = loop.size > 1 || (first !== undefined && nextOf(first).includes(first));
      if (first === undefined || !isLoop || [...loop].some((node) => nextOf(node).some((next) => !loop.has(next))))
        return [];
      const label = labelOf(first);
      return [finding(first, text(`Vòng lặp qua ${label} không có lối ra.`, `The loop through ${label} has no exit.`))];
    }),
};
