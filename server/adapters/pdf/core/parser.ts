// Reads one PDF object at a position. It knows nothing about other objects: a reference stays a reference, and the
// length of a stream is asked from the caller. Every loop advances or throws, so hostile bytes end in a PdfFault.

import { decodePlainHex, hexValue } from './hex.ts';
import { LIMITS } from './limits.ts';
import { array, byteString, isInteger, name, reference } from './objects.ts';
import type { PdfDict, PdfObject, PdfRef, PdfStream, PdfString } from './objects.ts';
import { corrupt, PdfFault } from './pdf-fault.ts';

const SPACES = [0x00, 0x09, 0x0a, 0x0c, 0x0d, 0x20];
const DELIMITERS = [...'()<>[]{}/%'].map((character) => character.charCodeAt(0));
/** 1 for white space, 2 for delimiters: a table, because every byte of a file's structure is asked. */
const CLASS = new Uint8Array(256);
for (const byte of SPACES) CLASS[byte] = 1;
for (const byte of DELIMITERS) CLASS[byte] = 2;
const LF = 0x0a;
const CR = 0x0d;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)$/;
/** Five digits in the cross-reference. */
const MAX_GENERATION = 99_999;
const ESCAPES: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, b: 8, f: 12 };

const isSpace = (byte: number | undefined): boolean => byte !== undefined && CLASS[byte] === 1;
const isRegular = (byte: number | undefined): byte is number => byte !== undefined && CLASS[byte] === 0;

export interface IndirectObject {
  readonly ref: PdfRef;
  readonly value: PdfObject;
}

/** Answers the integer behind a /Length entry, or null when it cannot be known. */
export type LengthResolver = (length: PdfObject | undefined) => number | null;

export class ObjectParser {
  readonly bytes: Uint8Array;
  /** The same bytes, for their text; no copy. */
  readonly #text: Buffer;
  position: number;

  constructor(bytes: Uint8Array, position: number) {
    this.bytes = bytes;
    this.#text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.position = position;
  }

  skipSpace(): void {
    for (;;) {
      const byte = this.bytes[this.position];
      if (byte === undefined) return;
      if (CLASS[byte] === 1) this.position += 1;
      else if (byte === 0x25) this.#skipComment();
      else return;
    }
  }

  #skipComment(): void {
    for (;;) {
      const byte = this.bytes[this.position];
      if (byte === undefined || byte === LF || byte === CR) return;
      this.position += 1;
    }
  }

  /** A run of regular characters; empty at a delimiter or at the end, which no caller may take for a number. */
  readWord(): string {
    this.skipSpace();
    const start = this.position;
    while (isRegular(this.bytes[this.position])) this.position += 1;
    return this.#text.toString('latin1', start, this.position);
  }

  expectWord(word: string): void {
    const found = this.readWord();
    if (found !== word) throw corrupt(`Expected '${word}' at byte ${this.position}`);
  }

  readInteger(): number {
    const word = this.readWord();
    if (!/^[+-]?\d{1,15}$/.test(word)) throw corrupt(`Expected an integer at byte ${this.position}`);
    return Number(word);
  }

  startsWith(text: string, position = this.position): boolean {
    for (let index = 0; index < text.length; index += 1) {
      if (this.bytes[position + index] !== text.charCodeAt(index)) return false;
    }
    return true;
  }

  parseObject(depth = 0): PdfObject {
    if (depth > LIMITS.nestingDepth) throw new PdfFault('too-complex', 'An object is nested too deeply');
    this.skipSpace();
    const byte = this.bytes[this.position];
    if (byte === undefined) throw corrupt('The file ends inside an object');
    switch (String.fromCharCode(byte)) {
      case '/':
        return this.#parseName();
      case '(':
        return this.#parseLiteral();
      case '[':
        return this.#parseArray(depth);
      case '<':
        return this.startsWith('<<') ? this.#parseDict(depth) : this.#parseHex();
      default:
        return this.#parseWord();
    }
  }

  /** A plain non-negative integer of at most nine digits, which most words of a file are; -1 for everything else. */
  #readDigits(): number {
    let at = this.position;
    let value = 0;
    for (let byte = this.bytes[at] ?? 0; byte >= 0x30 && byte <= 0x39; byte = this.bytes[at] ?? 0) {
      value = value * 10 + byte - 0x30;
      at += 1;
    }
    const length = at - this.position;
    if (length === 0 || length > 9 || isRegular(this.bytes[at])) return -1;
    this.position = at;
    return value;
  }

  #parseWord(): PdfObject {
    const digits = this.#readDigits();
    if (digits >= 0) return this.#tryReference(digits) ?? digits;
    const word = this.readWord();
    if (word === 'true') return true;
    if (word === 'false') return false;
    if (word === 'null') return null;
    if (!NUMBER.test(word)) throw corrupt(`Unexpected '${word.slice(0, 20)}' at byte ${this.position}`);
    const value = Number(word);
    return /^\d{1,10}$/.test(word) ? (this.#tryReference(value) ?? value) : value;
  }

  /** `12 0 R`: two more words decide whether a number was the start of a reference. */
  #tryReference(number: number): PdfRef | null {
    const start = this.position;
    this.skipSpace();
    const generation = this.#readDigits();
    if (generation >= 0 && generation <= MAX_GENERATION) {
      this.skipSpace();
      if (this.bytes[this.position] === 0x52 && !isRegular(this.bytes[this.position + 1])) {
        this.position += 1;
        return reference(number, generation);
      }
    }
    this.position = start;
    return null;
  }

  #parseName(): PdfObject {
    this.position += 1;
    let end = this.position;
    while (isRegular(this.bytes[end]) && this.bytes[end] !== 0x23) end += 1;
    let value = this.#text.toString('latin1', this.position, end);
    this.position = end;
    for (;;) {
      const byte = this.bytes[this.position];
      if (!isRegular(byte)) return name(value);
      const high = hexValue(this.bytes[this.position + 1] ?? 0);
      const low = hexValue(this.bytes[this.position + 2] ?? 0);
      const isEscape = byte === 0x23 && high >= 0 && low >= 0;
      value += String.fromCharCode(isEscape ? high * 16 + low : byte);
      this.position += isEscape ? 3 : 1;
    }
  }

  /** The CMS of a signature is thousands of plain digits; null for what has to be read with care. */
  #parsePlainHex(): PdfString | null {
    const start = this.position;
    const end = this.bytes.indexOf(0x3e, start);
    if (end < 0 || (end - start) % 2 === 1) return null;
    const bytes = decodePlainHex(this.bytes.subarray(start, end));
    if (bytes === null) return null;
    this.position = end + 1;
    return byteString(bytes);
  }

  #parseHex(): PdfString {
    this.position += 1;
    const plain = this.#parsePlainHex();
    if (plain !== null) return plain;
    const digits: number[] = [];
    for (;;) {
      const byte = this.bytes[this.position];
      if (byte === undefined) throw corrupt('The file ends inside a string');
      this.position += 1;
      if (byte === 0x3e) break;
      if (isSpace(byte)) continue;
      const value = hexValue(byte);
      if (value < 0) throw corrupt('A hexadecimal string holds another character');
      digits.push(value);
    }
    if (digits.length % 2 === 1) digits.push(0);
    const bytes = new Uint8Array(digits.length / 2);
    for (let index = 0; index < bytes.length; index += 1) {
      bytes[index] = (digits[2 * index] ?? 0) * 16 + (digits[2 * index + 1] ?? 0);
    }
    return byteString(bytes);
  }

  #parseLiteral(): PdfString {
    this.position += 1;
    const bytes: number[] = [];
    for (let open = 1; ;) {
      const byte = this.bytes[this.position];
      if (byte === undefined) throw corrupt('The file ends inside a string');
      this.position += 1;
      if (byte === 0x5c) {
        this.#parseEscape(bytes);
        continue;
      }
      if (byte === 0x28) open += 1;
      if (byte === 0x29) open -= 1;
      if (open === 0) return byteString(Uint8Array.from(bytes));
      bytes.push(byte);
    }
  }

  #parseEscape(bytes: number[]): void {
    const octal = /^[0-7]{1,3}/.exec(this.#text.toString('latin1', this.position, this.position + 3));
    if (octal !== null) {
      bytes.push(Number.parseInt(octal[0], 8) & 0xff);
      this.position += octal[0].length;
      return;
    }
    const byte = this.bytes[this.position];
    if (byte === undefined) throw corrupt('The file ends inside a string');
    this.position += 1;
    if (byte === CR && this.bytes[this.position] === LF) this.position += 1;
    if (byte === CR || byte === LF) return;
    bytes.push(ESCAPES[String.fromCharCode(byte)] ?? byte);
  }

  #parseArray(depth: number): PdfObject {
    this.position += 1;
    const items: PdfObject[] = [];
    for (;;) {
      this.skipSpace();
      if (this.bytes[this.position] === 0x5d) {
        this.position += 1;
        return array(items);
      }
      items.push(this.parseObject(depth + 1));
    }
  }

  #parseDict(depth: number): PdfDict {
    this.position += 2;
    const entries = new Map<string, PdfObject>();
    for (;;) {
      this.skipSpace();
      if (this.startsWith('>>')) {
        this.position += 2;
        return { kind: 'dict', entries };
      }
      const key = this.parseObject(depth + 1);
      if (typeof key !== 'object' || key?.kind !== 'name') throw corrupt('A dictionary key is not a name');
      entries.set(key.value, this.parseObject(depth + 1));
    }
  }

  /** `12 0 obj … endobj` at the current position, with its stream if it has one. */
  parseIndirect(resolveLength: LengthResolver): IndirectObject {
    const number = this.readInteger();
    const generation = this.readInteger();
    this.expectWord('obj');
    const value = this.parseObject();
    const isDictionary = typeof value === 'object' && value?.kind === 'dict';
    const afterValue = this.position;
    if (isDictionary && this.readWord() === 'stream') {
      return { ref: reference(number, generation), value: this.#parseStream(value, resolveLength) };
    }
    this.position = afterValue;
    return { ref: reference(number, generation), value };
  }

  #parseStream(dictionary: PdfDict, resolveLength: LengthResolver): PdfStream {
    if (this.bytes[this.position] === CR) this.position += 1;
    if (this.bytes[this.position] === LF) this.position += 1;
    const start = this.position;
    const length = resolveLength(dictionary.entries.get('Length'));
    if (length !== null && isInteger(length) && length >= 0 && start + length <= this.bytes.length) {
      this.position = start + length;
      while (isSpace(this.bytes[this.position])) this.position += 1;
      if (this.startsWith('endstream')) {
        return { kind: 'stream', dict: dictionary, raw: this.bytes.subarray(start, start + length) };
      }
    }
    return this.#parseStreamToKeyword(dictionary, start);
  }

  /** /Length is wrong in many real files; viewers then take the data up to the keyword, and so do we. */
  #parseStreamToKeyword(dictionary: PdfDict, start: number): PdfStream {
    const found = this.#text.indexOf('endstream', start);
    if (found < 0) throw corrupt('A stream has no end');
    let end = found;
    if (this.bytes[end - 1] === LF) end -= 1;
    if (this.bytes[end - 1] === CR) end -= 1;
    this.position = found;
    return { kind: 'stream', dict: dictionary, raw: this.bytes.subarray(start, Math.max(start, end)) };
  }
}
