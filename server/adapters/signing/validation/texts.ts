// Sentences of a validation report for people who have never seen a PDF from inside: verdicts, classes of change, and what
// each later change is. Reasons have their sentences in reasons.ts.

import type { ChangeCode, ChangeLevel } from '../../pdf/validation/changes.ts';
import type { SignatureReport, Verdict } from './report.ts';

export const VERDICT_TEXTS: Readonly<Record<Verdict, string>> = {
  valid: 'mọi chữ ký hợp lệ',
  reservations: 'hợp lệ nhưng có điểm cần lưu ý',
  undetermined: 'chưa xác định được',
  invalid: 'không hợp lệ',
};

export const LEVEL_TEXTS: Readonly<Record<ChangeLevel, string>> = {
  none: 'không có thay đổi',
  'long-term': 'chỉ thêm dữ liệu lưu trữ lâu dài',
  'form-filling': 'điền biểu mẫu hoặc ký thêm',
  annotation: 'thêm ghi chú',
  other: 'sửa đổi nội dung',
};

export const CHANGE_TEXTS: Readonly<Record<ChangeCode, string>> = {
  INFO_CHANGED: 'thông tin tệp được cập nhật',
  METADATA_CHANGED: 'siêu dữ liệu được cập nhật',
  EXTENSIONS_CHANGED: 'phiên bản định dạng được cập nhật',
  EVIDENCE_ADDED: 'thêm dữ liệu kiểm tra chứng thư',
  STRUCTURE_EXTENDED: 'thêm mô tả cho trường chữ ký mới',
  TIMESTAMP_ADDED: 'thêm dấu thời gian tài liệu',
  FORM_SETTINGS_CHANGED: 'thiết đặt biểu mẫu được cập nhật',
  SIGNATURE_FIELD_ADDED: 'thêm ô chữ ký trống',
  SIGNATURE_ADDED: 'thêm chữ ký không hiển thị',
  VISIBLE_SIGNATURE_ADDED: 'thêm chữ ký có hình hiển thị',
  SIGNATURE_FIELD_FILLED: 'ký vào ô chữ ký có sẵn',
  FIELD_FILLED: 'điền ô biểu mẫu còn trống',
  FIELD_CHANGED: 'đổi giá trị ô biểu mẫu đã điền',
  FIELD_REDRAWN: 'vẽ lại ô biểu mẫu, vẫn đúng giá trị',
  FIELD_APPEARANCE_CHANGED: 'vẽ lại ô biểu mẫu',
  NUMBER_STAMP_ADDED: 'thêm số, ngày ban hành',
  COMMENT_ADDED: 'thêm ghi chú',
  COMMENT_CHANGED: 'sửa ghi chú',
  COMMENT_REMOVED: 'xóa ghi chú',
  CONTENT_ANNOTATION_ADDED: 'thêm hình hoặc chữ đè lên trang',
  ANNOTATION_REMOVED: 'gỡ bỏ phần hiển thị trên trang',
  CATALOG_CHANGED: 'sửa cấu trúc tài liệu',
  EVIDENCE_MALFORMED: 'dữ liệu kiểm tra chứng thư sai dạng',
  FORM_CHANGED: 'sửa biểu mẫu',
  FIELD_ADDED: 'thêm ô biểu mẫu',
  FIELD_REMOVED: 'xóa ô biểu mẫu hoặc chữ ký',
  FIELD_LOCKED: 'sửa ô đã bị khóa khi ký',
  FIELD_ALTERED: 'sửa vị trí hoặc tính chất của ô biểu mẫu',
  FIELD_SHOWS_OTHER_VALUE: 'ô biểu mẫu hiển thị khác giá trị của nó',
  SIGNATURE_REPLACED: 'thay chữ ký đã có',
  PAGES_CHANGED: 'thêm, bớt hoặc đổi thứ tự trang',
  PAGE_CHANGED: 'sửa trang',
  STRUCTURE_CHANGED: 'sửa mô tả cấu trúc nội dung',
  OBJECT_CHANGED: 'sửa thành phần của nội dung',
  HISTORY_BROKEN: 'lịch sử các phiên bản bị cắt đứt',
  REVISION_UNREADABLE: 'phiên bản đã ký không đọc được',
};

/** null when there is nothing to tell. */
export function describeChanges(changes: SignatureReport['changes']): string | null {
  if (changes === null || changes.level === 'none') return null;
  const kinds = [...new Set(changes.items.map(({ code }) => CHANGE_TEXTS[code]))];
  return `Sau khi ký: ${LEVEL_TEXTS[changes.level]} (${kinds.join('; ')})`;
}
