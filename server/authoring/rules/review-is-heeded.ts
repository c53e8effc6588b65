// Who reviews can say no, and the no leads back. A review whose outcome nobody reads is a stamp.

import { formRefOf } from '../steps.ts';
import { eachNode, finding, labelOf, text, type Rule } from './rule.ts';

export const reviewIsHeeded: Rule = {
  id: 'review-is-heeded',
  severity: 'error',
  fix: text(
    'Đặt sau bước này một rẽ nhánh hỏi kết quả: trả lại thì quay về soạn thảo.',
    'Put a choice behind it that asks for the outcome: returned leads back to drafting.',
  ),
  why: 'A return puts the document back to draft; a flow that goes on as if approved stops at the next step of the document.',
  check: eachNode((node) => {
    const reference = formRefOf(node);
    if (reference !== 'draft.review' && reference !== 'sign.personal') return null;
    const asks = node.outgoing.some(
      ({ target, condition }) =>
        condition?.includes('outcome') === true ||
        target.outgoing.some((edge) => edge.condition?.includes('outcome') === true),
    );
    if (asks) return null;
    return finding(
      node,
      text(
        `Kết quả “trả lại” của bước ${labelOf(node)} không được xét.`,
        `Nobody reads whether ${labelOf(node)} returned the document.`,
      ),
    );
  }),
};
