// Findings of the table checks in words for people, in both languages of the product. The words follow docs/glossary.md:
// a table is a "bảng quy tắc", a rule is a "dòng", an input is a "điều kiện".

import type { Finding, FindingKind, RegionPart } from './check-table.ts';

export type Language = 'vi' | 'en';

const rowsText = (rows: readonly number[]): string => rows.join(', ');

function regionText(region: readonly RegionPart[]): string {
  const parts = region.filter(({ test }) => test !== '-').map(({ input, test }) => `${input}: ${test}`);
  return parts.join('; ');
}

const exampleText = (region: readonly RegionPart[]): string =>
  region.map(({ input, example }) => `${input} = ${example}`).join(', ');

type Words = Readonly<Record<FindingKind, (finding: Finding) => string>>;

const VI: Words = {
  gap: ({ region }) =>
    `Không có dòng nào trả lời khi ${regionText(region) || 'điều kiện nhận bất kỳ giá trị nào'}. Ví dụ: ${exampleText(region)}.`,
  overlap: ({ rows, region }) =>
    `Các dòng ${rowsText(rows)} cùng khớp, trong khi bảng chỉ cho phép một dòng. Ví dụ: ${exampleText(region)}.`,
  contradiction: ({ rows, region }) =>
    `Các dòng ${rowsText(rows)} cùng khớp nhưng cho kết quả khác nhau. Ví dụ: ${exampleText(region)}.`,
  unreachable: ({ rows, region }) =>
    region.length === 0
      ? `Dòng ${rowsText(rows)} không bao giờ khớp: không giá trị nào thỏa mãn điều kiện của dòng.`
      : `Dòng ${rowsText(rows)} không bao giờ được dùng: các dòng phía trên đã trả lời mọi trường hợp của dòng này.`,
  'not-judged': ({ rows }) =>
    `Chưa xét dòng ${rowsText(rows)}: điều kiện là biểu thức nên không so sánh được với dòng khác.`,
  'gave-up': () => 'Bảng quá lớn nên việc kiểm tra dừng giữa chừng; có thể còn lỗi chưa được liệt kê.',
};

const EN: Words = {
  gap: ({ region }) =>
    `No row answers when ${regionText(region) || 'the inputs have any value'}. Example: ${exampleText(region)}.`,
  overlap: ({ rows, region }) =>
    `Rows ${rowsText(rows)} match together, but the table allows one. Example: ${exampleText(region)}.`,
  contradiction: ({ rows, region }) =>
    `Rows ${rowsText(rows)} match together and give different results. Example: ${exampleText(region)}.`,
  unreachable: ({ rows, region }) =>
    region.length === 0
      ? `Row ${rowsText(rows)} never matches: no value satisfies its conditions.`
      : `Row ${rowsText(rows)} is never used: the rows above it answer all of its cases.`,
  'not-judged': ({ rows }) =>
    `Rows ${rowsText(rows)} were not judged: a condition is an expression and cannot be compared with other rows.`,
  'gave-up': () => 'The table is too large, so the check stopped half-way; more may be wrong than is listed.',
};

export const textOfFinding = (finding: Finding, language: Language): string =>
  (language === 'vi' ? VI : EN)[finding.kind](finding);
