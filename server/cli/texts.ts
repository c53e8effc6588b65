// The Vietnamese sentence for every code that the command line can meet. One sentence each, for people who have never seen
// the source: what is wrong, and where possible what to do.

import { AppError } from '../shared/app-error.ts';

export const ERROR_TEXTS: Readonly<Record<string, string>> = {
  CLI_USAGE: 'Lệnh không đúng cú pháp; hãy chạy "tram help" để xem hướng dẫn.',
  CLI_DECISION_UNKNOWN: 'Tệp không có quyết định mang mã hoặc tên đã nêu.',
  CLI_INPUT_INVALID: 'Dữ liệu đầu vào không phải một đối tượng JSON.',
  DEFINITION_INVALID: 'Tệp quyết định có lỗi nên không dùng được.',
  CLI_FILE_MISSING: 'Không đọc được tệp hoặc thư mục đã nêu.',
  CLI_OUTPUT_FAILED: 'Không ghi được tệp kết quả.',
  CLI_PIN_MISSING: 'Chưa có mã PIN; hãy đặt biến môi trường và nêu tên biến bằng --pin-env.',
  CLI_TSA_MISSING: 'Mức ký này cần máy chủ dấu thời gian; hãy nêu địa chỉ bằng --tsa.',
  CLI_TRUST_EMPTY: 'Thư mục --trust không có chứng thư nào đọc được.',
  CLI_NAME_NOT_FOUND: 'Không tìm thấy tên người ký trong văn bản; hãy nêu vị trí bằng --page và --rect.',
  LETTER_TEXT_UNSUPPORTED: 'Tên cần hiển thị có ký tự mà phông chữ không có.',
  SIGNING_PDF_UNREADABLE: 'Tệp không phải PDF đọc được: hỏng, bị khóa bằng mật khẩu hoặc quá phức tạp.',
  SIGNING_FIELD_EXISTS: 'Trường chữ ký mang tên này đã được dùng hoặc tên không hợp lệ; hãy chọn tên khác.',
  SIGNING_PAGE_MISSING: 'Tệp không có trang đã nêu.',
  SIGNING_RESERVE_TOO_SMALL: 'Chữ ký lớn hơn chỗ đã dành sẵn trong tệp; tài liệu chưa bị thay đổi, hãy ký lại từ đầu.',
  SIGNING_SOURCE_CHANGED: 'Tài liệu đã thay đổi sau khi chuẩn bị ký nên chữ ký bị từ chối; hãy ký lại bản hiện tại.',
  SIGNING_SIGNATURE_MISMATCH: 'Chữ ký nhận được không phải của chứng thư này trên tài liệu này nên bị từ chối.',
  SIGNING_WOULD_BREAK_SIGNATURE: 'Ký thêm sẽ làm mất hiệu lực chữ ký đã có trong tệp nên bị từ chối.',
  SIGNING_OUTPUT_INVALID: 'Kết quả ký không qua được bước tự kiểm tra nên đã bị hủy; tài liệu chưa bị thay đổi.',
  SIGNING_NUMBER_DRAWN: 'Tệp đã có số và ngày ban hành.',
  SIGNING_NOT_SIGNED: 'Tệp không có chữ ký số nào.',
  SIGNING_SIGNATURE_BROKEN: 'Tệp có chữ ký không còn toàn vẹn nên không nâng mức được.',
  SIGNING_TIMESTAMP_MISSING: 'Chữ ký chưa có dấu thời gian nên chưa nâng lên mức lưu trữ lâu dài được.',
  SIGNING_PIN_WRONG: 'Mã PIN không mở được tệp khóa.',
  SIGNING_PKCS12_INVALID: 'Tệp khóa không phải PKCS#12 đọc được hoặc đã hỏng.',
  SIGNING_KEY_UNSUPPORTED: 'Loại khóa này không được dùng để ký: cần RSA từ 2048 bit, hoặc ECDSA P-256, P-384.',
  SIGNING_CERTIFICATE_INVALID: 'Chứng thư không đọc được.',
  SIGNING_CERTIFICATE_EXPIRED: 'Chứng thư chưa có hiệu lực hoặc đã hết hạn tại thời điểm ký.',
  SIGNING_CERTIFICATE_PURPOSE: 'Chứng thư này không được cấp để ký văn bản.',
  SIGNING_CERTIFICATE_OWNER: 'Chứng thư thuộc về người hoặc cơ quan khác.',
  SIGNING_CERTIFICATE_UNTRUSTED: 'Chứng thư không thuộc tổ chức chứng thực nào trong danh sách tin cậy.',
  SIGNING_CERTIFICATE_REVOKED: 'Chứng thư đã bị thu hồi.',
  SIGNING_REVOCATION_UNKNOWN: 'Không kiểm tra được chứng thư có bị thu hồi hay không, nên không tiếp tục.',
  SIGNING_TSA_UNREACHABLE: 'Máy chủ dấu thời gian không trả lời; hãy thử lại sau.',
  SIGNING_TSA_REFUSED: 'Máy chủ dấu thời gian từ chối yêu cầu.',
  SIGNING_TSA_INVALID: 'Dấu thời gian nhận được không đúng nên bị từ chối.',
  SIGNING_URL_FORBIDDEN: 'Địa chỉ mạng này không được phép truy cập.',
  SIGNING_URL_UNREACHABLE: 'Địa chỉ mạng không trả lời.',
};

export const REASON_TEXTS: Readonly<Record<string, string>> = {
  SAI_TOAN_VEN: 'nội dung đã bị thay đổi sau khi ký hoặc chữ ký bị hỏng',
  KHONG_CHU_KY: 'tệp không có chữ ký số',
  CTS_HET_HAN: 'chứng thư không còn hiệu lực tại thời điểm ký',
  CTS_THU_HOI: 'chứng thư đã bị thu hồi tại thời điểm ký',
  CTS_KHONG_TIN_CAY: 'chứng thư không thuộc danh sách tin cậy',
  KHONG_KT_DUOC: 'không kiểm tra được (thiếu dữ liệu thu hồi, hoặc thuật toán không được hỗ trợ)',
  DAU_THOI_GIAN_SAI: 'dấu thời gian không khớp với chữ ký',
  DAU_THOI_GIAN_KHONG_TIN_CAY: 'dấu thời gian không thuộc danh sách tin cậy',
};

export const usageError = (message: string): AppError => new AppError('invalid-input', 'CLI_USAGE', message);

const FALLBACK = 'Có lỗi ngoài dự kiến; tài liệu chưa bị thay đổi.';

/** Their message is for the person at the keyboard. */
const REASONED: ReadonlySet<string> = new Set(['CLI_USAGE', 'CLI_DECISION_UNKNOWN', 'DEFINITION_INVALID']);

/** `SIGNING_PIN_WRONG: Mã PIN không mở được tệp khóa.` */
export function sentenceOf(error: unknown): string {
  if (!(error instanceof AppError)) return `CLI_UNEXPECTED: ${FALLBACK}`;
  const reason = REASONED.has(error.code) ? ` (${error.message.trim()})` : '';
  return `${error.code}: ${ERROR_TEXTS[error.code] ?? FALLBACK}${reason}`;
}

export const HELP = `tram – ký số và kiểm tra chữ ký số trên tệp PDF; thử bảng quy tắc

  tram sign TỆP.pdf --p12 KHÓA.p12 -o KẾT-QUẢ.pdf
      --pin-env BIẾN            biến môi trường giữ mã PIN (mặc định TRAM_PIN)
      --level B-B|B-T|B-LT|B-LTA   mức PAdES (mặc định B-B); từ B-T trở lên cần --tsa
      --tsa URL                 máy chủ dấu thời gian RFC 3161
      --trust THƯ-MỤC           chứng thư gốc tin cậy (.cer .crt .pem .der); mặc định: gốc trong tệp khóa
      --allow-host MÁY          máy chủ nội bộ được phép hỏi CRL, OCSP (lặp lại được)
      --pss                     khóa RSA ký theo RSASSA-PSS
      --appearance leader|seal|none   hình hiển thị (mặc định none)
      --profile 2019|2020       quy định trình bày (mặc định theo ngày ký)
      --page N --rect X,Y,R,C   vị trí; mặc định tìm theo tên người ký
      --signer-name TÊN         tên in trên văn bản, nếu khác tên trong chứng thư
      --field TÊN               tên trường chữ ký; trường trống có sẵn sẽ được dùng
      --reason LÝ-DO --location NƠI

  tram verify TỆP.pdf [--trust THƯ-MỤC] [--json] [--ignore-trust] [--online] [--allow-host MÁY]
      dòng đầu bắt đầu bằng: valid, reservations, undetermined hoặc invalid; mã thoát 0 chỉ khi valid

  tram decision eval TỆP.dmn --decision MÃ --input JSON [--json]
      tính một quyết định và giải thích: dòng nào khớp, ô nào loại các dòng còn lại
      --input                   đối tượng JSON, hoặc @TỆP.json
      --now THỜI-ĐIỂM           thời điểm cho now() và today(), dạng ISO 8601

  tram decision check TỆP.dmn [--json]
      tìm chỗ trống, dòng trùng, dòng mâu thuẫn, dòng thừa; mã thoát 0 chỉ khi không có gì

  tram test-ca [--port 8318] [--out THƯ-MỤC]
      tổ chức chứng thực thử nghiệm trên máy này: CRL, OCSP, dấu thời gian; không có giá trị pháp lý
`;
