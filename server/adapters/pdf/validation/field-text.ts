// Does the picture of a text field show its value? A filled form whose picture says something else than its value is the
// simplest forgery that "form filling" allows. Only what can be read for certain is compared; colours and fonts are not.

import type { PdfFile } from '../core/file.ts';
import { decodeText, isStream, isString } from '../core/objects.ts';
import type { PdfObject } from '../core/objects.ts';
import { PdfFault } from '../core/pdf-fault.ts';
import { ObjectParser } from '../core/parser.ts';

export type ShownText = 'same' | 'other' | 'unreadable';

const MAX_OPERATORS = 20_000;
const plain = (text: string): string => text.normalize('NFKC').replace(/[^\p{L}\p{N}]/gu, '');

/** The strings that a content stream shows, as simple Latin codes and as two-byte codes. */
function shownStrings(content: Uint8Array): {
  readonly latin: string;
  readonly wide: string;
  readonly hasText: boolean;
} {
  const parser = new ObjectParser(content, 0);
  let latin = '';
  const bytes: Uint8Array[] = [];
  let pending: Uint8Array[] = [];
  for (let operators = 0; operators < MAX_OPERATORS; operators += 1) {
    parser.skipSpace();
    if (parser.position >= content.length) break;
    const byte = content[parser.position] ?? 0;
    if (byte === 0x28 || byte === 0x3c || byte === 0x5b) {
      const object = parser.parseObject();
      pending = stringsIn(object);
      continue;
    }
    const word = parser.readWord();
    if (word === '') parser.position += 1;
    if (word === 'Tj' || word === 'TJ' || word === "'" || word === '"') bytes.push(...pending);
    if (!/^[-+.\d]/.test(word)) pending = [];
  }
  for (const item of bytes) latin += Buffer.from(item).toString('latin1');
  const joined = Buffer.concat(bytes);
  const even = Buffer.from(joined.subarray(0, joined.length - (joined.length % 2)));
  return { latin, wide: even.swap16().toString('utf16le'), hasText: bytes.some((item) => item.length > 0) };
}

function stringsIn(object: PdfObject): Uint8Array[] {
  if (isString(object)) return [object.bytes];
  if (typeof object === 'object' && object !== null && object.kind === 'array') return object.items.flatMap(stringsIn);
  return [];
}

/** `unreadable` when the font's codes are not letters, or the stream is packed in a way that is not read here. */
export function compareShownText(file: PdfFile, appearance: PdfObject, value: PdfObject): ShownText {
  if (!isStream(appearance)) return 'unreadable';
  const wanted = isString(value) ? plain(decodeText(value)) : '';
  try {
    const { latin, wide, hasText } = shownStrings(file.decode(appearance));
    if (!hasText) return wanted === '' ? 'same' : 'unreadable';
    if (wanted === '') return 'other';
    if (plain(latin) === wanted || plain(wide) === wanted) return 'same';
    // Lines are broken, cut off or masked in many viewers; what is shown must still come from the value.
    const shown = plain(latin);
    if (/^[\x20-\x7e\s]*$/.test(latin) && shown !== '')
      return wanted.includes(shown) || shown.includes(wanted) ? 'same' : 'other';
    return 'unreadable';
  } catch (error) {
    if (error instanceof PdfFault) return 'unreadable';
    throw error;
  }
}
