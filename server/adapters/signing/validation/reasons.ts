// Every reason that a report may give, its weight, its code in the language of the regulations (domain.md 8.2), and the
// sentence that a clerk reads. One table: a reason without a sentence cannot be given.

export type Severity = 'invalid' | 'undetermined' | 'reservations' | 'info';

interface ReasonFacts {
  readonly severity: Severity;
  readonly domainCode: string;
  readonly vi: string;
}

const invalid = (domainCode: string, vi: string): ReasonFacts => ({ severity: 'invalid', domainCode, vi });
const open = (domainCode: string, vi: string): ReasonFacts => ({ severity: 'undetermined', domainCode, vi });
const reserved = (domainCode: string, vi: string): ReasonFacts => ({ severity: 'reservations', domainCode, vi });
const info = (domainCode: string, vi: string): ReasonFacts => ({ severity: 'info', domainCode, vi });

export const REASONS = {
  FILE_NOT_PDF: invalid('SAI_TOAN_VEN', 'Tệp không phải là PDF.'),
  FILE_CORRUPT: invalid('SAI_TOAN_VEN', 'Cấu trúc tệp PDF bị hỏng nên không kiểm tra được chữ ký.'),
  FILE_TOO_COMPLEX: invalid('SAI_TOAN_VEN', 'Tệp quá phức tạp, vượt giới hạn kiểm tra an toàn.'),
  FILE_TOO_LARGE: invalid('SAI_TOAN_VEN', 'Tệp quá lớn, vượt giới hạn kiểm tra.'),
  FILE_TIMEOUT: invalid('SAI_TOAN_VEN', 'Kiểm tra tệp quá lâu nên đã bị dừng.'),
  FILE_ENCRYPTED: open('KHONG_KT_DUOC', 'Tệp bị khóa bằng mật khẩu nên không kiểm tra được.'),
  NO_SIGNATURE: invalid('KHONG_CHU_KY', 'Tệp không có chữ ký số.'),
  TOO_MANY_SIGNATURES: invalid('SAI_TOAN_VEN', 'Tệp có quá nhiều chữ ký số.'),
  SIGNATURE_OUTSIDE_FIELDS: invalid('SAI_TOAN_VEN', 'Có chữ ký chứng nhận không nằm trong trường chữ ký nào của tệp.'),
  TRAILING_CONTENT: invalid('SAI_TOAN_VEN', 'Có nội dung được thêm vào cuối tệp, sau phần đã ký.'),
  TRAILING_BYTES: reserved('SAI_TOAN_VEN', 'Có dữ liệu thừa ở cuối tệp, không thuộc nội dung hiển thị.'),
  SIGNATURE_EMPTY: invalid('SAI_TOAN_VEN', 'Chữ ký rỗng hoặc thiếu dữ liệu.'),
  BYTE_RANGE_INVALID: invalid('SAI_TOAN_VEN', 'Vùng dữ liệu được ký không bao trùm đúng tài liệu.'),
  SIGNATURE_SHARED: invalid('SAI_TOAN_VEN', 'Hai trường chữ ký dùng chung một chữ ký.'),
  SIGNATURE_NOT_IN_REVISION: invalid('SAI_TOAN_VEN', 'Chữ ký không thuộc phiên bản tài liệu mà nó ký.'),
  SUBFILTER_MISSING: invalid('SAI_TOAN_VEN', 'Chữ ký không ghi định dạng.'),
  SUBFILTER_UNKNOWN: open('KHONG_KT_DUOC', 'Định dạng chữ ký này không được hỗ trợ.'),
  CMS_MALFORMED: invalid('SAI_TOAN_VEN', 'Dữ liệu chữ ký bị hỏng.'),
  CMS_PADDING: invalid('SAI_TOAN_VEN', 'Có dữ liệu lạ ở chỗ trống phía sau chữ ký.'),
  CMS_NO_SIGNED_ATTRIBUTES: invalid('SAI_TOAN_VEN', 'Chữ ký thiếu các thuộc tính bắt buộc phải ký.'),
  CMS_SIGNERS: invalid('SAI_TOAN_VEN', 'Dữ liệu chữ ký phải có đúng một người ký.'),
  CMS_CONTENT_UNEXPECTED: invalid('SAI_TOAN_VEN', 'Chữ ký mang theo nội dung riêng thay vì ký tài liệu.'),
  CONTENT_TYPE_WRONG: invalid('SAI_TOAN_VEN', 'Loại nội dung ghi trong chữ ký không đúng.'),
  DIGEST_DIFFERS: invalid('SAI_TOAN_VEN', 'Nội dung tài liệu không còn đúng như lúc ký.'),
  SIGNATURE_VALUE_WRONG: invalid('SAI_TOAN_VEN', 'Giá trị chữ ký không khớp với chứng thư của người ký.'),
  SIGNER_CERTIFICATE_MISSING: invalid('SAI_TOAN_VEN', 'Chữ ký không kèm chứng thư của người ký.'),
  CERTIFICATE_BINDING_WRONG: invalid('SAI_TOAN_VEN', 'Chữ ký được gắn với một chứng thư khác.'),
  CERTIFICATE_NOT_BOUND: reserved('CTS_KHONG_TIN_CAY', 'Chữ ký không gắn chặt với chứng thư của người ký.'),
  ALGORITHM_REFUSED: invalid('SAI_TOAN_VEN', 'Thuật toán ký đã bị phá, không còn giá trị bảo vệ.'),
  ALGORITHM_WEAK: reserved('SAI_TOAN_VEN', 'Thuật toán ký đã yếu so với quy định hiện nay.'),
  ALGORITHM_UNKNOWN: open('KHONG_KT_DUOC', 'Thuật toán ký không được hỗ trợ.'),
  ALGORITHM_CONFUSED: invalid('SAI_TOAN_VEN', 'Các thuật toán ghi trong chữ ký mâu thuẫn nhau.'),
  ALGORITHM_MIXED: reserved('SAI_TOAN_VEN', 'Chữ ký dùng hai thuật toán băm khác nhau.'),
  CHANGED_AFTER_SIGNING: invalid('SAI_TOAN_VEN', 'Tài liệu đã bị sửa sau khi ký, ngoài những gì người ký cho phép.'),
  CHANGES_NEED_LOOK: reserved(
    'SAI_TOAN_VEN',
    'Sau khi ký có thêm ghi chú hoặc thay đổi biểu mẫu; cần xem lại bằng mắt.',
  ),
  FORM_FILLED: info('', 'Sau khi ký có điền biểu mẫu hoặc ký thêm, trong phạm vi cho phép.'),
  TIMESTAMP_WRONG: invalid('DAU_THOI_GIAN_SAI', 'Dấu thời gian không khớp với chữ ký.'),
  TIMESTAMP_UNVERIFIED: reserved(
    'DAU_THOI_GIAN_SAI',
    'Dấu thời gian khớp với chữ ký nhưng thiếu chứng thư để kiểm tra.',
  ),
  TIMESTAMP_WEAK: reserved('DAU_THOI_GIAN_SAI', 'Dấu thời gian dùng thuật toán băm đã yếu.'),
  TIMESTAMP_UNTRUSTED: open('DAU_THOI_GIAN_KHONG_TIN_CAY', 'Dấu thời gian không thuộc tổ chức tin cậy.'),
  TIME_CLAIMED: info('', 'Thời điểm ký do máy người ký tự khai, không có dấu thời gian.'),
  TIME_UNKNOWN: open('KHONG_KT_DUOC', 'Không biết thời điểm ký.'),
  CERTIFICATE_EXPIRED: invalid('CTS_HET_HAN', 'Chứng thư chưa có hiệu lực hoặc đã hết hạn tại thời điểm ký.'),
  CERTIFICATE_REVOKED: invalid('CTS_THU_HOI', 'Chứng thư đã bị thu hồi tại thời điểm ký.'),
  CERTIFICATE_UNTRUSTED: invalid(
    'CTS_KHONG_TIN_CAY',
    'Chứng thư không thuộc tổ chức chứng thực nào trong danh sách tin cậy.',
  ),
  CERTIFICATE_PURPOSE: invalid('CTS_KHONG_TIN_CAY', 'Chứng thư này không được cấp để ký văn bản.'),
  TRUST_NOT_GIVEN: open('CTS_KHONG_TIN_CAY', 'Chưa có danh sách tin cậy để đối chiếu chứng thư.'),
  REVOCATION_UNKNOWN: open('KHONG_KT_DUOC', 'Không kiểm tra được chứng thư có bị thu hồi hay không.'),
} as const satisfies Record<string, ReasonFacts>;

export type ReasonCode = keyof typeof REASONS;
