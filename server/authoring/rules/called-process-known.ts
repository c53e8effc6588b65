// A flow that is called exists, in the same publication or in the installation.

import { calledProcessOf } from '../steps.ts';
import { eachNode, finding, isStatic, labelOf, text, type Rule } from './rule.ts';

export const calledProcessKnown: Rule = {
  id: 'called-process-known',
  severity: 'error',
  fix: text('Chọn quy trình con trong danh mục.', 'Choose the called process from the catalogue.'),
  why: 'A call of a process that does not exist stops the document with an incident (`CALLED_ELEMENT_ERROR`).',
  check: eachNode((node, { flow, context }) => {
    const called = calledProcessOf(node);
    if (!isStatic(called) || context.processIds === undefined) return null;
    if (context.processIds.includes(called) || flow.processes.some(({ id }) => id === called)) return null;
    return finding(
      node,
      text(
        `Bước ${labelOf(node)} gọi quy trình “${called}” không có.`,
        `Step ${labelOf(node)} calls the process “${called}”, which does not exist.`,
      ),
    );
  }),
};
