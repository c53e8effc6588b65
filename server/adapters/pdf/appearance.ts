// The visible part of a signature, profile 2019 (TT 01/2019): a leader's signature is a blue picture without text; an
// agency's is its red seal at real size with the agency's name and the signing time to the second, +07:00. Pictures
// are vector outlines; only the agency's two text lines use a font, embedded as a subset.

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

function drawAgency(update: IncrementalUpdate, agencyName: string, signedAt: Instant, size: Size): Drawing {
  const textHeight = TEXT_LINES * TEXT_LEADING;
  const diameter = Math.min(SEAL_DIAMETER, size.width, size.height - textHeight);
  const radius = Math.max(diameter, 1) / 2;
  const seal = drawSeal(agencyName, { x: size.width / 2, y: size.height - radius }, radius);
  const lines = [agencyName.normalize('NFC'), signingTimeText(signedAt)];
  const font = embedFont(update, 'regular', lines);
  const face = loadFace('regular');
  const texts = lines.map((line, index) => {
    const natural = widthOf(face, line, TEXT_SIZE);
    const fontSize = TEXT_SIZE * Math.min(1, size.width / natural);
    const x = (size.width - widthOf(face, line, fontSize)) / 2;
    const y = Math.max(0, size.height - 2 * radius - textHeight) + (TEXT_LINES - 1 - index) * TEXT_LEADING + 1.5;
    return `BT /F0 ${n(fontSize)} Tf ${n(x)} ${n(y)} Td <${font.encode(line)}> Tj ET`;
  });
  return { content: [seal, 'q 0 g', ...texts, 'Q'].join('\n'), fonts: { F0: font.ref } };
}

/** Matrices that keep the picture upright on a page that viewers turn clockwise. */
const UPRIGHT: Readonly<Record<number, readonly number[]>> = {
  0: [1, 0, 0, 1, 0, 0],
  90: [0, 1, -1, 0, 0, 0],
  180: [-1, 0, 0, -1, 0, 0],
  270: [0, -1, 1, 0, 0, 0],
};

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
    deflateSync(Buffer.from(drawing.content, 'latin1')),
  );
}

/** The size of a drawing that fills the rectangle when seen upright. */
export const sizeOn = (rect: PageRect, rotation: number): Size =>
  rotation % 180 === 0 ? { width: rect.width, height: rect.height } : { width: rect.height, height: rect.width };

export function drawSignature(
  update: IncrementalUpdate,
  appearance: VisibleSignature,
  signedAt: Instant,
  rotation: number,
): PdfRef {
  const size = sizeOn(appearance.rect, rotation);
  const drawing =
    appearance.role === 'agency'
      ? drawAgency(update, appearance.displayName, signedAt, size)
      : { content: drawHandwriting(appearance.displayName, size.width, size.height), fonts: {} };
  return update.add(formXObject(drawing, size, rotation));
}

export const rectArray = (rect: PageRect): PdfObject =>
  array([rect.x, rect.y, rect.x + rect.width, rect.y + rect.height]);
