// Settings of the pilot of 2019 (CV 3321/UBND-KSTTHC of 26/04/2019): its period, the 14 document types with their
// abbreviations (NĐ 30/2020 Annex III, the same letters as under TT 01/2011), and the calendar of the year.
// Office hours were found in no source; the values here are plausible ones.

import type { CalendarDay, DocumentTypeSettings, PilotImport } from '../../modules/pilot/index.ts';
import { asId } from '../../shared/ids.ts';
import type { LocalDate } from '../../shared/time.ts';

const day = (text: string): LocalDate => asId<LocalDate>(text);

interface TypeRow {
  readonly id: string;
  readonly name: string;
  readonly abbreviation: string | null;
  /** Position in group B of the list in the packet standard; 9–16 and 31 are reconstructed from its order. */
  readonly wireTypeDetail: number;
}

const TYPES: readonly TypeRow[] = [
  { id: 'decision', name: 'Quyết định', abbreviation: 'QĐ', wireTypeDetail: 2 },
  { id: 'directive', name: 'Chỉ thị', abbreviation: 'CT', wireTypeDetail: 3 },
  { id: 'report_document', name: 'Báo cáo', abbreviation: 'BC', wireTypeDetail: 14 },
  { id: 'programme', name: 'Chương trình', abbreviation: 'CTr', wireTypeDetail: 9 },
  { id: 'plan', name: 'Kế hoạch', abbreviation: 'KH', wireTypeDetail: 10 },
  { id: 'submission', name: 'Tờ trình', abbreviation: 'TTr', wireTypeDetail: 16 },
  { id: 'regulation', name: 'Quy chế', abbreviation: 'QC', wireTypeDetail: 4 },
  { id: 'provision', name: 'Quy định', abbreviation: 'QyĐ', wireTypeDetail: 5 },
  { id: 'guideline', name: 'Hướng dẫn', abbreviation: 'HD', wireTypeDetail: 8 },
  { id: 'transfer_note', name: 'Phiếu chuyển', abbreviation: 'PC', wireTypeDetail: 31 },
  { id: 'invitation', name: 'Giấy mời', abbreviation: 'GM', wireTypeDetail: 25 },
  { id: 'notice', name: 'Thông báo', abbreviation: 'TB', wireTypeDetail: 7 },
  { id: 'official_letter', name: 'Công văn', abbreviation: null, wireTypeDetail: 18 },
  { id: 'urgent_telegram', name: 'Công điện', abbreviation: 'CĐ', wireTypeDetail: 19 },
];

/** "Kính gửi" belongs to what goes up or across; telegrams and invitations name their recipients in the body. */
const TYPES_WITH_ADDRESSEE: ReadonlySet<string> = new Set(['report_document', 'submission', 'official_letter']);
/** The official letter has its subject "V/v …" under the number instead of a title. */
const TYPES_WITHOUT_TITLE_LINE: ReadonlySet<string> = new Set(['official_letter']);

const DOCUMENT_TYPES: readonly DocumentTypeSettings[] = TYPES.map((type) => ({
  ...type,
  hasTitleLine: !TYPES_WITHOUT_TITLE_LINE.has(type.id),
  hasAddressee: TYPES_WITH_ADDRESSEE.has(type.id),
  workflow: 'outgoing-document',
}));

const dayOff = (text: string, name: string): CalendarDay => ({ day: day(text), isWorkingDay: false, name });

/** Only what deviates from Monday–Friday; Thông báo 3238/TB-LĐTBXH for the days from April on. */
const CALENDAR_2019: readonly CalendarDay[] = [
  dayOff('2019-01-01', 'Tết Dương lịch'),
  dayOff('2019-02-04', 'Tết Kỷ Hợi'),
  dayOff('2019-02-05', 'Tết Kỷ Hợi'),
  dayOff('2019-02-06', 'Tết Kỷ Hợi'),
  dayOff('2019-02-07', 'Tết Kỷ Hợi'),
  dayOff('2019-02-08', 'Tết Kỷ Hợi'),
  dayOff('2019-04-15', 'Nghỉ bù Giỗ Tổ Hùng Vương'),
  dayOff('2019-04-29', 'Nghỉ hoán đổi, làm bù ngày 04/5'),
  dayOff('2019-04-30', 'Ngày Chiến thắng'),
  dayOff('2019-05-01', 'Ngày Quốc tế lao động'),
  { day: day('2019-05-04'), isWorkingDay: true, name: 'Làm bù cho ngày 29/4' },
  dayOff('2019-09-02', 'Quốc khánh'),
];

export const SAMPLE_PILOT: PilotImport = {
  period: {
    name: 'Thí điểm gửi, nhận văn bản điện tử tỉnh Đắk Lắk',
    legalBasis: 'Công văn 3321/UBND-KSTTHC ngày 26/04/2019',
    startsOn: day('2019-05-02'),
    endsOn: day('2019-06-15'),
  },
  documentTypes: DOCUMENT_TYPES,
  calendarDays: CALENDAR_2019,
  officeHours: { morningStart: '07:00', morningEnd: '11:30', afternoonStart: '13:30', afternoonEnd: '17:00' },
  // Before any day that a clock of this installation is likely to show.
  officeHoursValidFrom: day('2018-01-01'),
};
