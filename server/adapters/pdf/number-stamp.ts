// Number and date of a signed letter, drawn later by the clerk. They are two /Stamp annotations, not page content:
// changing the content of a signed page makes viewers call the leader's signature invalid, while an added annotation
// belongs to the class "annotations" that approval signatures allow. The form is narrow on purpose, so that the
// reader of signatures can allow exactly this and nothing else: `isNumberOrDateStamp` is the other half of
// `addNumberAndDate`, and they change together.

import { AppError } from '../../shared/app-error.ts';
import type { NumberAndDate, PageRect } from '../../modules/signing/ports.ts';
import { addAnnotations, getPage } from './annotations.ts';
import { formXObject, rectArray, sizeOn } from './appearance.ts';
import type { PdfFile, PdfPage } from './core/file.ts';
import {
  decodeText,
  dict,
  isArray,
  isDict,
  isName,
  isSameRef,
  isStream,
  isString,
  name,
  textString,
} from './core/objects.ts';
import type { PdfDict, PdfObject, PdfRef } from './core/objects.ts';
import type { IncrementalUpdate } from './core/update.ts';
import { n } from './drawing.ts';
import { embedFont, loadFace, widthOf } from './fonts.ts';
import type { FaceName } from './fonts.ts';

type StampKind = 'number' | 'date';

interface StampStyle {
  readonly id: string;
  readonly face: FaceName;
  readonly size: number;
}

const STYLES: Readonly<Record<StampKind, StampStyle>> = {
  number: { id: 'TRAM-SO', face: 'regular', size: 13 },
  date: { id: 'TRAM-NGAY', face: 'italic', size: 13 },
};
/** Print, read-only, locked, locked contents. */
const FLAGS = 4 + 64 + 128 + 512;
const MAX_STAMP_WIDTH = 320;
const MAX_STAMP_HEIGHT = 30;
/** Number and date stand in the heading; a stamp below this part of the first page is not ours. */
const HEADING_SHARE = 0.6;
const DESCENT = 0.27;
const HEIGHT = 1.2;

/** Where a stamp stands: the baseline of the text is the lower edge of the anchor, as a reader sees the page. */
function stampRect(anchor: PageRect, size: number, rotation: number): PageRect {
  const below = DESCENT * size;
  const height = HEIGHT * size;
  switch (rotation) {
    case 90:
      return { ...anchor, x: anchor.x + anchor.width + below - height, width: height };
    case 180:
      return { ...anchor, y: anchor.y + anchor.height + below - height, height };
    case 270:
      return { ...anchor, x: anchor.x - below, width: height };
    default:
      return { ...anchor, y: anchor.y - below, height };
  }
}

/** The number ends where the printed "/notation" begins; the date line is centred like the lines above it. */
function drawText(
  update: IncrementalUpdate,
  kind: StampKind,
  text: string,
  width: number,
): { content: string; font: PdfRef } {
  const style = STYLES[kind];
  const face = loadFace(style.face);
  const size = style.size * Math.min(1, width / widthOf(face, text, style.size));
  const space = width - widthOf(face, text, size);
  const x = kind === 'number' ? space : space / 2;
  const font = embedFont(update, style.face, [text]);
  const content = `q 0 g BT /F0 ${n(size)} Tf ${n(x)} ${n(DESCENT * style.size)} Td <${font.encode(text)}> Tj ET Q`;
  return { content, font: font.ref };
}

/** What a picture may consist of: one line of text in black. The reader checks it against this form. */
const PICTURE = /^q 0 g BT \/F0 \d+(\.\d+)? Tf \d+(\.\d+)? \d+(\.\d+)? Td <[0-9a-f]+> Tj ET Q$/;

function addStamp(
  update: IncrementalUpdate,
  page: PdfPage,
  kind: StampKind,
  part: { text: string; anchor: PageRect },
): PdfRef {
  const text = part.text.normalize('NFC').trim();
  const style = STYLES[kind];
  const rect = stampRect(part.anchor, style.size, page.rotation);
  const size = sizeOn(rect, page.rotation);
  const drawing = drawText(update, kind, text, size.width);
  const picture = update.add(
    formXObject({ content: drawing.content, fonts: { F0: drawing.font } }, size, page.rotation),
  );
  return update.add(
    dict({
      Type: name('Annot'),
      Subtype: name('Stamp'),
      NM: textString(style.id),
      Contents: textString(text),
      Rect: rectArray(rect),
      P: page.ref,
      F: FLAGS,
      AP: dict({ N: picture }),
    }),
  );
}

/** Adds both stamps to their page in one revision. Throws AppError SIGNING_NUMBER_DRAWN when it has them already. */
export function addNumberAndDate(file: PdfFile, update: IncrementalUpdate, content: NumberAndDate): void {
  const page = getPage(file, content.numberRect.page);
  if (file.getItems(page.dict, 'Annots').some((annotation) => stampIdOf(file, annotation) !== null)) {
    throw new AppError('rejection', 'SIGNING_NUMBER_DRAWN', 'Number and date are drawn on this file already');
  }
  const stamps = [
    addStamp(update, page, 'number', { text: content.number, anchor: content.numberRect }),
    addStamp(update, page, 'date', { text: content.dateLine, anchor: content.dateRect }),
  ];
  addAnnotations(file, update, page, stamps);
}

/** The id of our stamp, or null when the annotation is not ours by name. */
export function stampIdOf(file: PdfFile, annotation: PdfObject): string | null {
  const dictionary = file.resolve(annotation);
  const id = isDict(dictionary) ? file.get(dictionary, 'NM') : null;
  const text = isString(id) ? decodeText(id) : null;
  return Object.values(STYLES).some((style) => style.id === text) ? text : null;
}

const STAMP_KEYS = new Set(['Type', 'Subtype', 'NM', 'Contents', 'Rect', 'P', 'F', 'AP']);

function standsInHeading(page: PdfPage, rect: PdfObject): boolean {
  const numbers = isArray(rect) ? rect.items : [];
  const [left, bottom, right, top] = numbers;
  if (typeof left !== 'number' || typeof bottom !== 'number') return false;
  if (typeof right !== 'number' || typeof top !== 'number') return false;
  const isTurned = page.rotation % 180 !== 0;
  const width = isTurned ? top - bottom : right - left;
  const height = isTurned ? right - left : top - bottom;
  const isSmall = width > 0 && width <= MAX_STAMP_WIDTH && height > 0 && height <= MAX_STAMP_HEIGHT;
  // Where the heading of a turned page lies is left to the agency's signature; official letters are upright.
  return isSmall && (page.rotation !== 0 || bottom >= page.box.y + page.box.height * HEADING_SHARE);
}

function isOneLineOfText(file: PdfFile, picture: PdfObject): boolean {
  if (!isStream(picture) || !isName(file.get(picture.dict, 'Subtype'), 'Form')) return false;
  return PICTURE.test(Buffer.from(file.decode(picture)).toString('latin1'));
}

/** True when an added annotation is exactly what `addNumberAndDate` adds to this page. */
export function isNumberOrDateStamp(file: PdfFile, page: PdfPage, annotation: PdfObject): boolean {
  const dictionary = file.resolve(annotation);
  if (!isDict(dictionary) || stampIdOf(file, annotation) === null) return false;
  const hasOnlyKnownKeys = [...dictionary.entries.keys()].every((key) => STAMP_KEYS.has(key));
  const pictures: PdfDict | null = file.getDict(dictionary, 'AP');
  return (
    hasOnlyKnownKeys &&
    isName(file.get(dictionary, 'Subtype'), 'Stamp') &&
    file.get(dictionary, 'F') === FLAGS &&
    isSameRef(dictionary.entries.get('P'), page.ref) &&
    standsInHeading(page, file.get(dictionary, 'Rect')) &&
    pictures?.entries.size === 1 &&
    isOneLineOfText(file, file.get(pictures, 'N'))
  );
}
