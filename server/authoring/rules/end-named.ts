// An end says how the document ends. Reports and the timeline show that name to people.

import { isEnd } from '../steps.ts';
import { eachNode, finding, text, type Rule } from './rule.ts';

export const endNamed: Rule = {
  id: 'end-named',
  severity: 'warning',
  fix: text(
    'Đặt tên điểm kết thúc, ví dụ “Đã phát hành” hoặc “Đã huỷ”.',
    'Name the end, for example “Issued” or “Cancelled”.',
  ),
  why: 'A document that ends without a word leaves its reader guessing whether it was issued, returned or cancelled.',
  check: eachNode((node) =>
    isEnd(node) && node.name === null ? finding(node, text('Điểm kết thúc chưa có tên.', 'An end has no name.')) : null,
  ),
};
