// Writes objects in one canonical form: the same value always gives the same bytes. Strings are written in
// hexadecimal, so no text of a user can look like PDF syntax (the signer searches its placeholder in its own object).

import { corrupt } from './pdf-fault.ts';
import type { PdfObject, PdfRef, PdfStream } from './objects.ts';

const REGULAR = /^[!-~]$/;
const DELIMITERS = '()<>[]{}/%#';

function serializeName(value: string): string {
  let text = '/';
  for (const character of value) {
    const isPlain = REGULAR.test(character) && !DELIMITERS.includes(character);
    text += isPlain ? character : `#${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
  }
  return text;
}

/** PDF knows no exponents; six decimals are finer than any device. */
export function serializeNumber(value: number): string {
  if (!Number.isFinite(value)) throw corrupt('A number of the file is not finite');
  if (Number.isInteger(value)) return Math.abs(value) < 1e15 ? String(value) : value.toFixed(0);
  const text = value.toFixed(6).replace(/\.?0+$/, '');
  return text === '-0' ? '0' : text;
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

const serializeStream = (object: PdfStream): Buffer =>
  Buffer.concat([
    Buffer.from(`${serialize(object.dict)}\nstream\n`, 'latin1'),
    object.raw,
    Buffer.from('\nendstream', 'latin1'),
  ]);

/** `12 0 obj … endobj` with a line end on both sides of the value. */
export function serializeIndirect(ref: PdfRef, object: PdfObject): Buffer {
  const isStream = typeof object === 'object' && object !== null && object.kind === 'stream';
  const body = isStream ? serializeStream(object) : Buffer.from(serialize(object), 'latin1');
  return Buffer.concat([
    Buffer.from(`${ref.number} ${ref.generation} obj\n`, 'latin1'),
    body,
    Buffer.from('\nendobj\n', 'latin1'),
  ]);
}
