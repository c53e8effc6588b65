// Paints a laid-out letter as a PDF with @cantoo/pdf-lib, which is used only here and only to create files: it reads
// files by scanning, so it never touches a PDF that came from elsewhere. The same content always gives the same
// bytes: no dates, no random names, and an /ID made from the content.

import { createHash } from 'node:crypto';
import { PDFArray, PDFDocument, PDFHexString, PDFNumber, PDFOperator, PDFOperatorNames } from '@cantoo/pdf-lib';
import type { PDFFont, PDFName, PDFPage } from '@cantoo/pdf-lib';
import * as fontkit from 'fontkit';
import type { LetterContent, LetterRenderer } from '../../modules/documents/ports.ts';
import { loadFace, subsetTag } from './fonts.ts';
import type { FaceName } from './fonts.ts';
import { layOutLetter, PAGE } from './letter-layout.ts';
import type { LetterLayout, TextRun } from './letter-layout.ts';
import { cleanText } from './text-lines.ts';

const FACES: readonly FaceName[] = ['regular', 'bold', 'italic', 'boldItalic'];
const RULE_WIDTH = 0.7;

type Fonts = ReadonlyMap<FaceName, PDFFont>;

/** Embeds the faces that the letter uses, each as a subset with a tag that depends on its text. */
async function embedFaces(document: PDFDocument, runs: readonly TextRun[]): Promise<Fonts> {
  const fonts = new Map<FaceName, PDFFont>();
  for (const face of FACES) {
    const text = runs.filter((run) => run.face === face).map((run) => run.text);
    if (text.length === 0) continue;
    const { bytes, baseName } = loadFace(face);
    const customName = `${subsetTag([...new Set(text.join(''))].sort().join(''))}+${baseName}`;
    // Ligatures off: widths are measured character by character.
    fonts.set(face, await document.embedFont(bytes, { subset: true, customName, features: { liga: false } }));
  }
  return fonts;
}

/** One TJ per line: words with their spaces as text, the extra space of justified lines as adjustments. */
function showLine(font: PDFFont, run: TextRun, document: PDFDocument): PDFOperator {
  const parts = PDFArray.withContext(document.context);
  const words = run.text.split(' ');
  words.forEach((word, index) => {
    const isLast = index === words.length - 1;
    parts.push(font.encodeText(isLast ? word : `${word} `));
    if (!isLast && run.wordSpacing !== 0) parts.push(PDFNumber.of(-thousandths(run.wordSpacing / run.size)));
  });
  return PDFOperator.of(PDFOperatorNames.ShowTextAdjusted, [parts]);
}

const thousandths = (share: number): number => Math.round(share * 100_000) / 100;
const hundredths = (value: number): number => Math.round(value * 100) / 100;

function paintRun(page: PDFPage, document: PDFDocument, font: { use: PDFFont; key: PDFName }, run: TextRun): void {
  page.pushOperators(
    PDFOperator.of(PDFOperatorNames.BeginText),
    PDFOperator.of(PDFOperatorNames.SetFontAndSize, [font.key, PDFNumber.of(run.size)]),
    PDFOperator.of(PDFOperatorNames.MoveText, [
      PDFNumber.of(hundredths(run.x)),
      PDFNumber.of(hundredths(PAGE.height - run.baseline)),
    ]),
    showLine(font.use, run, document),
    PDFOperator.of(PDFOperatorNames.EndText),
  );
}

function paintPage(document: PDFDocument, layout: LetterLayout, number: number, fonts: Fonts): void {
  const page = document.addPage([PAGE.width, PAGE.height]);
  const keys = new Map<FaceName, PDFName>();
  for (const run of layout.runs.filter((candidate) => candidate.page === number)) {
    const use = fonts.get(run.face);
    if (use === undefined) throw new Error(`Expected face ${run.face} to be embedded`);
    const key = keys.get(run.face) ?? page.node.newFontDictionary(use.name, use.ref);
    keys.set(run.face, key);
    paintRun(page, document, { use, key }, run);
  }
  for (const rule of layout.rules.filter((candidate) => candidate.page === number)) {
    const y = PAGE.height - rule.y;
    page.drawLine({ start: { x: rule.x, y }, end: { x: rule.x + rule.width, y }, thickness: RULE_WIDTH });
  }
}

function describe(document: PDFDocument, content: LetterContent): void {
  document.setTitle(cleanText(content.subject));
  document.setAuthor(cleanText(content.agencyName));
  document.setProducer('Trạm');
  document.setLanguage('vi-VN');
  const id = PDFHexString.of(createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 32));
  const ids = PDFArray.withContext(document.context);
  ids.push(id);
  ids.push(id);
  document.context.trailerInfo.ID = ids;
}

async function render(content: LetterContent): ReturnType<LetterRenderer['render']> {
  const layout = layOutLetter(content);
  const document = await PDFDocument.create({ updateMetadata: false });
  // The library asks for the older fontkit's type; fontkit 2 is the pair that works with it (measured).
  document.registerFontkit(fontkit as unknown as Parameters<typeof document.registerFontkit>[0]);
  const fonts = await embedFaces(document, layout.runs);
  for (let number = 1; number <= layout.pageCount; number += 1) paintPage(document, layout, number, fonts);
  describe(document, content);
  const bytes = await document.save({ useObjectStreams: false, addDefaultPage: false, updateFieldAppearances: false });
  return { bytes, pageCount: layout.pageCount, anchors: layout.anchors };
}

/** Throws AppError LETTER_TEXT_UNSUPPORTED when a character is not in the letter font. */
export const createLetterRenderer = (): LetterRenderer => ({ render });
