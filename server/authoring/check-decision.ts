// Decision files in words: what the reader refuses, and gaps, overlaps and dead rows of tables with their row numbers.

import { compileDecisions, textOfFinding, type Finding } from '../engine/index.ts';
import type { Problem, Resource } from './types.ts';

const FIX: Readonly<Record<Finding['kind'], Problem['fix']>> = {
  gap: {
    vi: 'Thêm dòng cho trường hợp này, hoặc một dòng “còn lại” ở cuối.',
    en: 'Add a row for this case, or a last row for everything else.',
  },
  overlap: {
    vi: 'Thu hẹp điều kiện của một trong các dòng, hoặc đổi cách chọn dòng.',
    en: 'Narrow one of the rows, or change the hit policy.',
  },
  contradiction: {
    vi: 'Cho các dòng này cùng kết quả, hoặc thu hẹp một dòng.',
    en: 'Give the rows the same result, or narrow one of them.',
  },
  unreachable: { vi: 'Xoá dòng này, hoặc đưa lên trên.', en: 'Delete the row, or move it up.' },
  'not-judged': { vi: 'Xem lại dòng này bằng mắt.', en: 'Look at the row yourself.' },
  'gave-up': { vi: 'Chia bảng thành nhiều bảng nhỏ.', en: 'Split the table.' },
};

export function checkDecision({ name, content }: Resource): readonly Problem[] {
  const compiled = compileDecisions({ resourceName: name, xml: content });
  if (!compiled.ok) {
    return compiled.error.map(({ rule, severity, elementId, message, line }) => ({
      ruleId: `decision-${rule}`,
      severity,
      ...(elementId === null ? {} : { elementId }),
      resource: name,
      message: { vi: `Bảng quy tắc chưa dùng được (dòng ${line} của tệp): ${message}`, en: message },
      fix: { vi: 'Sửa ô được nêu trong bảng quy tắc.', en: 'Mend the cell that is named.' },
    }));
  }
  return compiled.value.checkTables().flatMap(({ elementId, findings }) =>
    findings
      .filter(({ kind }) => kind !== 'not-judged')
      .map((finding) => ({
        ruleId: `decision-${finding.kind}`,
        severity: 'warning' as const,
        elementId,
        resource: name,
        message: { vi: textOfFinding(finding, 'vi'), en: textOfFinding(finding, 'en') },
        fix: FIX[finding.kind],
      })),
  );
}

/** Hit policies as sentences. */
export const HIT_POLICY_TEXTS: Readonly<Record<string, Problem['fix']>> = {
  UNIQUE: { vi: 'Chỉ một dòng được khớp.', en: 'Only one row may match.' },
  FIRST: { vi: 'Lấy dòng khớp đầu tiên từ trên xuống.', en: 'The first matching row from the top counts.' },
  PRIORITY: {
    vi: 'Lấy dòng khớp có kết quả ưu tiên cao nhất.',
    en: 'The matching row with the highest result counts.',
  },
  ANY: { vi: 'Nhiều dòng được khớp nếu cùng kết quả.', en: 'Several rows may match if they agree.' },
  COLLECT: { vi: 'Lấy kết quả của mọi dòng khớp.', en: 'The results of all matching rows are taken.' },
  'RULE ORDER': {
    vi: 'Lấy mọi dòng khớp theo thứ tự trong bảng.',
    en: 'All matching rows, in the order of the table.',
  },
  'OUTPUT ORDER': {
    vi: 'Lấy mọi dòng khớp theo thứ tự ưu tiên của kết quả.',
    en: 'All matching rows, by the priority of their results.',
  },
};
