// What the inspector answers for good and bad uploads, and where it puts the marks of a letter.

import { PDFDocument } from '@cantoo/pdf-lib';
import fc from 'fast-check';
import * as fontkit from 'fontkit';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadFace } from '../../../server/adapters/pdf/fonts.ts';
import { createPdfInspector } from '../../../server/adapters/pdf/inspector.ts';
import type { PdfFacts } from '../../../server/modules/documents/ports.ts';
import { foreignPdf, handMadePdf, objectStreamPdf, ONE_PAGE, renderSample } from './samples.ts';

const inspector = createPdfInspector();
const codeOf = (bytes: Uint8Array): string => {
  const result = inspector.inspect(bytes);
  return result.ok ? 'ok' : result.error.code;
};
const factsOf = (bytes: Uint8Array): PdfFacts => {
  const result = inspector.inspect(bytes);
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
};

async function withLines(lines: readonly string[]): Promise<Uint8Array> {
  const document = await PDFDocument.create();
  document.registerFontkit(fontkit as unknown as Parameters<typeof document.registerFontkit>[0]);
  const font = await document.embedFont(loadFace('bold').bytes, { subset: true });
  const page = document.addPage([595, 842]);
  lines.forEach((line, index) => page.drawText(line, { font, size: 14, x: 90, y: 700 - index * 20 }));
  return document.save();
}

describe('inspector', () => {
  it.each([
    ['an empty file', new Uint8Array(0), 'FILE_NOT_PDF'],
    ['a text', new Uint8Array(Buffer.from('Kính gửi các cơ quan')), 'FILE_NOT_PDF'],
    ['a Word file', new Uint8Array([0x50, 0x4b, 3, 4, ...Array.from({ length: 2_000 }, () => 7)]), 'FILE_NOT_PDF'],
    ['a header alone', new Uint8Array(Buffer.from('%PDF-1.7\n')), 'PDF_CORRUPT'],
    [
      'an encrypted file',
      handMadePdf({ objects: ONE_PAGE, trailer: '/Encrypt <</Filter /Standard>>' }),
      'PDF_ENCRYPTED',
    ],
    [
      'a file without pages',
      handMadePdf({ objects: ['<</Type /Catalog /Pages 2 0 R>>', '<</Type /Pages /Kids [] /Count 0>>'] }),
      'PDF_NO_PAGES',
    ],
    ['a sound file', handMadePdf({ objects: ONE_PAGE }), 'ok'],
    ['a sound file with object streams', objectStreamPdf(), 'ok'],
  ])('answers for %s', (_, bytes, code) => {
    expect(codeOf(bytes)).toBe(code);
  });

  it('answers PDF_CORRUPT for a letter cut off anywhere behind its header', async () => {
    const { bytes } = await renderSample();
    for (const share of [0.1, 0.5, 0.9, 0.99]) {
      expect(codeOf(bytes.subarray(0, Math.floor(bytes.length * share)))).toBe('PDF_CORRUPT');
    }
  });

  it('answers PDF_ALREADY_SIGNED when a signature field has a value, and not when it is empty', () => {
    const withField = (value: string): Uint8Array =>
      handMadePdf({
        objects: [
          '<</Type /Catalog /Pages 2 0 R /AcroForm <</Fields [5 0 R]>>>>',
          ...ONE_PAGE.slice(1),
          `<</FT /Sig /T (KyDuyet-1) ${value}>>`,
          '<</Type /Sig /SubFilter /ETSI.CAdES.detached>>',
        ],
      });
    expect(codeOf(withField('/V 6 0 R'))).toBe('PDF_ALREADY_SIGNED');
    expect(codeOf(withField(''))).toBe('ok');
  });

  it('counts the pages and puts signatures on the last one', async () => {
    const { pageCount, defaultAnchors } = factsOf(await foreignPdf(true));
    expect(pageCount).toBe(2);
    expect([defaultAnchors.number.page, defaultAnchors.date.page]).toEqual([1, 1]);
    expect([defaultAnchors.personalSignature.page, defaultAnchors.agencySignature.page]).toEqual([2, 2]);
  });

  it('puts the seal over the left third of the hand signature, lower right', async () => {
    const { personalSignature: hand, agencySignature: seal } = factsOf(await foreignPdf(false)).defaultAnchors;
    const sealRight = seal.x + seal.width / 2 + (18 * 72) / 25.4;
    expect(sealRight).toBeCloseTo(hand.x + hand.width / 3, 0);
    expect(hand.x).toBeGreaterThan(595 / 2);
    expect(hand.y + hand.height).toBeLessThan(842 / 2);
  });

  it('follows a page that viewers turn, so that the marks are where a reader expects them', () => {
    const turned = [
      ...ONE_PAGE.slice(0, 2),
      ONE_PAGE[2].replace('/MediaBox [0 0 595 842]', '/MediaBox [0 0 842 595] /Rotate 90'),
      ONE_PAGE[3],
    ];
    const anchors = factsOf(handMadePdf({ objects: turned })).defaultAnchors;
    const upright = factsOf(handMadePdf({ objects: ONE_PAGE })).defaultAnchors;
    expect(anchors.number.x).toBeCloseTo(842 - upright.number.y - upright.number.height, 3);
    expect(anchors.number.y).toBeCloseTo(upright.number.x, 3);
  });

  describe('on a file with a heading of its own', () => {
    const heading = [
      ...['BAN QUẢN LÝ DỰ ÁN', 'ĐẦU TƯ XÂY DỰNG', 'GIAO THÔNG VÀ NÔNG NGHIỆP', 'TỈNH ĐẮK LẮK'],
      'Số:             /BQLDA-KHTH',
    ];
    const printedY = 700 - 4 * 20;

    it('puts the number into the blank behind "Số:" and the date on the same line', async () => {
      const { number, date } = factsOf(await withLines(heading)).defaultAnchors;
      expect(number).toMatchObject({ page: 1, y: printedY });
      expect(number.x).toBeGreaterThan(90 + 20);
      expect(number.x + number.width).toBeLessThan(90 + 14 * 6);
      expect(date).toMatchObject({ page: 1, y: printedY });
      expect(date.x).toBeGreaterThan(595 / 3);
    });

    it('puts the date below one that is printed with blanks, not over it', async () => {
      const lines = [...heading, 'Đắk Lắk, ngày … tháng … năm 2019'];
      const { date } = factsOf(await withLines(lines)).defaultAnchors;
      expect(date.y).toBeLessThan(printedY - 20 - 13);
    });

    it.each([
      ['without such a line', ['BAN QUẢN LÝ DỰ ÁN']],
      ['whose number is printed already', ['Số: 12/BQLDA-KHTH']],
      ['where a sentence begins with the word', ['Số lượng hồ sơ tiếp nhận']],
    ])('%s it takes the places of our own letters', async (_what, lines) => {
      const usual = factsOf(handMadePdf({ objects: ONE_PAGE })).defaultAnchors;
      expect(factsOf(await withLines(lines)).defaultAnchors.number.x).toBeCloseTo(usual.number.x, 5);
    });
  });

  it.each(['MẬT', 'TỐI MẬT', 'TUYỆT MẬT'])('refuses a first page that is stamped %s', async (stamp) => {
    expect(codeOf(await withLines(['ỦY BAN NHÂN DÂN', stamp, 'Nội dung']))).toBe('PDF_MARKED_SECRET');
  });

  it('does not take words about secrecy for a stamp', async () => {
    expect(codeOf(await withLines(['VỀ VIỆC BẢO VỆ BÍ MẬT NHÀ NƯỚC', 'Tài liệu không MẬT']))).toBe('ok');
  });
});

describe('inspector under random damage', () => {
  let letter = new Uint8Array(0);
  beforeAll(async () => {
    letter = Uint8Array.from((await renderSample()).bytes);
  });

  it('always answers, whatever bytes are changed', () => {
    const change = fc.tuple(fc.nat(100_000), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 40 }), fc.boolean(), (changes, isTailOnly) => {
        const bytes = Uint8Array.from(letter);
        for (const [position, value] of changes) {
          const at = isTailOnly ? bytes.length - 1 - (position % 2_500) : position % bytes.length;
          bytes[at] = value;
        }
        expect(codeOf(bytes)).toMatch(/^(ok|FILE_NOT_PDF|PDF_[A-Z_]+)$/);
      }),
      { numRuns: 400 },
    );
  });

  it('always answers for structures shuffled from PDF words', () => {
    const word = fc.constantFrom(
      '1 0 obj',
      'endobj',
      '<<',
      '>>',
      '[',
      ']',
      '/Root 1 0 R',
      '/Pages 1 0 R',
      '/Kids',
      '/Type /Catalog',
      'stream\n',
      'endstream',
      'xref\n0 2\n',
      '0000000009 00000 n \n',
      'trailer',
      '/Size 2',
      '/Prev 9',
      '/XRefStm 9',
      'startxref\n9\n',
      'startxref\n',
      '%%EOF',
      '(',
      ')',
      '<41>',
      '1 0 R',
      '/W [1 2 1]',
      '/Type /XRef',
      '/Index [0 9999999]',
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 60 }), (words) => {
        const bytes = new Uint8Array(Buffer.from(`%PDF-1.7\n${words.join(' ')}`, 'latin1'));
        expect(codeOf(bytes)).not.toBe('FILE_NOT_PDF');
      }),
      { numRuns: 1_500 },
    );
  });
});
