// Whoever drafted a document is not the one who approves it.

import { assignmentOf, formRefOf } from '../steps.ts';
import { eachNode, finding, labelOf, text, type Rule } from './rule.ts';

const withoutBlanks = (value: string | null): string | null => value?.replace(/\s/g, '') ?? null;

export const noSelfApprove: Rule = {
  id: 'no-self-approve',
  severity: 'error',
  fix: text(
    'Giao bước duyệt cho người khác, ví dụ lãnh đạo.',
    'Give the approval to somebody else, for example a leader.',
  ),
  why: 'Four eyes: approval by the drafter is no approval (NĐ 30/2020 Đ11, the head of the unit answers for the content).',
  check: eachNode((node, { process }) => {
    if (formRefOf(node) !== 'draft.review') return null;
    const approver = withoutBlanks(assignmentOf(node));
    const drafters = process.nodes
      .filter((each) => formRefOf(each) === 'draft.prepare')
      .map((each) => withoutBlanks(assignmentOf(each)));
    const isSame = approver !== null && (approver === '=drafterId' || drafters.includes(approver));
    if (!isSame) return null;
    return finding(
      node,
      text(
        `Ở bước ${labelOf(node)} người soạn tự duyệt.`,
        `In step ${labelOf(node)} the drafter approves their own draft.`,
      ),
    );
  }),
};
