// Pure rules of documents as tables: secrecy, texts, numbers and dates, file names, the letter's fixed parts.

import { describe, expect, it } from 'vitest';
import {
  asciiFileName,
  formatDateLine,
  formatDocumentCode,
  formatNumber,
  isMarkedSecret,
} from '../../../server/modules/documents/index.ts';
import { checkExtension } from '../../../server/modules/documents/commands/issuing.ts';
import { capacityLineOf } from '../../../server/modules/documents/rules/letter.ts';
import { notationOf, wireDocumentIdOf } from '../../../server/modules/documents/rules/notation.ts';
import { refuseSecrets } from '../../../server/modules/documents/rules/secrecy.ts';
import {
  checkDueOn,
  checkLetter,
  checkReason,
  checkRefusalCode,
  checkSubject,
} from '../../../server/modules/documents/rules/texts.ts';
import type { SigningCapacity } from '../../../server/modules/documents/index.ts';
import type { Agency, AgencyKind } from '../../../server/modules/agencies/index.ts';
import type { DocumentType } from '../../../server/modules/pilot/index.ts';
import { asId, type AgencyId } from '../../../server/shared/ids.ts';
import type { LocalDate } from '../../../server/shared/time.ts';

const day = (text: string): LocalDate => asId<LocalDate>(text);

const agency = (changes: Partial<Agency>): Agency => ({
  id: asId<AgencyId>('ubnd-tinh'),
  name: 'Ủy ban nhân dân tỉnh Đắk Lắk',
  shortName: 'UBND',
  kind: 'provincial_committee',
  level: 1,
  parentId: null,
  code: '000.00.00.H15',
  isPlaceholderCode: true,
  place: 'Đắk Lắk',
  letterUnit: 'KSTTHC',
  isSample: true,
  ...changes,
});

const type = (abbreviation: string | null): DocumentType => ({
  id: 'x',
  name: 'X',
  abbreviation,
  wireTypeDetail: 1,
  hasTitleLine: true,
  hasAddressee: false,
  workflow: 'outgoing-document',
  isInPilot: true,
});

describe('secrecy (QĐ 28/2018 Đ1(2))', () => {
  it.each([
    'MẬT',
    'TUYỆT MẬT: Kế hoạch phòng thủ',
    'Về việc xử lý văn bản TỐI MẬT',
    'TỐI  MẬT - báo cáo',
    '[MẬT] Báo cáo',
    'TỐI MẬT'.normalize('NFD'),
  ])('%j is marked secret', (text) => {
    expect(isMarkedSecret(text)).toBe(true);
  });

  it.each([
    'V/v tăng cường bảo mật thông tin',
    'Bảo vệ bí mật nhà nước',
    'BẢO MẬT THÔNG TIN',
    'QUY CHẾ BẢO VỆ BÍ MẬT NHÀ NƯỚC',
    'Hướng dẫn nuôi ong lấy mật',
    'MẬTĐỘ',
    'Mật độ xây dựng',
  ])('%j is not marked secret', (text) => {
    expect(isMarkedSecret(text)).toBe(false);
  });

  it.each(['confidential', 'secret', 'top_secret'] as const)('the level %s is refused', (level) => {
    expect(refuseSecrets(level, ['Báo cáo'])).toMatchObject({ ok: false, error: { code: 'DOCUMENT_SECRET_REFUSED' } });
  });

  it('the level none with open texts is accepted', () => {
    expect(refuseSecrets('none', ['Báo cáo'])).toEqual({ ok: true, value: null });
  });
});

describe('numbers, notations and dates (NĐ 30/2020 Annex I)', () => {
  it.each([
    [1, '01'],
    [9, '09'],
    [10, '10'],
    [3321, '3321'],
  ])('number %i is written %s', (number, text) => {
    expect(formatNumber(number)).toBe(text);
  });

  it('an official letter names the drafting unit, other types their abbreviation', () => {
    expect(notationOf(type(null), agency({}))).toBe('UBND-KSTTHC');
    expect(notationOf(type('QĐ'), agency({}))).toBe('QĐ-UBND');
    expect(notationOf(type('BC'), agency({ shortName: 'SYT' }))).toBe('BC-SYT');
  });

  it('number and notation are joined by a slash without spaces', () => {
    expect(formatDocumentCode(5, 'UBND-KSTTHC')).toBe('05/UBND-KSTTHC');
  });

  it.each([
    ['2019-05-06', 'Đắk Lắk, ngày 06 tháng 5 năm 2019'],
    ['2019-01-01', 'Đắk Lắk, ngày 01 tháng 01 năm 2019'],
    ['2019-02-28', 'Đắk Lắk, ngày 28 tháng 02 năm 2019'],
    ['2019-03-09', 'Đắk Lắk, ngày 09 tháng 3 năm 2019'],
    ['2019-12-31', 'Đắk Lắk, ngày 31 tháng 12 năm 2019'],
  ])('%s is printed as %s', (on, line) => {
    expect(formatDateLine('Đắk Lắk', day(on))).toBe(line);
  });

  it('the identifier on the exchange has agency code, day and code', () => {
    expect(wireDocumentIdOf('000.00.00.H15', day('2019-04-26'), '3321/UBND-KSTTHC')).toBe(
      '000.00.00.H15,2019/04/26,3321/UBND-KSTTHC',
    );
  });
});

describe('texts', () => {
  it('a subject is one line in NFC', () => {
    expect(checkSubject(`  V/v thí\n điểm  ${'Đắk'.normalize('NFD')} `)).toEqual({
      ok: true,
      value: 'V/v thí điểm Đắk',
    });
  });

  it.each(['', '   ', 'x'.repeat(501), 'a\u0000b'])('subject %j is refused', (text) => {
    expect(checkSubject(text)).toMatchObject({ ok: false, error: { code: 'DOCUMENT_SUBJECT_INVALID' } });
  });

  it.each([
    ['sai', false],
    ['    sai    ', false],
    ['sai số', true],
    ['x'.repeat(2001), false],
  ])('reason %j is accepted: %s', (text, expected) => {
    expect(checkReason(text).ok).toBe(expected);
  });

  it.each([
    ['2019-05-06', true],
    ['2019-05-07', true],
    ['2019-05-05', false],
    ['2019-02-30', false],
    ['2019-13-01', false],
  ])('deadline %s on 6 May 2019 is accepted: %s', (dueOn, expected) => {
    expect(checkDueOn(day(dueOn), day('2019-05-06')).ok).toBe(expected);
  });

  it('no deadline is a deadline that needs no check', () => {
    expect(checkDueOn(null, day('2019-05-06'))).toEqual({ ok: true, value: null });
  });

  it('only the known grounds of refusal are codes', () => {
    expect(checkRefusalCode('SAI_NOI_NHAN')).toEqual({ ok: true, value: 'SAI_NOI_NHAN' });
    expect(checkRefusalCode('khac')).toMatchObject({ ok: false, error: { code: 'DOCUMENT_REFUSAL_CODE_UNKNOWN' } });
  });

  it('a letter needs a paragraph, and none of them may carry a secrecy stamp', () => {
    expect(checkLetter({ paragraphs: [' ', ''] })).toMatchObject({ error: { code: 'DOCUMENT_LETTER_EMPTY' } });
    expect(checkLetter({ paragraphs: ['Kính gửi', 'TỐI MẬT'] })).toMatchObject({
      error: { code: 'DOCUMENT_SECRET_REFUSED' },
    });
    expect(checkLetter({ paragraphs: [' Nội dung ', ''] })).toEqual({ ok: true, value: { paragraphs: ['Nội dung'] } });
  });
});

describe('file names', () => {
  it.each([
    ['05/QĐ-UBND.signed', '05_QD-UBND.signed.pdf'],
    ['Kế hoạch triển khai (bản cuối)', 'Ke_hoach_trien_khai_ban_cuoi.pdf'],
    ['../../etc/passwd', 'etc_passwd.pdf'],
    ['文件', 'van-ban.pdf'],
  ])('%j becomes %s', (text, expected) => {
    expect(asciiFileName(text, 'pdf')).toBe(expected);
  });

  it('a name is at most 50 characters long', () => {
    expect(asciiFileName('a'.repeat(200), 'pdf')).toHaveLength(50);
  });
});

describe('signing capacity lines', () => {
  it.each<[SigningCapacity, AgencyKind, string]>([
    ['on_behalf', 'provincial_committee', 'TM. ỦY BAN NHÂN DÂN'],
    ['on_behalf', 'commune_committee', 'TM. ỦY BAN NHÂN DÂN'],
    ['deputy', 'provincial_committee', 'KT. CHỦ TỊCH'],
    ['deputy', 'department', 'KT. GIÁM ĐỐC'],
    ['by_order', 'department', 'TL. GIÁM ĐỐC'],
    ['sub_delegated', 'inspectorate', 'TUQ. CHÁNH THANH TRA'],
    ['head', 'department', ''],
    ['acting', 'department', ''],
  ])('%s in a %s prints %j', (capacity, kind, line) => {
    expect(capacityLineOf(capacity, agency({ kind }))).toBe(line);
  });
});

describe('extension of a file', () => {
  const bytes = (...values: number[]): Uint8Array => Uint8Array.of(...values);

  it('a file that begins with the one before and has more bytes extends it', () => {
    expect(checkExtension(bytes(1, 2), bytes(1, 2, 3)).ok).toBe(true);
  });

  it.each([
    ['equal', bytes(1, 2)],
    ['shorter', bytes(1)],
    ['changed', bytes(1, 9, 3)],
  ])('an %s file does not', (_name, after) => {
    expect(checkExtension(bytes(1, 2), after)).toMatchObject({ error: { code: 'DOCUMENT_FILE_NOT_EXTENDED' } });
  });
});
