// Work of the system has somebody who does it. An unknown type would wait for ever and say nothing.

import { jobTypeOf } from '../steps.ts';
import { eachNode, finding, isStatic, labelOf, text, type Rule } from './rule.ts';

export const jobTypeKnown: Rule = {
  id: 'job-type-known',
  severity: 'error',
  fix: text('Chọn việc trong danh mục bước mẫu.', 'Choose the work from the catalogue of steps.'),
  why: 'A job whose type no handler and no known machine client serves is never taken.',
  check: eachNode((node, { context }) => {
    const type = jobTypeOf(node);
    if (!isStatic(type) || context.jobTypes === undefined || context.jobTypes.includes(type)) return null;
    return finding(
      node,
      text(
        `Bước ${labelOf(node)} gọi việc “${type}” mà hệ thống không có.`,
        `Step ${labelOf(node)} calls the work “${type}”, which the system does not have.`,
      ),
    );
  }),
};
