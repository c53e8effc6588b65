// A screen that a step names exists. An unknown one would show the generic screen and run no command of the document.

import { formRefOf, isUserTask } from '../steps.ts';
import { eachNode, finding, isStatic, labelOf, text, type Rule } from './rule.ts';

export const formKnown: Rule = {
  id: 'form-known',
  severity: 'error',
  fix: text('Chọn mẫu ở mục “Mẫu nào”.', 'Choose the screen under “Form”.'),
  why: '`tram:sing.personal` for `tram:sign.personal` would quietly become a step that signs nothing.',
  check: eachNode((node, { context }) => {
    const reference = isUserTask(node) ? formRefOf(node) : null;
    if (!isStatic(reference) || context.formRefs === undefined || context.formRefs.includes(reference)) return null;
    return finding(
      node,
      text(
        `Bước ${labelOf(node)} dùng mẫu “${reference}” không có trong danh mục.`,
        `Step ${labelOf(node)} uses the screen “${reference}”, which is not in the catalogue.`,
      ),
    );
  }),
};
