// A message that is waited for is one that somebody sends.

import { messageOf } from '../steps.ts';
import { eachNode, finding, isStatic, labelOf, text, type Rule } from './rule.ts';

export const messageKnown: Rule = {
  id: 'message-known',
  severity: 'warning',
  fix: text('Chọn thông điệp trong danh mục.', 'Choose the message from the catalogue.'),
  why: 'Nothing sends a message that stands in no catalogue; the wait would only end by its timer.',
  check: eachNode((node, { context }) => {
    const name = messageOf(node);
    if (!isStatic(name) || context.messageKinds?.every((kind) => kind.name !== name) !== true) return null;
    return finding(
      node,
      text(
        `Bước ${labelOf(node)} chờ thông điệp “${name}” không có trong danh mục.`,
        `Step ${labelOf(node)} waits for the message “${name}”, which is not in the catalogue.`,
      ),
    );
  }),
};
