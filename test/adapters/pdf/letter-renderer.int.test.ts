// The letter as other programs see it: fonts embedded and tagged, every Vietnamese letter extractable, A4.

import { expect, it } from 'vitest';
import { describeWithTool } from '../../support/tools.ts';
import { ALL_VIETNAMESE, OFFICIAL_LETTER, renderSample, runTool } from './samples.ts';

describeWithTool('pdftotext', 'text of a rendered letter', (pdftotext) => {
  it('gives back every Vietnamese letter with every mark', async () => {
    const paragraphs = [ALL_VIETNAMESE, ALL_VIETNAMESE.toLocaleUpperCase('vi'), 'đ Đ'];
    const { bytes } = await renderSample({ ...OFFICIAL_LETTER, paragraphs });
    const { output } = runTool(pdftotext, ['-raw', 'letter.pdf', '-'], { 'letter.pdf': bytes });
    const extracted = output.normalize('NFC').replace(/\s+/g, ' ');
    for (const paragraph of paragraphs) expect(extracted).toContain(paragraph);
  });

  it('reads justified lines as sentences with single spaces', async () => {
    const { bytes } = await renderSample();
    const { output } = runTool(pdftotext, ['-raw', 'letter.pdf', '-'], { 'letter.pdf': bytes });
    expect(output.replace(/\n/g, ' ')).toContain(OFFICIAL_LETTER.paragraphs[0]);
    expect(output).toContain('CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM');
    expect(output).toContain('Độc lập - Tự do - Hạnh phúc');
  });
});

describeWithTool('pdffonts', 'fonts of a rendered letter', (pdffonts) => {
  it('embeds tagged subsets of Tinos with a Unicode map and nothing else', async () => {
    const { bytes } = await renderSample();
    const { output } = runTool(pdffonts, ['letter.pdf'], { 'letter.pdf': bytes });
    const rows = output.trim().split('\n').slice(2);
    expect(rows.length).toBe(3);
    for (const row of rows) expect(row).toMatch(/^[A-Z]{6}\+Tinos-\w+ +CID TrueType +Identity-H +yes yes yes/);
  });
});

describeWithTool('pdfinfo', 'pages of a rendered letter', (pdfinfo) => {
  it('are A4 and as many as the renderer says', async () => {
    const paragraphs = Array.from({ length: 30 }, () => OFFICIAL_LETTER.paragraphs[0] ?? '');
    const { bytes, pageCount } = await renderSample({ ...OFFICIAL_LETTER, paragraphs });
    const { output } = runTool(pdfinfo, ['letter.pdf'], { 'letter.pdf': bytes });
    expect(output).toMatch(/Page size:\s+595\.276 x 841\.89 pts \(A4\)/);
    expect(output).toMatch(new RegExp(`Pages:\\s+${pageCount}\\b`));
    expect(pageCount).toBeGreaterThan(2);
  });
});
