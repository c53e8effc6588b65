// Writes objects in one canonical form: the same value always gives the same bytes. Strings are written in
// hexadecimal, so no text of a user can look like PDF syntax (the signer searches its placeholder in its own object).

import { corrupt } from './pdf-fault.ts';
import type { PdfObject, PdfRef } from './objects.ts';

const REGULAR = /^[!-~]$/;
const DELIMITERS = '()<>[]{}/%#';

/** What almost every name consists of. */
const PLAIN_NAME = /^[\w.+-]*$/;

function serializeName(value: string): string {
  if (PLAIN_NAME.test(value)) return `/${value}`;
  let text = '/';
  for (const character of value) {
    const isPlain = REGULAR.test(character) && !DELIMITERS.includes(character);
    text += isPlain ? character : `#${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
  }
  return text;
}

/**
 * A number that was read is written back as the same number: a page that is written anew with a rounded /MediaBox would be
 * another page to whoever compares the revisions. PDF knows no exponents.
 */
export function serializeNumber(value: number): string {
  if (!Number.isFinite(value)) throw corrupt('A number of the file is not finite');
  if (Number.isInteger(value)) return Math.abs(value) < 1e15 ? String(value) : value.toFixed(0);
  const text = String(value);
  if (!text.includes('e')) return text;
  const fixed = value.toFixed(20).replace(/\.?0+$/, '');
  return fixed === '-0' ? '0' : fixed;
}

/** Everything except streams, which have bytes of their own (`serializeIndirect`). */
export function serialize(object: PdfObject): string {
  if (object === null) return 'null';
  if (typeof object === 'boolean') return String(object);
  if (typeof object === 'number') return serializeNumber(object);
  switch (object.kind) {
    case 'name':
      return serializeName(object.value);
    case 'string':
      return `<${Buffer.from(object.bytes).toString('hex')}>`;
    case 'ref':
      return `${object.number} ${object.generation} R`;
    case 'array':
      return `[${object.items.map(serialize).join(' ')}]`;
    case 'dict':
      return `<<${[...object.entries].map(([key, value]) => `${serializeName(key)} ${serialize(value)}`).join(' ')}>>`;
    case 'raw':
      return object.text;
    case 'stream':
      throw corrupt('A stream stands inside another object');
  }
}

/** Text is one byte for each character; bytes are taken as they are. */
export type Piece = string | Uint8Array;

/**
 * `12 0 obj … endobj` with a line end on both sides of the value, in pieces: the writer puts them into the file itself, so
 * that neither the room for a signature nor a picture is copied on the way.
 */
export function serializeIndirect(ref: PdfRef, object: PdfObject): readonly Piece[] {
  const head = `${ref.number} ${ref.generation} obj\n`;
  const isStream = typeof object === 'object' && object !== null && object.kind === 'stream';
  return isStream
    ? [`${head}${serialize(object.dict)}\nstream\n`, object.raw, '\nendstream\nendobj\n']
    : [`${head}${serialize(object)}\nendobj\n`];
}
