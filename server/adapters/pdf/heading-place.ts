// Where number and date belong on an uploaded file: searched for in the text of its first page, because headings of three or
// four lines push "Số:" down and nobody's template is exactly ours. A proposal, which people may move before they sign.

import type { PageRect } from '../../modules/signing/ports.ts';
import type { PdfFile, PdfPage } from './core/file.ts';
import { loadFace, widthOf } from './fonts.ts';
import { MM, sizeSeen, toPage, toSeen } from './page-place.ts';
import { linesOf, readPageFragments } from './page-text.ts';
import type { TextFragment } from './page-text.ts';

export interface HeadingPlaces {
  readonly number: PageRect;
  readonly date: PageRect;
}

interface Piece {
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly text: string;
}

/** The reader of signatures allows stamps in this part of the page only. */
const HEADING_SHARE = 0.6;
const STAMP_SIZE = 13;
const HEIGHT = 4.6 * MM;
const MIN_NUMBER_WIDTH = 6 * MM;
const MAX_NUMBER_WIDTH = 30 * MM;
const GAP = 1.5;
const DATE = { right: 15 * MM, width: 98 * MM } as const;
const NUMBER_LABEL = /^\s*Số\s*:?/u;
const DATE_LINE = /ngày.*tháng.*năm/iu;

const measure = (text: string, size: number): number => widthOf(loadFace('regular'), text.normalize('NFC'), size);

function piecesOf(page: PdfPage, line: readonly TextFragment[]): readonly Piece[] {
  return line
    .map(({ x, y, size, text }) => ({ ...toSeen(page, x, y), size, text: text.normalize('NFC') }))
    .filter(({ text }) => text.trim() !== '');
}

/** Where a word begins that stands inside a piece; null when the piece does not hold it. */
const startOf = ({ x, text, size }: Piece, word: string): number | null => {
  const index = text.indexOf(word);
  return index < 0 ? null : x + measure(text.slice(0, index), size);
};

/** The blank between "Số:" and the "/" of the notation; as wide as a number when no notation follows. */
function numberBlank(pieces: readonly Piece[]): { readonly left: number; readonly right: number } | null {
  const index = pieces.findIndex(({ text }) => NUMBER_LABEL.test(text));
  const label = pieces[index];
  const printed = label === undefined ? undefined : NUMBER_LABEL.exec(label.text)?.[0];
  if (label === undefined || printed === undefined) return null;
  // A number that is printed already needs no place, and a sentence that begins with "Số" is no heading.
  const rest = `${label.text.slice(printed.length)}${pieces
    .slice(index + 1)
    .map(({ text }) => text)
    .join('')}`;
  if (!/^[\s.…_]*(\/|$)/u.test(rest)) return null;
  const left = label.x + measure(printed, label.size) + GAP;
  const slash =
    pieces
      .slice(index)
      .map((piece) => startOf(piece, '/'))
      .find((x) => x !== null) ?? null;
  if (slash === null) return { left, right: left + 2 * MIN_NUMBER_WIDTH };
  const right = Math.min(slash - GAP / 2, left + MAX_NUMBER_WIDTH);
  return right - left < MIN_NUMBER_WIDTH ? null : { left, right };
}

/** null when no "Số:" with room behind it stands in the heading. */
export function findHeadingPlaces(file: PdfFile, page: PdfPage): HeadingPlaces | null {
  const seen = sizeSeen(page);
  const lines = linesOf(readPageFragments(file, page))
    .map((line) => piecesOf(page, line))
    .filter(([first]) => first !== undefined && first.y > seen.height * HEADING_SHARE);
  const found = lines.flatMap((pieces) => {
    const blank = numberBlank(pieces);
    const y = pieces[0]?.y;
    return blank === null || y === undefined || blank.left > seen.width / 2 ? [] : [{ ...blank, y }];
  })[0];
  if (found === undefined) return null;
  const printed = lines.flat().find(({ text }) => DATE_LINE.test(text));
  // Over a printed "ngày … tháng … năm" two texts would lie on each other: then the date stands below it.
  const y = printed === undefined ? found.y : printed.y - 1.25 * STAMP_SIZE;
  const width = Math.min(DATE.width, seen.width / 2);
  const date = { x: seen.width - Math.min(DATE.right, seen.width / 20) - width, y, width, height: HEIGHT };
  const number = { x: found.left, y: found.y, width: found.right - found.left, height: HEIGHT };
  return { number: toPage(page, 1, number), date: toPage(page, 1, date) };
}
