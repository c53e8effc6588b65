// Every path ends in issued, returned or cancelled: what is signed or numbered does not end unsent.

import { findCertain, mainEnds } from '../signing-path.ts';
import { finding, labelOf, text, type Rule } from './rule.ts';

export const endsDecided: Rule = {
  id: 'ends-decided',
  severity: 'error',
  fix: text(
    'Nối nhánh này tới bước gửi, hoặc quay lại soạn thảo.',
    'Lead this branch to dispatch, or back to drafting.',
  ),
  why: 'A number that was used for a document nobody got leaves a gap in the register that the clerk has to explain.',
  check: ({ process, flow }) => {
    const { after } = findCertain(process, flow);
    return mainEnds(process)
      .filter((node) => after.get(node)?.has('numbered') === true && !after.get(node)?.has('sent'))
      .map((node) =>
        finding(
          node,
          text(
            `Đường đi tới ${labelOf(node)} kết thúc với văn bản đã cấp số mà chưa gửi.`,
            `The path to ${labelOf(node)} ends with a numbered document that was not sent.`,
          ),
        ),
      );
  },
};
