// Which bytes a signature covers. The gap must be exactly the hexadecimal text of /Contents inside the signature's
// own object: every freedom here is a known attack (moved second block, swapped dictionary, gap with room for more).

import type { PdfFile } from './core/file.ts';
import { decodePlainHex } from './core/hex.ts';
import { isArray, isInteger, isRef, isString } from './core/objects.ts';
import type { PdfDict, PdfObject } from './core/objects.ts';
import { isBlank } from './validation/tail.ts';

export interface Coverage {
  /** The two signed parts, as views on the file. */
  readonly before: Uint8Array;
  readonly after: Uint8Array;
  /** The CMS with its zero padding. */
  readonly contents: Uint8Array;
  /** End of the signed revision in the file. */
  readonly end: number;
  readonly coversWholeFile: boolean;
}

function rangeOf(dictionary: PdfDict): readonly [number, number, number, number] | null {
  // Direct numbers only: what stands in another object could be replaced later without touching a signed byte.
  const value = dictionary.entries.get('ByteRange');
  const numbers = isArray(value) && value.items.length === 4 ? value.items.filter(isInteger) : [];
  const [start, gapStart, gapEnd, length] = numbers;
  if (start === undefined || gapStart === undefined || gapEnd === undefined || length === undefined) return null;
  return [start, gapStart, gapEnd, length];
}

/** Exactly `<`, two digits for each byte, `>`: no white space, no room for anything else. */
function isHexOf(gap: Uint8Array, bytes: Uint8Array): boolean {
  if (gap[0] !== 0x3c || gap[gap.length - 1] !== 0x3e || gap.length !== 2 * bytes.length + 2) return false;
  const digits = decodePlainHex(gap.subarray(1, -1));
  return digits !== null && Buffer.compare(digits, bytes) === 0;
}

/** Of two entries with one key readers take the first or the last, as they like: then nobody knows what was signed. */
function hasTwice(before: Uint8Array, after: Uint8Array): boolean {
  const text = `${Buffer.from(before).toString('latin1')} ${Buffer.from(after).toString('latin1')}`;
  const unescape = (name: string): string =>
    name.replace(/#([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  const names = [...text.matchAll(/\/([^\s\0()<>[\]{}/%]+)/g)].map(([, name = '']) => unescape(name));
  return ['ByteRange', 'Contents'].some((key) => names.filter((name) => name === key).length !== 1);
}

/** null when the byte range does not cover everything except the contents of this very signature. */
export function findCoverage(file: PdfFile, holder: PdfObject, dictionary: PdfDict): Coverage | null {
  const range = rangeOf(dictionary);
  // Of the object that holds the signature dictionary; none inside an object stream.
  const extent = isRef(holder) ? file.extentOf(holder) : null;
  const contents = dictionary.entries.get('Contents');
  if (range === null || extent === null || !isString(contents)) return null;
  const [start, gapStart, gapEnd, length] = range;
  const end = gapEnd + length;
  const isInside = start === 0 && gapStart > extent.start && gapEnd > gapStart + 2 && gapEnd < extent.end;
  if (!isInside || length <= 0 || end > file.bytes.length) return null;
  if (!isHexOf(file.bytes.subarray(gapStart, gapEnd), contents.bytes)) return null;
  if (hasTwice(file.bytes.subarray(extent.start, gapStart), file.bytes.subarray(gapEnd, extent.end))) return null;
  const rest = file.bytes.subarray(end);
  return {
    before: file.bytes.subarray(0, gapStart),
    after: file.bytes.subarray(gapEnd, end),
    contents: contents.bytes,
    end,
    coversWholeFile: isBlank(rest),
  };
}
