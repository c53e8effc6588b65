// The letter as data: anchors, page breaking and determinism. How it looks to other programs: the .int test.

import { describe, expect, it } from 'vitest';
import { openPdf, pagesOf } from '../../../server/adapters/pdf/core/file.ts';
import { layOutLetter, PAGE } from '../../../server/adapters/pdf/letter-layout.ts';
import { readPageLines } from '../../../server/adapters/pdf/page-text.ts';
import { AppError } from '../../../server/shared/app-error.ts';
import { OFFICIAL_LETTER, renderSample } from './samples.ts';

const SENTENCE =
  'Yêu cầu các cơ quan, đơn vị khẩn trương rà soát, hoàn thiện hạ tầng kỹ thuật và báo cáo kết quả về Sở Thông tin và Truyền thông để tổng hợp.';
const withParagraphs = (count: number) => ({
  ...OFFICIAL_LETTER,
  paragraphs: Array.from({ length: count }, (_, index) => `${index + 1}. ${SENTENCE} ${SENTENCE}`),
});

describe('letter renderer', () => {
  it('gives the same bytes for the same content', async () => {
    const [first, second] = [await renderSample(), await renderSample()];
    expect(Buffer.compare(first.bytes, second.bytes)).toBe(0);
  });

  it('keeps at least two lines of the body with the signature block, for every length of body', () => {
    for (let count = 1; count <= 24; count += 1) {
      const { runs, anchors } = layOutLetter(withParagraphs(count));
      const { page } = anchors.personalSignature;
      const bodyLines = runs.filter((run) => run.page === page && run.size === 14 && run.face === 'regular');
      expect(bodyLines.length, `${count} paragraphs`).toBeGreaterThanOrEqual(2);
    }
  });

  it('sets nothing outside the margins, for every length of body', () => {
    for (let count = 1; count <= 24; count += 3) {
      const { runs, anchors } = layOutLetter(withParagraphs(count));
      for (const run of runs) expect(run.baseline).toBeLessThanOrEqual(PAGE.height - (20 * 72) / 25.4);
      expect(anchors.agencySignature.y).toBeGreaterThan((20 * 72) / 25.4);
    }
  });

  it('numbers pages from the second on, centred in the top margin', () => {
    const { runs, pageCount } = layOutLetter(withParagraphs(20));
    const numbers = runs.filter((run) => run.baseline < (20 * 72) / 25.4).map((run) => [run.page, run.text]);
    expect(pageCount).toBeGreaterThan(2);
    expect(numbers).toEqual(Array.from({ length: pageCount - 1 }, (_, index) => [index + 2, String(index + 2)]));
  });

  it('leaves the blank of the number between "Số:" and the notation on one baseline', () => {
    const { runs, anchors } = layOutLetter(OFFICIAL_LETTER);
    const label = runs.find((run) => run.text === 'Số:');
    const tail = runs.find((run) => run.text === '/UBND-KSTTHC');
    expect(label?.baseline).toBe(tail?.baseline);
    expect(anchors.number.y).toBeCloseTo(PAGE.height - (tail?.baseline ?? 0), 6);
    expect(anchors.number.x).toBeGreaterThan(label?.x ?? Infinity);
    expect(anchors.number.x + anchors.number.width).toBeCloseTo(tail?.x ?? 0, 6);
  });

  it('prints the subject of a công văn under the number and the title of other types above the body', async () => {
    const title = { id: 'decision', name: 'Quyết định', abbreviation: 'QĐ' };
    const [letter, decision] = [await renderSample(), await renderSample({ ...OFFICIAL_LETTER, documentType: title })];
    const linesOf = (bytes: Uint8Array): string => {
      const file = openPdf(bytes);
      return pagesOf(file)
        .flatMap((page) => readPageLines(file, page))
        .join('\n');
    };
    expect(linesOf(letter.bytes)).toMatch(/V\/v thí điểm/);
    expect(linesOf(decision.bytes)).toMatch(/^QUYẾT ĐỊNH$/m);
    expect(linesOf(decision.bytes)).not.toMatch(/V\/v/);
  });

  it('cuts a word that is wider than the line', () => {
    const { runs } = layOutLetter({ ...OFFICIAL_LETTER, paragraphs: [`https://example.vn/${'a'.repeat(300)}`] });
    expect(runs.filter((run) => /a{20}/.test(run.text)).length).toBeGreaterThan(2);
  });

  it('composes decomposed letters, so that NFD input prints like NFC', async () => {
    const decomposed = { ...OFFICIAL_LETTER, subject: OFFICIAL_LETTER.subject.normalize('NFD') };
    const runsOf = (content: typeof OFFICIAL_LETTER): string[] => layOutLetter(content).runs.map((run) => run.text);
    expect(runsOf(decomposed)).toEqual(runsOf(OFFICIAL_LETTER));
  });

  it('refuses a character that the font cannot print', async () => {
    const content = { ...OFFICIAL_LETTER, paragraphs: ['Biểu tượng 😀'] };
    const refusal = await renderSample(content).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(AppError);
    expect(refusal).toMatchObject({ code: 'LETTER_TEXT_UNSUPPORTED', details: { codePoint: 'U+1F600' } });
  });

  it('runs a very long list of recipients on to the next page', () => {
    const recipientsLines = Array.from({ length: 90 }, (_, index) => `Đơn vị số ${index + 1}`);
    const { runs, pageCount } = layOutLetter({ ...OFFICIAL_LETTER, recipientsLines });
    expect(runs.find((run) => run.text === '- Đơn vị số 90.')?.page).toBe(pageCount);
    expect(pageCount).toBeGreaterThan(1);
  });
});
