// Steps are acts: "Duyệt dự thảo", not "Lãnh đạo" and not "Dự thảo". A name that begins with a person or a thing is told.

import { isUserTask } from '../steps.ts';
import { eachNode, finding, labelOf, text, type Rule } from './rule.ts';

const NOUNS =
  /^(lãnh đạo|chuyên viên|văn thư|văn bản|dự thảo|phòng|người|chánh văn phòng|trưởng phòng|hồ sơ|bước)(\s|$)/iu;

export const textVerbFirst: Rule = {
  id: 'text-verb-first',
  severity: 'warning',
  fix: text('Đổi tên thành việc cần làm, động từ đứng trước.', 'Rename it to what is to be done, verb first.'),
  why: 'A task list reads as a list of acts. The rule knows the nouns that step names of offices begin with, so it may miss one but does not accuse wrongly.',
  check: eachNode((node) =>
    isUserTask(node) && node.name !== null && NOUNS.test(node.name)
      ? finding(
          node,
          text(`Tên bước ${labelOf(node)} chưa nói phải làm gì.`, `The name ${labelOf(node)} does not say what to do.`),
        )
      : null,
  ),
};
