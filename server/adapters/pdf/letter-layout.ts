// Places the text of an official letter on A4 pages by Decree 30/2020, Annex I. Pure: content in, positioned runs,
// rules and anchors out; `letter-renderer.ts` paints them. Distances are points from the top left corner until the
// very end, because a letter is composed from the top down.

import type { LayoutAnchors, LetterContent, PageRect } from '../../modules/documents/ports.ts';
import { loadFace } from './fonts.ts';
import type { FaceName } from './fonts.ts';
import { breakBalanced, breakLines, cleanText, measure } from './text-lines.ts';
import type { TextStyle } from './text-lines.ts';

export interface TextRun {
  readonly page: number;
  readonly x: number;
  /** Distance of the baseline from the top edge. */
  readonly baseline: number;
  readonly text: string;
  readonly face: FaceName;
  readonly size: number;
  /** Added to every space of a justified line. */
  readonly wordSpacing: number;
}

export interface Rule {
  readonly page: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

export interface LetterLayout {
  readonly pageCount: number;
  readonly runs: readonly TextRun[];
  readonly rules: readonly Rule[];
  readonly anchors: LayoutAnchors;
}

const MM = 72 / 25.4;
export const PAGE = { width: 210 * MM, height: 297 * MM } as const;
const MARGIN = { top: 20 * MM, bottom: 20 * MM, left: 30 * MM, right: 15 * MM } as const;
const BODY = { left: MARGIN.left, width: PAGE.width - MARGIN.left - MARGIN.right, bottom: PAGE.height - MARGIN.bottom };
const LEFT_COLUMN = { x: MARGIN.left - 2 * MM, width: 68 * MM } as const;
const RIGHT_COLUMN = {
  x: LEFT_COLUMN.x + LEFT_COLUMN.width + MM,
  width: PAGE.width - MARGIN.right - LEFT_COLUMN.x - LEFT_COLUMN.width - MM,
} as const;
const SIGNER_COLUMN = { x: PAGE.width - MARGIN.right - 88 * MM, width: 88 * MM } as const;
const RECIPIENTS_WIDTH = SIGNER_COLUMN.x - BODY.left - 6 * MM;

const HEADING_LEADING = 16;
const BODY_SIZE = 14;
const BODY_LEADING = 18;
const FIRST_LINE_INDENT = 12.7 * MM;
const PARAGRAPH_GAP = 6;
const PAGE_NUMBER_BASELINE = 12.5 * MM;
/** Room for four digits at 13 points. */
const NUMBER_BLANK = 30;
/** From the baseline of the position to that of the full name: the hand signature and the 36 mm seal stand between. */
const SIGNATURE_SPACE = 40 * MM;
const PERSONAL_SIGNATURE = { width: 46 * MM, height: 26 * MM } as const;
const SEAL_DIAMETER = 36 * MM;
const AGENCY_SIGNATURE = { width: 46 * MM, height: SEAL_DIAMETER + 15 } as const;

interface Column {
  readonly x: number;
  readonly width: number;
}
interface Style extends TextStyle {
  readonly faceName: FaceName;
}
const styleOf = (faceName: FaceName, size: number): Style => ({ faceName, face: loadFace(faceName), size });

/** One line of the body, or the closing block; the unit of page breaking. */
interface Row {
  readonly height: number;
  readonly canBreakBefore: boolean;
  place(page: number, top: number): void;
}

class Composer {
  readonly runs: TextRun[] = [];
  readonly rules: Rule[] = [];
  page = 1;
  /** Baseline of the last line set. */
  y = MARGIN.top;

  text(style: Style, text: string, at: { x: number; baseline: number; page?: number; wordSpacing?: number }): void {
    this.runs.push({
      page: at.page ?? this.page,
      x: at.x,
      baseline: at.baseline,
      text,
      face: style.faceName,
      size: style.size,
      wordSpacing: at.wordSpacing ?? 0,
    });
  }

  centred(style: Style, text: string, column: Column, baseline: number): void {
    this.text(style, text, { x: column.x + (column.width - measure(style, text)) / 2, baseline });
  }

  /** Centred lines from a first baseline; answers the last baseline. */
  centredLines(style: Style, lines: readonly string[], column: Column, first: number): number {
    lines.forEach((line, index) => this.centred(style, line, column, first + index * HEADING_LEADING));
    return first + Math.max(0, lines.length - 1) * HEADING_LEADING;
  }

  centredRule(column: Column, y: number, width: number): void {
    this.rules.push({ page: this.page, x: column.x + (column.width - width) / 2, y, width });
  }
}

const rectOf = (page: number, x: number, bottom: number, size: { width: number; height: number }): PageRect => ({
  page,
  x,
  y: PAGE.height - bottom,
  width: size.width,
  height: size.height,
});

const upper = (text: string): string => cleanText(text).toLocaleUpperCase('vi');

function composeAgencies(composer: Composer, content: LetterContent): number {
  const bold = styleOf('bold', 13);
  let baseline = MARGIN.top + 10;
  if (content.superiorAgencyName !== null) {
    const regular = styleOf('regular', 13);
    const lines = breakBalanced(regular, upper(content.superiorAgencyName), LEFT_COLUMN.width);
    baseline = composer.centredLines(regular, lines, LEFT_COLUMN, baseline) + HEADING_LEADING;
  }
  const lines = breakBalanced(bold, upper(content.agencyName), LEFT_COLUMN.width);
  baseline = composer.centredLines(bold, lines, LEFT_COLUMN, baseline);
  const widest = Math.max(0, ...lines.map((line) => measure(bold, line)));
  composer.centredRule(LEFT_COLUMN, baseline + 5, widest * 0.4);
  return baseline + 5;
}

function composeNation(composer: Composer): number {
  const nation = styleOf('bold', 12.5);
  const motto = styleOf('bold', 13.5);
  const mottoText = 'Độc lập - Tự do - Hạnh phúc';
  const first = MARGIN.top + 10;
  composer.centred(nation, 'CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM', RIGHT_COLUMN, first);
  composer.centred(motto, mottoText, RIGHT_COLUMN, first + HEADING_LEADING);
  composer.centredRule(RIGHT_COLUMN, first + HEADING_LEADING + 5, measure(motto, mottoText));
  return first + HEADING_LEADING + 5;
}

/** "Số:      /UBND-KSTTHC" with a blank of fixed width; the date line on the same baseline stays empty. */
function composeNumberLine(
  composer: Composer,
  notation: string,
  baseline: number,
): Pick<LayoutAnchors, 'number' | 'date'> {
  const style = styleOf('regular', 13);
  const label = 'Số:';
  const tail = `/${cleanText(notation)}`;
  const labelWidth = measure(style, label) + 3;
  const x = LEFT_COLUMN.x + (LEFT_COLUMN.width - labelWidth - NUMBER_BLANK - measure(style, tail)) / 2;
  composer.text(style, label, { x, baseline });
  composer.text(style, tail, { x: x + labelWidth + NUMBER_BLANK, baseline });
  return {
    number: rectOf(1, x + labelWidth, baseline, { width: NUMBER_BLANK, height: 13 }),
    date: rectOf(1, RIGHT_COLUMN.x, baseline, { width: RIGHT_COLUMN.width, height: 13 }),
  };
}

function composeSubject(composer: Composer, content: LetterContent): void {
  if (content.documentType.abbreviation === null || content.documentType.abbreviation === 'CV') {
    const style = styleOf('regular', 12);
    const lines = breakBalanced(style, `V/v ${cleanText(content.subject)}`, LEFT_COLUMN.width);
    lines.forEach((line, index) => composer.centred(style, line, LEFT_COLUMN, composer.y + 16 + index * 14));
    composer.y += 16 + Math.max(0, lines.length - 1) * 14;
    return;
  }
  const bold = styleOf('bold', 14);
  const whole = { x: BODY.left, width: BODY.width };
  composer.y += 36;
  composer.centred(bold, upper(content.documentType.name), whole, composer.y);
  const lines = breakBalanced(bold, content.subject, BODY.width * 0.82);
  composer.y = composer.centredLines(bold, lines, whole, composer.y + 18);
  const widest = Math.max(0, ...lines.map((line) => measure(bold, line)));
  composer.centredRule(whole, composer.y + 8, widest * 0.35);
  composer.y += 8;
}

/** One addressee stands on the line of "Kính gửi:"; several stand below each other as a list. */
function composeAddressees(composer: Composer, addressees: readonly string[]): void {
  const style = styleOf('regular', BODY_SIZE);
  const names = addressees.map(cleanText).filter((line) => line !== '');
  if (names.length === 0) return;
  const label = 'Kính gửi: ';
  const isList = names.length > 1;
  const listed = names.map((line, index) => {
    const end = index === names.length - 1 ? '.' : ';';
    return isList ? `- ${line.replace(/[;.]$/, '')}${end}` : line.replace(/[;.]$/, '');
  });
  const labelWidth = measure(style, label);
  const room = BODY.width - labelWidth;
  const lines = listed.flatMap((line) => breakLines(style, line, isList ? room * 0.86 : room));
  const widest = Math.max(...lines.map((line) => measure(style, line)));
  const x = BODY.left + Math.max(0, (BODY.width - labelWidth - widest) / 2);
  composer.y += 30;
  composer.text(style, label.trim(), { x, baseline: composer.y });
  if (isList) composer.y += BODY_LEADING;
  lines.forEach((line, index) =>
    composer.text(style, line, { x: x + labelWidth, baseline: composer.y + index * BODY_LEADING }),
  );
  composer.y += (lines.length - 1) * BODY_LEADING;
}

function justify(style: TextStyle, line: string, width: number): number {
  const gaps = line.split(' ').length - 1;
  return gaps === 0 ? 0 : (width - measure(style, line)) / gaps;
}

/** Two lines of a paragraph stay together at each end of a page. */
function paragraphRows(composer: Composer, paragraph: string): Row[] {
  const style = styleOf('regular', BODY_SIZE);
  const lines = breakLines(style, paragraph, BODY.width, FIRST_LINE_INDENT);
  return lines.map((line, index): Row => {
    const indent = index === 0 ? FIRST_LINE_INDENT : 0;
    const isLast = index === lines.length - 1;
    const gap = index === 0 ? PARAGRAPH_GAP : 0;
    return {
      height: BODY_LEADING + gap,
      canBreakBefore: index === 0 || (index >= 2 && lines.length - index >= 2),
      place: (page, top) =>
        composer.text(style, line, {
          page,
          x: BODY.left + indent,
          baseline: top + gap + BODY_SIZE,
          wordSpacing: isLast ? 0 : justify(style, line, BODY.width - indent),
        }),
    };
  });
}

/** Sets the rows page by page; answers where the last row stands. */
function flow(composer: Composer, rows: readonly Row[], firstTop: number): { page: number; top: number } {
  let page = 1;
  let top = firstTop;
  let start = 0;
  let last = { page, top };
  for (;;) {
    let end = start;
    let y = top;
    while (end < rows.length && y + (rows[end]?.height ?? 0) <= BODY.bottom) {
      y += rows[end]?.height ?? 0;
      end += 1;
    }
    let cut = end;
    while (cut < rows.length && cut > start && rows[cut]?.canBreakBefore !== true) cut -= 1;
    // Nothing may break, or not even one row fits: then fill the page and break anyway.
    if (cut === start && end < rows.length) cut = page > 1 || end > start ? Math.max(end, start + 1) : start;
    let position = top;
    for (const row of rows.slice(start, cut)) {
      row.place(page, position);
      last = { page, top: position };
      position += row.height;
    }
    if (cut >= rows.length) return last;
    start = cut;
    page += 1;
    top = MARGIN.top;
  }
}

interface Closing {
  readonly row: Row;
  anchors(): Pick<LayoutAnchors, 'personalSignature' | 'agencySignature'>;
  lastPage(): number;
}

function placeSignatures(
  page: number,
  positionBaseline: number,
): Pick<LayoutAnchors, 'personalSignature' | 'agencySignature'> {
  const centre = SIGNER_COLUMN.x + SIGNER_COLUMN.width / 2;
  const personalX = centre - PERSONAL_SIGNATURE.width / 2;
  // The seal's right edge stands at one third of the hand signature, seen from its left.
  const sealRight = personalX + PERSONAL_SIGNATURE.width / 3;
  const agencyX = sealRight - SEAL_DIAMETER / 2 - AGENCY_SIGNATURE.width / 2;
  // High enough that the agency name and time under the seal stay clear of the full name.
  const top = positionBaseline - 6.5 * MM;
  return {
    personalSignature: rectOf(
      page,
      personalX,
      positionBaseline + 2 * MM + PERSONAL_SIGNATURE.height,
      PERSONAL_SIGNATURE,
    ),
    agencySignature: rectOf(page, agencyX, top + AGENCY_SIGNATURE.height, AGENCY_SIGNATURE),
  };
}

function recipientLines(lines: readonly string[]): string[] {
  const names = lines.map(cleanText).filter((line) => line !== '');
  return names.map((line, index) => {
    const end = index === names.length - 1 ? '.' : ';';
    return `- ${/[;.:,]$/.test(line) ? line : `${line}${end}`}`;
  });
}

/** "Nơi nhận" at the left; a list longer than the page runs on at the top of the next one. Answers the last page. */
function composeRecipients(
  composer: Composer,
  lines: readonly string[],
  from: { page: number; baseline: number },
): number {
  const head = styleOf('boldItalic', 12);
  const small = styleOf('regular', 11);
  let { page, baseline } = from;
  const listed = recipientLines(lines);
  if (listed.length === 0) return page;
  composer.text(head, 'Nơi nhận:', { page, x: BODY.left, baseline });
  baseline += 1;
  for (const item of listed) {
    const hanging = measure(small, '- ');
    breakLines(small, item, RECIPIENTS_WIDTH - hanging).forEach((line, index) => {
      baseline += 13;
      if (baseline > BODY.bottom) {
        page += 1;
        baseline = MARGIN.top + 13;
      }
      composer.text(small, line, { page, x: BODY.left + (index === 0 ? 0 : hanging), baseline });
    });
  }
  return page;
}

function closingOf(composer: Composer, content: LetterContent): Closing {
  const bold = styleOf('bold', 14);
  const { capacityLine, positionLine, fullName } = content.signer;
  const heads = [capacityLine, positionLine]
    .filter((line) => line !== null && cleanText(line) !== '')
    .flatMap((line) => breakBalanced(bold, upper(line ?? ''), SIGNER_COLUMN.width));
  const gap = 14;
  const headHeight = Math.max(1, heads.length) * HEADING_LEADING;
  let placed = { page: 1, positionBaseline: 0 };
  let lastPage = 1;
  const place = (page: number, top: number): void => {
    composer.page = page;
    const first = top + gap + BODY_SIZE;
    const positionBaseline = composer.centredLines(bold, heads, SIGNER_COLUMN, first);
    composer.centred(bold, cleanText(fullName), SIGNER_COLUMN, positionBaseline + SIGNATURE_SPACE);
    placed = { page, positionBaseline };
    lastPage = composeRecipients(composer, content.recipientsLines, { page, baseline: first });
  };
  const height = gap + BODY_SIZE + headHeight - HEADING_LEADING + SIGNATURE_SPACE + 4;
  return {
    row: { height, canBreakBefore: false, place },
    anchors: () => placeSignatures(placed.page, placed.positionBaseline),
    lastPage: () => lastPage,
  };
}

/** The signature block never stands alone: at least two lines of the body go with it. */
function keepTwoLinesWithClosing(body: readonly Row[]): Row[] {
  return body.map((row, index) => (index === body.length - 1 ? { ...row, canBreakBefore: false } : row));
}

function composePageNumbers(composer: Composer, pageCount: number): void {
  const style = styleOf('regular', 13);
  for (let page = 2; page <= pageCount; page += 1) {
    composer.page = page;
    composer.centred(style, String(page), { x: BODY.left, width: BODY.width }, PAGE_NUMBER_BASELINE);
  }
}

export function layOutLetter(content: LetterContent): LetterLayout {
  const composer = new Composer();
  const headingEnd = Math.max(composeAgencies(composer, content), composeNation(composer));
  composer.y = headingEnd + 21;
  const heading = composeNumberLine(composer, content.notation, composer.y);
  composeSubject(composer, content);
  composeAddressees(composer, content.addressees);
  const paragraphs = content.paragraphs.flatMap((text) => text.split(/\r?\n/)).filter((text) => cleanText(text) !== '');
  const body = paragraphs.flatMap((paragraph) => paragraphRows(composer, paragraph));
  const closing = closingOf(composer, content);
  flow(composer, [...keepTwoLinesWithClosing(body), closing.row], composer.y + 12);
  const pageCount = Math.max(closing.lastPage(), ...composer.runs.map((run) => run.page));
  composePageNumbers(composer, pageCount);
  return {
    pageCount,
    runs: composer.runs,
    rules: composer.rules,
    anchors: { ...heading, ...closing.anchors() },
  };
}
