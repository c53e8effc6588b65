// One Vietnamese sentence per audited action: the history of a document in words. The table is complete by type: an
// action without a sentence does not compile.

import { statusName } from '../modules/exchange/index.ts';
import type { AuditAction, AuditEntry } from '../modules/audit/index.ts';

type Title = string | ((details: Readonly<Record<string, unknown>>) => string);

const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';
const withReason =
  (title: string) =>
  (details: Readonly<Record<string, unknown>>): string => {
    const reason = textOf(details['reason']);
    return reason === '' ? title : `${title}: ${reason}`;
  };

const TITLES: Readonly<Record<AuditAction, Title>> = {
  'document.drafted': 'Tạo dự thảo',
  'document.updated': 'Sửa thông tin dự thảo',
  'document.file-saved': 'Lưu tệp dự thảo',
  'document.submitted': 'Trình duyệt',
  'document.returned': withReason('Trả lại để sửa'),
  'document.approved': 'Duyệt dự thảo',
  'document.cancelled': withReason('Hủy dự thảo'),
  'document.signed': 'Ký số cá nhân',
  'document.numbered': ({ documentCode }) => `Cấp số ${textOf(documentCode)} và ghi ngày ban hành`.replace('  ', ' '),
  'document.sealed': 'Đóng dấu (chữ ký số của cơ quan)',
  'document.dispatched': 'Phát hành: đã lập gói tin cho từng nơi nhận',
  'document.arrived': 'Văn bản đến',
  'document.accepted': 'Tiếp nhận văn bản',
  'document.refused': withReason('Từ chối tiếp nhận'),
  'document.registered': ({ arrivalNumber }) => `Vào sổ văn bản đến, số đến ${textOf(arrivalNumber)}`,
  'document.assigned': 'Phân công xử lý',
  'document.handling-started': 'Bắt đầu xử lý',
  'document.completed': 'Hoàn thành xử lý',
  'document.archived': 'Lưu trữ',
  'document.send-overdue': 'Quá hạn gửi theo QĐ 28/2018 Đ6 mà chưa phát hành',
  'register.number-allocated': 'Vào sổ văn bản đi',
  'register.arrival-entered': 'Ghi sổ văn bản đến',
  'signature.applied': 'Áp chữ ký số vào tệp',
  'signature.validated': 'Kiểm tra chữ ký số',
  'signature.requested': 'Chờ thiết bị ký của người ký',
  'signature.cancelled': 'Hủy phiên ký',
  'signature.rejected': 'Kết quả ký không hợp lệ, văn bản không thay đổi',
  'signature.quarantined': 'Kết quả ký đến muộn hoặc đến lần thứ hai: đã cách ly, không được nhận',
  'signature.extended': ({ level }) => `Bổ sung dấu thời gian và dữ liệu kiểm chứng, mức ${textOf(level)}`,
  'credential.issued': 'Cấp chứng thư thử nghiệm',
  'trust.anchor-added': ({ name }) => `Thêm chứng thư tin cậy ${textOf(name)}`,
  'trust.anchor-retired': ({ name }) => `Ngừng tin cậy chứng thư ${textOf(name)}`,
  'authority.created': 'Tạo cơ quan chứng thực thử nghiệm',
  'package.created': 'Lập gói tin',
  'package.sent': 'Gửi gói tin',
  'package.send-failed': 'Gửi gói tin không thành công',
  'package.received': 'Nhận gói tin',
  'package.status': ({ statusCode }) => `Nơi nhận báo ${statusName(textOf(statusCode))}`,
  'package.status-sent': ({ statusCode }) => `Báo nơi gửi: ${statusName(textOf(statusCode))}`,
  'package.unacknowledged': 'Quá một ngày nơi nhận chưa phản hồi',
  'case-file.opened': 'Mở hồ sơ',
  'case-file.document-added': 'Đưa văn bản vào hồ sơ',
  'case-file.exported': 'Xuất gói lưu trữ',
  'session.opened': 'Đăng nhập',
  'session.failed': 'Đăng nhập không thành công',
  'session.closed': 'Đăng xuất',
  'task.completed': ({ taskName, outcome, comment }) =>
    [textOf(taskName), outcome === 'return' ? 'trả lại' : 'đồng ý', textOf(comment)]
      .filter((part) => part !== '')
      .join(' — '),
  'instance.changed': withReason('Người vận hành can thiệp vào quy trình'),
  'data-set.loaded': 'Nạp dữ liệu mẫu',
};

export function timelineTitle(entry: Pick<AuditEntry, 'action' | 'details'>): string {
  const title = TITLES[entry.action];
  return typeof title === 'string' ? title : title(entry.details);
}
