// A condition about a document type names one that is valid on the effective date.

import { finding, labelOf, text, type Rule } from './rule.ts';

const COMPARED = /documentTypeId\s*=\s*"([^"]*)"/g;

export const typeExists: Rule = {
  id: 'type-exists',
  severity: 'error',
  fix: text('Chọn loại văn bản trong danh mục.', 'Choose the document type from the catalogue.'),
  why: 'A condition about a type that does not exist is never true, and its branch is dead.',
  check: ({ process, context }) =>
    process.edges.flatMap((edge) => {
      const { documentTypes } = context;
      if (edge.condition === null || documentTypes === undefined) return [];
      const unknown = [...edge.condition.matchAll(COMPARED)]
        .flatMap(([, code]) => code ?? [])
        .find((code) => !documentTypes.includes(code));
      if (unknown === undefined) return [];
      const message = text(
        `Điều kiện sau ${labelOf(edge.source)} hỏi loại văn bản “${unknown}” không có hiệu lực.`,
        `A condition after ${labelOf(edge.source)} asks for the document type “${unknown}”, which is not valid.`,
      );
      return [{ ...finding(edge.source, message), elementId: edge.id }];
    }),
};
