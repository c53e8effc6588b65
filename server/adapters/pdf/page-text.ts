// Reads the lines of text of one page, cheaply: the page's own content streams, fonts with a ToUnicode map or plain
// Latin codes. Enough to notice a stamp that is plainly there; text in pictures, forms or odd encodings is not seen.

import type { PdfFile, PdfPage } from './core/file.ts';
import { isArray, isDict, isName, isStream, isString } from './core/objects.ts';
import type { PdfObject, PdfStream } from './core/objects.ts';
import { ObjectParser } from './core/parser.ts';
import { PdfFault } from './core/pdf-fault.ts';

const MAX_OPERATORS = 200_000;
const MAX_RANGE = 65_536;
const MAX_SAVED = 100;

interface TextFont {
  readonly codeBytes: 1 | 2;
  readonly unicode: ReadonlyMap<number, string> | null;
}

/** a b c d e f of the PDF standard. */
type Matrix = readonly [number, number, number, number, number, number];
const IDENTITY: Matrix = [1, 0, 0, 1, 0, 0];

/** First `left`, then `right`. */
const multiply = (left: Matrix, right: Matrix): Matrix => [
  left[0] * right[0] + left[1] * right[2],
  left[0] * right[1] + left[1] * right[3],
  left[2] * right[0] + left[3] * right[2],
  left[2] * right[1] + left[3] * right[3],
  left[4] * right[0] + left[5] * right[2] + right[4],
  left[4] * right[1] + left[5] * right[3] + right[5],
];

interface Cursor {
  font: TextFont | null;
  fontSize: number;
  /** Start of the current line, without the page's transformation. */
  line: Matrix;
  leading: number;
  page: Matrix;
}

/** A piece of text where it stands on the page, in the page's own units. */
export interface TextFragment {
  readonly x: number;
  readonly y: number;
  /** Of the font as it appears. */
  readonly size: number;
  readonly text: string;
}

const codeOf = (hex: string): number => Number.parseInt(hex, 16);
function textOfHex(hex: string): string {
  const bytes = Buffer.from(hex.length % 4 === 0 ? hex : hex.padStart(4, '0'), 'hex');
  return bytes
    .subarray(0, bytes.length - (bytes.length % 2))
    .swap16()
    .toString('utf16le');
}

/** The bfchar and bfrange entries of a ToUnicode map. */
function readToUnicode(source: string): Map<number, string> {
  const map = new Map<number, string>();
  for (const [, body = ''] of source.matchAll(/beginbfchar([\s\S]*?)endbfchar/g)) {
    for (const [, code = '', text = ''] of body.matchAll(/<([0-9a-f]+)>\s*<([0-9a-f]+)>/gi)) {
      map.set(codeOf(code), textOfHex(text));
    }
  }
  for (const [, body = ''] of source.matchAll(/beginbfrange([\s\S]*?)endbfrange/g)) {
    const ranges = body.matchAll(/<([0-9a-f]+)>\s*<([0-9a-f]+)>\s*(?:<([0-9a-f]+)>|\[([^\]]*)\])/gi);
    for (const [, first = '', last = '', start, list] of ranges)
      addRange(map, codeOf(first), codeOf(last), start ?? list ?? '');
  }
  return map;
}

function addRange(map: Map<number, string>, first: number, last: number, target: string): void {
  const listed = [...target.matchAll(/<([0-9a-f]+)>/gi)].map(([, hex = '']) => textOfHex(hex));
  const base = textOfHex(target.replace(/[^0-9a-f]/gi, '').slice(0, 4)).charCodeAt(0);
  for (let code = first; code <= last && code - first < MAX_RANGE; code += 1) {
    const text = listed.length > 0 ? listed[code - first] : String.fromCharCode(base + code - first);
    if (text !== undefined) map.set(code, text);
  }
}

function readFont(file: PdfFile, object: PdfObject): TextFont | null {
  const font = file.resolve(object);
  if (!isDict(font)) return null;
  const toUnicode = file.get(font, 'ToUnicode');
  const unicode = isStream(toUnicode) ? readToUnicode(Buffer.from(file.decode(toUnicode)).toString('latin1')) : null;
  return { codeBytes: isName(file.get(font, 'Subtype'), 'Type0') ? 2 : 1, unicode };
}

function decodeShown(font: TextFont | null, bytes: Uint8Array): string {
  if (font === null) return '';
  let text = '';
  for (let index = 0; index + font.codeBytes <= bytes.length; index += font.codeBytes) {
    const code = font.codeBytes === 2 ? (bytes[index] ?? 0) * 256 + (bytes[index + 1] ?? 0) : (bytes[index] ?? 0);
    text += font.unicode?.get(code) ?? (font.codeBytes === 1 ? String.fromCharCode(code) : '');
  }
  return text;
}

class TextReader {
  readonly fragments: TextFragment[] = [];
  readonly #file: PdfFile;
  readonly #fonts: ReadonlyMap<string, PdfObject>;
  readonly #cursor: Cursor = { font: null, fontSize: 0, line: IDENTITY, leading: 0, page: IDENTITY };
  readonly #saved: Matrix[] = [];
  readonly #known = new Map<string, TextFont | null>();

  constructor(file: PdfFile, page: PdfPage) {
    this.#file = file;
    this.#fonts = file.getDict(page.resources, 'Font')?.entries ?? new Map<string, PdfObject>();
  }

  read(content: Uint8Array): void {
    const parser = new ObjectParser(content, 0);
    let operands: PdfObject[] = [];
    for (let count = 0; count < MAX_OPERATORS; count += 1) {
      parser.skipSpace();
      const byte = content[parser.position];
      if (byte === undefined) return;
      if (!isOperatorStart(byte)) {
        operands.push(parser.parseObject());
        continue;
      }
      const operator = parser.readWord();
      if (operator === 'BI') return;
      if (operator === 'true' || operator === 'false' || operator === 'null') continue;
      this.#apply(operator, operands);
      operands = [];
    }
  }

  #apply(operator: string, operands: readonly PdfObject[]): void {
    const cursor = this.#cursor;
    const numbers = operands.filter((operand) => typeof operand === 'number');
    const [first = 0, second = 0, third = 0, fourth = 0, fifth = 0, sixth = 0] = numbers;
    const matrix: Matrix = [first, second, third, fourth, fifth, sixth];
    if (operator === 'q' && this.#saved.length < MAX_SAVED) this.#saved.push(cursor.page);
    else if (operator === 'Q') cursor.page = this.#saved.pop() ?? cursor.page;
    else if (operator === 'cm') cursor.page = multiply(matrix, cursor.page);
    else if (operator === 'BT') cursor.line = IDENTITY;
    else if (operator === 'Tf') this.#setFont(operands[0], first);
    else if (operator === 'TL') cursor.leading = first;
    else if (operator === 'Tm') cursor.line = matrix;
    else if (operator === 'Td') this.#moveBy(first, second);
    else if (operator === 'TD') {
      cursor.leading = -second;
      this.#moveBy(first, second);
    } else if (operator === 'T*') this.#moveBy(0, -cursor.leading);
    else if (operator === 'Tj' || operator === 'TJ') this.#show(operands);
    else if (operator === "'" || operator === '"') {
      this.#moveBy(0, -cursor.leading);
      this.#show(operands);
    }
  }

  #moveBy(x: number, y: number): void {
    this.#cursor.line = multiply([1, 0, 0, 1, x, y], this.#cursor.line);
  }

  #setFont(operand: PdfObject | undefined, size: number): void {
    if (!isName(operand)) return;
    this.#cursor.fontSize = size;
    if (!this.#known.has(operand.value)) {
      this.#known.set(operand.value, readFont(this.#file, this.#fonts.get(operand.value) ?? null));
    }
    this.#cursor.font = this.#known.get(operand.value) ?? null;
  }

  #show(operands: readonly PdfObject[]): void {
    const parts = operands.flatMap((operand) => (isArray(operand) ? operand.items : [operand]));
    // A large step back to the left inside TJ is how many producers write a space.
    const text = parts
      .map((part) => {
        if (isString(part)) return decodeShown(this.#cursor.font, part.bytes);
        return typeof part === 'number' && part < -200 ? ' ' : '';
      })
      .join('');
    const seen = multiply(this.#cursor.line, this.#cursor.page);
    const size = Math.abs(this.#cursor.fontSize) * Math.hypot(seen[2], seen[3]);
    this.fragments.push({ x: seen[4], y: seen[5], size, text });
  }
}

const isOperatorStart = (byte: number): boolean =>
  (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a) || byte === 0x27 || byte === 0x22;

function contentStreamsOf(file: PdfFile, page: PdfPage): readonly PdfStream[] {
  const contents = file.get(page.dict, 'Contents');
  const parts = isArray(contents) ? contents.items.map((item) => file.resolve(item)) : [contents];
  return parts.filter(isStream);
}

/** In the order of the content. What cannot be read ends the reading; the file itself may be perfectly good. */
export function readPageFragments(file: PdfFile, page: PdfPage): readonly TextFragment[] {
  const reader = new TextReader(file, page);
  try {
    for (const part of contentStreamsOf(file, page)) reader.read(file.decode(part));
  } catch (error) {
    if (!(error instanceof PdfFault)) throw error;
  }
  return reader.fragments;
}

/** Fragments of one line, left to right; lines from top to bottom. */
export function linesOf(fragments: readonly TextFragment[]): readonly (readonly TextFragment[])[] {
  const lines = new Map<number, TextFragment[]>();
  for (const fragment of fragments) {
    const line = lines.get(Math.round(fragment.y));
    if (line === undefined) lines.set(Math.round(fragment.y), [fragment]);
    else line.push(fragment);
  }
  return [...lines.entries()]
    .sort(([left], [right]) => right - left)
    .map(([, line]) => line.sort((left, right) => left.x - right.x));
}

/** Lines from top to bottom, fragments of one line joined by spaces. */
export const readPageLines = (file: PdfFile, page: PdfPage): readonly string[] =>
  linesOf(readPageFragments(file, page)).map(joinLine);

const joinLine = (fragments: readonly TextFragment[]): string =>
  fragments
    .map((fragment) => fragment.text)
    .join(' ')
    .normalize('NFC')
    .replace(/\s+/g, ' ')
    .trim();
