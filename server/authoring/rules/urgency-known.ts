// A condition on urgency compares with a level that exists; a misspelt level is a dead branch for the most urgent documents.

import { finding, labelOf, text, type Rule } from './rule.ts';

export const URGENCIES = ['normal', 'urgent', 'very_urgent', 'most_urgent'] as const;
const COMPARED = /urgency\s*=\s*"([^"]*)"/g;
const isLevel = (value: string): boolean => URGENCIES.some((level) => level === value);

export const urgencyKnown: Rule = {
  id: 'urgency-known',
  severity: 'error',
  fix: text('Chọn mức độ khẩn trong danh mục.', 'Choose the urgency from the list.'),
  why: 'Urgency levels are fixed (NĐ 30/2020 PL I): normal, urgent, very urgent, most urgent. A misspelt level is never equal.',
  check: ({ process }) =>
    process.edges.flatMap((edge) => {
      const wrong = [...(edge.condition ?? '').matchAll(COMPARED)]
        .flatMap(([, level]) => level ?? [])
        .find((level) => !isLevel(level));
      if (wrong === undefined) return [];
      const message = text(
        `Điều kiện sau ${labelOf(edge.source)} hỏi mức khẩn “${wrong}” không có.`,
        `A condition after ${labelOf(edge.source)} asks for the urgency “${wrong}”, which does not exist.`,
      );
      return [{ ...finding(edge.source, message), elementId: edge.id }];
    }),
};
