// The visible part of a signature, by the rules in force when it was made. A leader's is a blue picture without text in
// both profiles. An agency's is in 2019 (TT 01/2019) its red seal at real size with name and signing time; in 2020
// (NĐ 30/2020, annex I) the seal alone, and on annexes and certified copies text alone, 10 points, at the top right.

import { deflateSync } from 'node:zlib';
import { vietnamIso } from '../../shared/time.ts';
import type { Instant } from '../../shared/time.ts';
import type { PageRect, VisibleSignature } from '../../modules/signing/ports.ts';
import { array, dict, name, stream } from './core/objects.ts';
import type { PdfObject, PdfRef } from './core/objects.ts';
import type { IncrementalUpdate } from './core/update.ts';
import { n } from './drawing.ts';
import { embedFont, loadFace, widthOf } from './fonts.ts';
import { drawHandwriting } from './handwriting.ts';
import { createMemo } from './memo.ts';
import { drawSeal } from './seal.ts';

export interface Drawing {
  readonly content: string;
  readonly fonts: Readonly<Record<string, PdfRef>>;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

const POINTS_PER_MM = 72 / 25.4;
/** Diameter of the round seal of an agency (Circular 07/2010/TT-BCA and its successors: 36 mm). */
const SEAL_DIAMETER = 36 * POINTS_PER_MM;
const TEXT_SIZE = 6;
const TEXT_LEADING = 7;
const TEXT_LINES = 2;

/** `06/05/2019 08:00:00 +07:00` */
export function signingTimeText(at: Instant): string {
  const iso = vietnamIso(at);
  return `${iso.slice(8, 10)}/${iso.slice(5, 7)}/${iso.slice(0, 4)} ${iso.slice(11, 19)} ${iso.slice(19)}`;
}

/** Time as a PDF date, `D:20190506080000+07'00'`. */
export function pdfDate(at: Instant): string {
  return `D:${vietnamIso(at).slice(0, 19).replace(/\D/g, '')}+07'00'`;
}

/** Reads a PDF date with zone; null when it has none or is out of range. */
export function parsePdfDate(text: string): Date | null {
  const match = /^D:(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(?:(Z)(?:00'00'?)?|([+-])(\d{2})'(\d{2})'?)$/.exec(text);
  if (match === null) return null;
  const [, year, month, day, hour, minute, second, zulu, sign, zoneHour, zoneMinute] = match;
  const zone = zulu === 'Z' ? 'Z' : `${sign}${zoneHour}:${zoneMinute}`;
  const date = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}${zone}`);
  return Number.isNaN(date.getTime()) ? null : date;
}

interface TextStyle {
  readonly size: number;
  readonly leading: number;
  readonly align: 'center' | 'right';
}

interface TextBlock {
  readonly lines: readonly string[];
  readonly style: TextStyle;
  /** Height of the lowest baseline. */
  readonly bottom: number;
}

/** Lines in black Tinos, made narrower where they would be wider than the box. */
function drawText(update: IncrementalUpdate, { lines, style, bottom }: TextBlock, size: Size): Drawing {
  const font = embedFont(update, 'regular', lines);
  const face = loadFace('regular');
  const texts = lines.map((line, index) => {
    const fontSize = style.size * Math.min(1, size.width / widthOf(face, line, style.size));
    const space = size.width - widthOf(face, line, fontSize);
    const x = style.align === 'center' ? space / 2 : space;
    const y = bottom + (lines.length - 1 - index) * style.leading;
    return `BT /F0 ${n(fontSize)} Tf ${n(x)} ${n(y)} Td <${font.encode(line)}> Tj ET`;
  });
  return { content: ['q 0 g', ...texts, 'Q'].join('\n'), fonts: { F0: font.ref } };
}

const SEAL_TEXT: TextStyle = { size: TEXT_SIZE, leading: TEXT_LEADING, align: 'center' };
/** NĐ 30/2020, annex I: Times New Roman, upright, 10 points, black. */
export const CORNER_TEXT: TextStyle = { size: 10, leading: 12, align: 'right' };

/** Seal above, agency name and signing time below. */
function drawSealWithText(update: IncrementalUpdate, agencyName: string, signedAt: Instant, size: Size): Drawing {
  const textHeight = TEXT_LINES * TEXT_LEADING;
  const radius = Math.max(Math.min(SEAL_DIAMETER, size.width, size.height - textHeight), 1) / 2;
  const seal = drawSeal(agencyName, { x: size.width / 2, y: size.height - radius }, radius);
  const lines = [agencyName.normalize('NFC'), signingTimeText(signedAt)];
  const bottom = Math.max(0, size.height - 2 * radius - textHeight) + 1.5;
  const text = drawText(update, { lines, style: SEAL_TEXT, bottom }, size);
  return { content: `${seal}\n${text.content}`, fonts: text.fonts };
}

function drawSealAlone(agencyName: string, size: Size): Drawing {
  const radius = Math.max(Math.min(SEAL_DIAMETER, size.width, size.height), 1) / 2;
  return { content: drawSeal(agencyName, { x: size.width / 2, y: size.height / 2 }, radius), fonts: {} };
}

/** What stands at the top right of an annex or a certified copy; null where the profile shows a seal. */
export function cornerLines(appearance: VisibleSignature, signedAt: Instant): readonly string[] | null {
  const { form, displayName } = appearance;
  if (appearance.role !== 'agency' || appearance.profile !== '2020' || form === undefined) return null;
  const time = signingTimeText(signedAt);
  if (form.kind === 'annex') return [form.documentNumber.normalize('NFC'), time];
  return form.kind === 'copy' ? [form.copyForm, displayName.normalize('NFC'), time] : null;
}

function drawAgency(update: IncrementalUpdate, appearance: VisibleSignature, signedAt: Instant, size: Size): Drawing {
  const lines = cornerLines(appearance, signedAt);
  if (lines !== null) {
    const bottom = Math.max(0, size.height - lines.length * CORNER_TEXT.leading) + 2.7;
    return drawText(update, { lines, style: CORNER_TEXT, bottom }, size);
  }
  if (appearance.profile === '2020') return drawSealAlone(appearance.displayName, size);
  return drawSealWithText(update, appearance.displayName, signedAt, size);
}

/** Matrices that keep the picture upright on a page that viewers turn clockwise. */
const UPRIGHT: Readonly<Record<number, readonly number[]>> = {
  0: [1, 0, 0, 1, 0, 0],
  90: [0, 1, -1, 0, 0, 0],
  180: [-1, 0, 0, -1, 0, 0],
  270: [0, -1, 1, 0, 0, 0],
};

const packed = createMemo<Uint8Array>();
const pictures = createMemo<string>();

/** A form XObject of this size for a page with this rotation. */
export function formXObject(drawing: Drawing, size: Size, rotation: number): PdfObject {
  return stream(
    {
      Type: name('XObject'),
      Subtype: name('Form'),
      BBox: array([0, 0, size.width, size.height]),
      Matrix: array(UPRIGHT[rotation] ?? [1, 0, 0, 1, 0, 0]),
      Resources: dict({ Font: dict(drawing.fonts) }),
      Filter: name('FlateDecode'),
    },
    packed.get(drawing.content, () => deflateSync(Buffer.from(drawing.content, 'latin1'))),
  );
}

/** The size of a drawing that fills the rectangle when seen upright. */
export const sizeOn = (rect: PageRect, rotation: number): Size =>
  rotation % 180 === 0 ? { width: rect.width, height: rect.height } : { width: rect.height, height: rect.width };

const handwriting = (fullName: string, { width, height }: Size): string =>
  pictures.get(`${width} ${height} ${fullName}`, () => drawHandwriting(fullName, width, height));

export function drawSignature(
  update: IncrementalUpdate,
  appearance: VisibleSignature,
  signedAt: Instant,
  rotation: number,
): PdfRef {
  const size = sizeOn(appearance.rect, rotation);
  const drawing =
    appearance.role === 'agency'
      ? drawAgency(update, appearance, signedAt, size)
      : { content: handwriting(appearance.displayName, size), fonts: {} };
  return update.add(formXObject(drawing, size, rotation));
}

export const rectArray = (rect: PageRect): PdfObject =>
  array([rect.x, rect.y, rect.x + rect.width, rect.y + rect.height]);
