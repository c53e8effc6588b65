// DOC-TRUOC.txt ("read first"): tells a person who opens the package what it is and how to check it without us.

import type { ArchivePackageInput } from '../../modules/archive/ports.ts';
import { vietnamIso } from '../../shared/time.ts';
import { EAD_PATH, EVENTS_PATH, MANIFEST_PATH, METS_PATH, PREMIS_PATH, REPRESENTATION } from './layout.ts';

export const readMeText = ({ agency, caseFile, createdAt, documents, packageId }: ArchivePackageInput): string => `\
GÓI LƯU TRỮ HỒ SƠ ĐIỆN TỬ

Mã gói:              ${packageId}
Cơ quan:             ${agency.name} (${agency.code})
Hồ sơ:               ${caseFile.notation}, năm ${caseFile.year}
Tiêu đề:             ${caseFile.title}
Thời hạn bảo quản:   ${caseFile.retention}
Số văn bản:          ${documents.length}
Thời điểm đóng gói:  ${vietnamIso(createdAt)}

Trong gói có gì
---------------
${contentsTable()}

Cách kiểm tra gói còn nguyên vẹn
--------------------------------
Giải nén, mở cửa sổ dòng lệnh trong thư mục này và chạy:

    sha256sum -c ${MANIFEST_PATH}

Mọi dòng phải báo "OK". Trên Windows có thể tính mã băm của từng tệp bằng:

    certutil -hashfile <tên tệp> SHA256

rồi so với dòng tương ứng trong ${MANIFEST_PATH}. Chữ ký số trên văn bản được kiểm tra
bằng phần mềm đọc PDF bất kỳ có chức năng kiểm tra chữ ký.

Không đổi tên, không sửa và không chuyển đổi các tệp trong gói: mọi thay đổi đều làm mất giá trị kiểm tra.
`;

/** Two columns; the width follows the longest path. */
function contentsTable(): string {
  const rows = [
    [`${REPRESENTATION}/data/`, 'văn bản gốc có chữ ký số và tệp kèm theo, giữ nguyên từng byte'],
    [EAD_PATH, 'mô tả hồ sơ và từng văn bản (tên trường theo NĐ 30/2020/NĐ-CP, Phụ lục VI)'],
    [PREMIS_PATH, 'danh sách tệp, mã băm, các sự kiện và người thực hiện'],
    [EVENTS_PATH, 'nhật ký xử lý, mỗi dòng một sự kiện'],
    ['metadata/other/exchange/', 'gói tin đã gửi, nhận (nếu có)'],
    ['metadata/other/signatures/', 'kết quả kiểm tra chữ ký số (nếu có)'],
    [METS_PATH, 'mục lục kỹ thuật của gói (METS, E-ARK CSIP)'],
    [MANIFEST_PATH, 'mã băm SHA-256 của mọi tệp trong gói'],
  ] as const;
  const width = Math.max(...rows.map(([path]) => path.length)) + 2;
  return rows.map(([path, meaning]) => path.padEnd(width) + meaning).join('\n');
}
