// The engine's deploy-time checks in words for people who draw: what is wrong and how to mend it, by rule of docs/checks.md.
// The engine's own English sentence, which names the place, is the detail.

import type { Text } from './types.ts';

interface RuleText {
  readonly vi: string;
  readonly fix: Text;
}

const rule = (vi: string, fixVi: string, fixEn: string): RuleText => ({ vi, fix: { vi: fixVi, en: fixEn } });

export const ENGINE_TEXTS: Readonly<Record<string, RuleText>> = {
  'model-size': rule('Tệp quá lớn.', 'Chia luồng thành các quy trình con.', 'Split the flow into called processes.'),
  'readable-xml': rule(
    'Không đọc được tệp BPMN.',
    'Lưu lại tệp từ trình vẽ BPMN rồi nhập lại.',
    'Save the file again from a BPMN modeler.',
  ),
  'executable-process': rule(
    'Tệp không có quy trình chạy được.',
    'Bật “Cho phép chạy” của quy trình.',
    'Mark a process as executable.',
  ),
  'unique-ids': rule('Mã phần tử bị trùng.', 'Đặt mã khác cho bản sao.', 'Give the copy another id.'),
  'supported-elements': rule(
    'Phần tử này không chạy được.',
    'Thay bằng phần tử trong bảng công cụ.',
    'Use an element of the palette instead.',
  ),
  'single-start-event': rule('Điểm bắt đầu chưa rõ.', 'Để đúng một điểm bắt đầu.', 'Keep exactly one start event.'),
  'connected-flows': rule(
    'Đường nối bị hở.',
    'Nối lại đường tới một bước trong cùng quy trình.',
    'Connect the flow to a step of the same process.',
  ),
  'default-flow': rule(
    'Nhánh “còn lại” không hợp lệ.',
    'Bỏ điều kiện của nhánh “còn lại”, hoặc chọn nhánh khác.',
    'Remove the condition of the default branch, or choose another.',
  ),
  'gateway-conditions': rule(
    'Nhánh rẽ thiếu điều kiện.',
    'Đặt điều kiện cho nhánh, hoặc chọn làm nhánh “còn lại”.',
    'Give the branch a condition, or make it the default.',
  ),
  'job-type': rule(
    'Bước của hệ thống chưa nói phải làm việc gì.',
    'Chọn việc trong danh mục bước mẫu.',
    'Choose the work from the catalogue.',
  ),
  'called-process': rule('Chưa chọn quy trình con.', 'Chọn quy trình con để gọi.', 'Choose the process to call.'),
  'event-definition': rule(
    'Sự kiện chưa đủ nội dung.',
    'Chọn loại sự kiện và điền đủ các mục.',
    'Choose the kind of event and fill it in.',
  ),
  'timer-definition': rule(
    'Hẹn giờ chưa đúng.',
    'Điền một trong: khoảng thời gian, thời điểm, chu kỳ.',
    'Fill in one of duration, date and cycle.',
  ),
  'message-subscription': rule(
    'Chưa rõ chờ thông điệp nào, của ai.',
    'Chọn thông điệp và khoá đối chiếu.',
    'Choose the message and its correlation key.',
  ),
  'boundary-attachment': rule(
    'Sự kiện biên không gắn vào bước nào.',
    'Kéo sự kiện vào viền của một bước.',
    'Attach the event to the border of a step.',
  ),
  'multi-instance-collection': rule(
    'Chưa rõ lặp qua danh sách nào.',
    'Chọn danh sách, ví dụ nơi nhận.',
    'Choose the list, for example the recipients.',
  ),
  'mapping-targets': rule(
    'Tên biến không hợp lệ.',
    'Dùng chữ, số và dấu gạch dưới.',
    'Use letters, digits and underscores.',
  ),
  'valid-expressions': rule(
    'Không đọc được biểu thức.',
    'Sửa biểu thức; chọn điều kiện từ danh sách thì không sai.',
    'Mend the expression, or choose a condition from the list.',
  ),
  'no-endless-loop': rule(
    'Vòng lặp chạy mãi không chờ ai.',
    'Thêm vào vòng lặp một bước phải chờ.',
    'Put a step that waits into the loop.',
  ),
  'standard-loop': rule(
    'Vòng lặp chưa có giới hạn.',
    'Đặt điều kiện lặp hoặc số lần tối đa.',
    'Set a loop condition or a maximum.',
  ),
  'token-quantities': rule('Số lượng không hợp lệ.', 'Dùng số nguyên từ 1.', 'Use whole numbers from 1.'),
  'error-codes': rule(
    'Mã lỗi chưa đúng.',
    'Đặt mã lỗi cố định, không trùng nhau.',
    'Set a fixed code that no other event has.',
  ),
  'link-events': rule(
    'Liên kết thiếu một đầu.',
    'Đặt cùng tên cho hai đầu liên kết.',
    'Give both ends of the link the same name.',
  ),
  compensation: rule(
    'Bù trừ chưa nối đúng.',
    'Nối sự kiện bù trừ với bước bù trừ.',
    'Connect the compensation event with its handler.',
  ),
  'cancel-events': rule(
    'Huỷ chỉ dùng trong giao dịch.',
    'Bỏ sự kiện huỷ, hoặc đặt trong giao dịch.',
    'Remove the cancel event, or put it into a transaction.',
  ),
  'event-gateway': rule(
    'Sau “chờ việc nào trước” phải là sự kiện chờ.',
    'Đặt sự kiện chờ ngay sau cổng.',
    'Put catching events right behind the gateway.',
  ),
  'late-handling': rule(
    'Xử lý trễ hạn chưa đủ.',
    'Điền sau bao lâu thì làm gì, báo ai.',
    'Say after how long what is done, and to whom.',
  ),
  listeners: rule(
    'Bộ nghe chưa hợp lệ.',
    'Chọn thời điểm và loại việc của bộ nghe.',
    'Choose the moment and the type of the listener.',
  ),
};

export const UNKNOWN_RULE: RuleText = rule(
  'Mô hình chưa chạy được.',
  'Xem chi tiết kỹ thuật.',
  'See the technical detail.',
);
