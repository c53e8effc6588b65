// Where signatures belong on a page: the leader's above the printed name, the agency's seal over the left third of it, and
// annex or copy marks at the top right of page 1. A proposal, which people may move before they sign.

import type { Instant } from '../../shared/time.ts';
import type { PageRect, VisibleSignature } from '../../modules/signing/ports.ts';
import { CORNER_TEXT, cornerLines } from './appearance.ts';
import { pagesOf } from './core/file.ts';
import type { PdfFile, PdfPage } from './core/file.ts';
import { loadFace, widthOf } from './fonts.ts';
import { withOpenFile } from './increments.ts';
import { MM, sizeSeen, toPage, toSeen } from './page-place.ts';
import { linesOf, readPageFragments } from './page-text.ts';
import type { TextFragment } from './page-text.ts';

export interface SignaturePlaces {
  readonly personal: PageRect;
  readonly agency: PageRect;
}

const PERSONAL = { width: 46 * MM, height: 26 * MM } as const;
const SEAL_BOX = { width: 46 * MM, height: 41.3 * MM } as const;
const SEAL_DIAMETER = 36 * MM;
/** Clear of the accents of the printed name. */
const ABOVE_NAME = 1.3;
/** The seal may come closer, but the name and time below it (2019) must not be printed over the signer's name. */
const CLEAR_OF_NAME = 1.05;
const CORNER_MARGIN = { right: 10 * MM, top: 4 * MM } as const;
/** Pages searched from the end: the signature stands on the last page of the text, annexes may follow. */
const MAX_PAGES = 60;

const fold = (text: string): string => text.normalize('NFC').toLocaleUpperCase('vi').replace(/\s+/g, '');

interface Found {
  /** Middle of the name and its baseline, as seen. */
  readonly center: number;
  readonly baseline: number;
  readonly size: number;
}

/** A name may be shown in several pieces; the line is searched as one text without spaces. */
function findInLine(page: PdfPage, line: readonly TextFragment[], wanted: string): Found | null {
  const folded = line.map((fragment) => fold(fragment.text));
  const start = folded.join('').lastIndexOf(wanted);
  if (start < 0) return null;
  let position = 0;
  const index = folded.findIndex((text) => {
    const holds = start >= position && start < position + text.length;
    if (!holds) position += text.length;
    return holds;
  });
  const fragment = line[index];
  const text = folded[index];
  if (fragment === undefined || text === undefined) return null;
  // Positions inside a fragment and its width are measured with Tinos, which has the widths of Times New Roman.
  const measure = (part: string): number => measureOrGuess(part, fragment.size);
  const seen = toSeen(page, fragment.x, fragment.y);
  const before = text.slice(0, start - position);
  const shown = fragment.text.trim();
  const ratio = text.length === 0 ? 0 : measure(shown) / Math.max(1, text.length);
  return {
    center: seen.x + before.length * ratio + (wanted.length * ratio) / 2,
    baseline: seen.y,
    size: fragment.size,
  };
}

function measureOrGuess(text: string, size: number): number {
  const face = loadFace('bold');
  const known = [...text].filter((character) => face.font.hasGlyphForCodePoint(character.codePointAt(0) ?? 0)).join('');
  return widthOf(face, known, size) + (text.length - known.length) * size * 0.5;
}

const clamp = (value: number, most: number): number => Math.max(0, Math.min(value, most));

function placesAround(page: PdfPage, number: number, { center, baseline, size }: Found): SignaturePlaces {
  const seen = sizeSeen(page);
  const left = clamp(center - PERSONAL.width / 2, seen.width - PERSONAL.width);
  const bottom = clamp(baseline + ABOVE_NAME * size, seen.height - PERSONAL.height);
  // The seal lies over the left third of the signature.
  const sealLeft = left + PERSONAL.width / 3 - SEAL_DIAMETER - (SEAL_BOX.width - SEAL_DIAMETER) / 2;
  return {
    personal: toPage(page, number, { x: left, y: bottom, ...PERSONAL }),
    agency: toPage(page, number, {
      x: clamp(sealLeft, seen.width - SEAL_BOX.width),
      y: clamp(baseline + CLEAR_OF_NAME * size, seen.height - SEAL_BOX.height),
      ...SEAL_BOX,
    }),
  };
}

/** Of several places with the name the last one counts: it is printed last under the text. */
function findOnPages(file: PdfFile, signerName: string): SignaturePlaces | null {
  const wanted = fold(signerName);
  if (wanted === '') return null;
  const pages = pagesOf(file);
  for (let number = pages.length; number > Math.max(0, pages.length - MAX_PAGES); number -= 1) {
    const page = pages[number - 1];
    if (page === undefined) continue;
    const found = linesOf(readPageFragments(file, page)).map((line) => findInLine(page, line, wanted));
    const last = found.filter((place) => place !== null).pop();
    if (last !== undefined) return placesAround(page, number, last);
  }
  return null;
}

/** null when the name is not found as text. Throws AppError SIGNING_PDF_UNREADABLE. */
export const findSignaturePlaces = (pdf: Uint8Array, signerName: string): SignaturePlaces | null =>
  withOpenFile(pdf, (file) => findOnPages(file, signerName));

/** A box for annex and copy marks that holds their text, at the top right of page 1. */
export function placeAtTopRight(
  pdf: Uint8Array,
  appearance: Omit<VisibleSignature, 'rect'>,
  signedAt: Instant,
): PageRect | null {
  return withOpenFile(pdf, (file) => {
    const page = pagesOf(file)[0];
    if (page === undefined) return null;
    const seen = sizeSeen(page);
    const rect = { page: 1, x: 0, y: 0, width: 0, height: 0 };
    const lines = cornerLines({ ...appearance, rect }, signedAt);
    const face = loadFace('regular');
    const size =
      lines === null
        ? { width: SEAL_BOX.width, height: SEAL_BOX.height }
        : {
            width: Math.max(...lines.map((line) => widthOf(face, line, CORNER_TEXT.size))) + 1,
            height: lines.length * CORNER_TEXT.leading,
          };
    const box = {
      x: clamp(seen.width - CORNER_MARGIN.right - size.width, seen.width),
      y: clamp(seen.height - CORNER_MARGIN.top - size.height, seen.height),
      ...size,
    };
    return toPage(page, 1, box);
  });
}
