// Signatures are verified before a document leaves the house; a damaged file is found here and not by the recipient.

import { factOf } from '../signing-path.ts';
import { jobTypeOf } from '../steps.ts';
import { finding, text, type Rule } from './rule.ts';

export const verifyBeforeSend: Rule = {
  id: 'verify-before-send',
  severity: 'warning',
  fix: text('Thêm bước “Kiểm tra hai chữ ký” sau bước đóng dấu.', 'Add “Verify both signatures” behind the seal.'),
  why: 'A recipient refuses a file whose signature does not verify (QĐ 28/2018 Đ7); finding it first costs seconds.',
  check: ({ process }) => {
    const seal = process.nodes.find((node) => factOf(node) === 'sealed');
    if (seal === undefined || process.nodes.some((node) => jobTypeOf(node) === 'sign.verify')) return [];
    return [
      finding(
        seal,
        text('Luồng không kiểm tra chữ ký trước khi gửi.', 'The flow does not verify signatures before sending.'),
      ),
    ];
  },
};
