// Messages that the exchange tests start from. All people, addresses and codes are invented samples.

import type { DocumentMessage, StatusMessage } from '../../../../server/modules/exchange/ports.ts';
import { asId } from '../../../../server/shared/ids.ts';
import type { Instant, LocalDate } from '../../../../server/shared/time.ts';

export const day = (text: string): LocalDate => asId<LocalDate>(text);
export const instant = (text: string): Instant => asId<Instant>(text);

export const pdfBytes = (content: string): Uint8Array => Buffer.from(`%PDF-1.7\n${content}\n%%EOF\n`, 'utf8');

export const documentMessage = (changes: Partial<DocumentMessage> = {}): DocumentMessage => ({
  kind: 'document',
  from: { code: '000.00.00.H15', name: 'UBND tỉnh Đắk Lắk' },
  to: [
    { code: '000.00.13.H15', name: 'Sở Thông tin và Truyền thông' },
    { code: '000.00.33.H15', name: "UBND huyện Cư M'gar" },
    { code: '000.00.38.H15', name: 'UBND huyện M’Đrắk' },
  ],
  documentId: '000.00.00.H15,2019/05/06,3321/UBND-KSTTHC',
  number: '3321',
  notation: 'UBND-KSTTHC',
  issuedPlace: 'Đắk Lắk',
  issuedOn: day('2019-05-06'),
  documentTypeName: 'Công văn',
  documentTypeDetail: 18,
  subject: 'V/v thí điểm gửi, nhận văn bản điện tử có ký số <giai đoạn 1> & "báo cáo"',
  signer: { capacity: 'KT. CHỦ TỊCH', position: 'Phó Chủ tịch', fullName: 'Nguyễn Văn Ưởng' },
  dueOn: day('2019-06-15'),
  priority: 2,
  pageCount: 3,
  recipientsLines: ['Như trên;', 'Các sở, ban, ngành;', 'Lưu: VT, KSTTHC.'],
  sentAt: instant('2019-05-06T08:20:11.000Z'),
  staff: { department: 'Văn thư', name: 'Trần Thị Bưởi' },
  attachments: [
    {
      name: '3321_UBND-KSTTHC.signed.pdf',
      description: 'Văn bản chính',
      contentType: 'application/pdf',
      bytes: pdfBytes('nội dung'),
    },
    {
      name: 'Danh mục cơ quan.xlsx',
      description: '',
      contentType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      bytes: Buffer.from('not really a workbook'),
    },
  ],
  ...changes,
});

export const statusMessage = (changes: Partial<StatusMessage> = {}): StatusMessage => ({
  kind: 'status',
  from: { code: '000.00.13.H15', name: 'Sở Thông tin và Truyền thông' },
  responseFor: {
    agencyCode: '000.00.00.H15',
    code: '3321/UBND-KSTTHC',
    issuedOn: day('2019-05-06'),
    documentId: '000.00.00.H15,2019/05/06,3321/UBND-KSTTHC',
  },
  statusCode: '03',
  description: 'Đã tiếp nhận, số đến 1520',
  at: instant('2019-05-06T08:41:03.000Z'),
  staff: { department: 'Văn phòng Sở', name: 'Lê Văn Cảnh' },
  ...changes,
});
