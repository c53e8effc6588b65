// Follows the cross-reference exactly as a viewer does: startxref → newest section → /Prev … (ISO 32000-1, 7.5.4,
// 7.5.8). The file is never searched for objects: an object that no section names does not exist, so what we sign
// is what a viewer shows. Loops end at a section seen before; `/Prev 0` and an empty word are no offsets.

import { decodeStream } from './filters.ts';
import { LIMITS } from './limits.ts';
import { isArray, isDict, isInteger, isName, isStream } from './objects.ts';
import type { PdfDict, PdfObject, PdfStream } from './objects.ts';
import { ObjectParser } from './parser.ts';
import { corrupt, PdfFault } from './pdf-fault.ts';

export type XrefEntry =
  | { readonly kind: 'free' }
  | { readonly kind: 'offset'; readonly offset: number; readonly generation: number }
  | { readonly kind: 'compressed'; readonly container: number; readonly index: number };

export type XrefFlavour = 'table' | 'stream';

export interface Xref {
  readonly entries: ReadonlyMap<number, XrefEntry>;
  /** Of the newest section: the one whose /Root counts. */
  readonly trailer: PdfDict;
  /** An increment continues in the flavour of the newest section; mixing breaks viewers. */
  readonly flavour: XrefFlavour;
  /** Offset of the newest section as `startxref` gives it. */
  readonly start: number;
  /** Where every section stands in the file, newest first: the history of its revisions. */
  readonly sections: readonly number[];
  /** Bytes before the %PDF- header that the file's own offsets do not count; 0 in almost every file. */
  readonly shift: number;
}

interface Section {
  readonly entries: Map<number, XrefEntry>;
  readonly dictionary: PdfDict;
  readonly flavour: XrefFlavour;
}

/** Values inside cross-reference streams are direct by the standard; anything else reads as absent. */
const direct = (object: PdfObject | undefined): PdfObject =>
  object === undefined || (typeof object === 'object' && object?.kind === 'ref') ? null : object;

function findStart(bytes: Uint8Array): number {
  const tailStart = Math.max(0, bytes.length - LIMITS.trailerWindowBytes);
  const tail = Buffer.from(bytes.subarray(tailStart)).toString('latin1');
  const at = tail.lastIndexOf('startxref');
  if (at < 0) throw corrupt('The file has no startxref: it is cut off or not a PDF');
  return new ObjectParser(bytes, tailStart + at + 'startxref'.length).readInteger();
}

function looksLikeSection(bytes: Uint8Array, offset: number): boolean {
  if (offset < 0 || offset >= bytes.length) return false;
  const parser = new ObjectParser(bytes, offset);
  return /^(xref|\d+)$/.test(parser.readWord());
}

interface TableRow {
  readonly offset: number;
  readonly generation: number;
  readonly isUsed: boolean;
}

function readTableRow(parser: ObjectParser): TableRow {
  const offset = parser.readInteger();
  const generation = parser.readInteger();
  const kind = parser.readWord();
  if (offset < 0 || generation < 0) throw corrupt('A cross-reference entry is negative');
  if (kind !== 'n' && kind !== 'f') throw corrupt('A cross-reference entry is neither used nor free');
  // No object can stand at byte 0, so a used entry there is how some writers mark a hole.
  return { offset, generation, isUsed: kind === 'n' && offset !== 0 };
}

const SPACE = 0x20;
const ROW_BYTES = 20;

/** Digits at a place, or -1 when something else stands there. */
function digitsAt(bytes: Uint8Array, start: number, count: number): number {
  let value = 0;
  for (let index = start; index < start + count; index += 1) {
    const digit = (bytes[index] ?? 0) - 0x30;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** `0000000015 00000 n` and two bytes of line end, as the standard fixes it; null for what has to be read with care. */
function readFixedRow(parser: ObjectParser): TableRow | null {
  const { bytes, position } = parser;
  const kind = bytes[position + 17];
  const isUsed = kind === 0x6e;
  if (bytes[position + 10] !== SPACE || bytes[position + 16] !== SPACE || (!isUsed && kind !== 0x66)) return null;
  const [first, second] = [bytes[position + 18] ?? 0, bytes[position + 19] ?? 0];
  if ((first !== SPACE && first !== 0x0d) || (second !== 0x0a && second !== 0x0d)) return null;
  const offset = digitsAt(bytes, position, 10);
  const generation = digitsAt(bytes, position + 11, 5);
  if (offset < 0 || generation < 0) return null;
  parser.position += ROW_BYTES;
  return { offset, generation, isUsed: isUsed && offset !== 0 };
}

function readSubsection(parser: ObjectParser, entries: Map<number, XrefEntry>, start: number): void {
  const count = parser.readInteger();
  if (count < 0) throw corrupt('A cross-reference subsection is negative');
  let first = start;
  parser.skipSpace();
  for (let index = 0; index < count; index += 1) {
    const { offset, generation, isUsed } = readFixedRow(parser) ?? readTableRow(parser);
    // Some producers number the table from 1 although its first row is the free head, object 0.
    if (index === 0 && first === 1 && !isUsed && offset === 0 && generation === 65_535) first = 0;
    setEntry(entries, first + index, isUsed ? { kind: 'offset', offset, generation } : { kind: 'free' });
  }
}

/** Inside one section the first word about an object wins. */
function setEntry(entries: Map<number, XrefEntry>, number: number, entry: XrefEntry): void {
  if (number > LIMITS.objectNumber) throw new PdfFault('too-complex', 'An object number is too high');
  if (entries.size >= LIMITS.xrefEntries) throw new PdfFault('too-complex', 'The cross-reference is too long');
  if (!entries.has(number)) entries.set(number, entry);
}

function readTable(parser: ObjectParser): Section {
  const entries = new Map<number, XrefEntry>();
  parser.expectWord('xref');
  for (;;) {
    const word = parser.readWord();
    if (word === 'trailer') break;
    if (!/^\d{1,10}$/.test(word)) throw corrupt('The cross-reference table has no trailer');
    readSubsection(parser, entries, Number(word));
  }
  const dictionary = parser.parseObject();
  if (!isDict(dictionary)) throw corrupt('The trailer is not a dictionary');
  return { entries, dictionary, flavour: 'table' };
}

function readStreamEntry(row: Uint8Array, widths: readonly number[]): XrefEntry {
  let position = 0;
  const fields = widths.map((width) => {
    let value = 0;
    for (let index = 0; index < width; index += 1) value = value * 256 + (row[position + index] ?? 0);
    position += width;
    return value;
  });
  const type = widths[0] === 0 ? 1 : fields[0];
  const [, second = 0, third = 0] = fields;
  if (type === 1) return { kind: 'offset', offset: second, generation: third };
  if (type === 2) return { kind: 'compressed', container: second, index: third };
  return { kind: 'free' };
}

function widthsOf(dictionary: PdfDict): readonly number[] {
  const widths = direct(dictionary.entries.get('W'));
  const items = isArray(widths) ? widths.items : [];
  const numbers = items.filter(isInteger);
  const isSound = numbers.length === 3 && items.length === 3 && numbers.every((width) => width >= 0 && width <= 6);
  if (!isSound) throw corrupt('A cross-reference stream has no usable /W');
  return numbers;
}

function readStreamSection(object: PdfStream): Section {
  const entries = new Map<number, XrefEntry>();
  const widths = widthsOf(object.dict);
  const rowBytes = widths.reduce((sum, width) => sum + width, 0);
  if (rowBytes === 0) throw corrupt('A cross-reference stream has empty rows');
  const data = decodeStream(object, direct);
  const size = direct(object.dict.entries.get('Size'));
  const indexObject = direct(object.dict.entries.get('Index'));
  const index = isArray(indexObject) ? indexObject.items : [0, size];
  let position = 0;
  for (let pair = 0; pair + 1 < index.length; pair += 2) {
    const first = index[pair];
    const count = index[pair + 1];
    if (!isInteger(first) || !isInteger(count) || first < 0) throw corrupt('A cross-reference /Index is unusable');
    for (let row = 0; row < count && position + rowBytes <= data.length; row += 1) {
      setEntry(entries, first + row, readStreamEntry(data.subarray(position, position + rowBytes), widths));
      position += rowBytes;
    }
  }
  return { entries, dictionary: object.dict, flavour: 'stream' };
}

function readSection(bytes: Uint8Array, offset: number): Section {
  if (!looksLikeSection(bytes, offset)) throw corrupt(`No cross-reference section at byte ${offset}`);
  const parser = new ObjectParser(bytes, offset);
  parser.skipSpace();
  if (parser.startsWith('xref')) return readTable(parser);
  const { value } = parser.parseIndirect((length) => (isInteger(length) ? length : null));
  if (!isStream(value) || !isName(value.dict.entries.get('Type'), 'XRef')) {
    throw corrupt(`No cross-reference section at byte ${offset}`);
  }
  return readStreamSection(value);
}

/** Offsets named by a section: null for absent, and for 0, which some writers put for "none". */
function offsetIn(dictionary: PdfDict, key: string): number | null {
  const value = direct(dictionary.entries.get(key));
  if (typeof value !== 'number' || value === 0) return null;
  if (!isInteger(value) || value < 0) throw corrupt(`/${key} is not an offset`);
  return value;
}

/** A hybrid file hides objects as free in the table and names them in /XRefStm, which then counts. */
function addHybrid(section: Section, bytes: Uint8Array, shift: number): void {
  const offset = section.flavour === 'table' ? offsetIn(section.dictionary, 'XRefStm') : null;
  if (offset === null) return;
  for (const [number, entry] of readSection(bytes, offset + shift).entries) {
    const known = section.entries.get(number);
    if (known === undefined || known.kind === 'free') section.entries.set(number, entry);
  }
}

/** Newer sections win. The oldest one holds nearly everything, so the newer ones are laid over it, not it under them. */
function mergeEntries(newestFirst: readonly Section[]): ReadonlyMap<number, XrefEntry> {
  const [oldest, ...newer] = [...newestFirst].reverse();
  const entries = oldest?.entries ?? new Map<number, XrefEntry>();
  for (const section of newer) {
    for (const [number, entry] of section.entries) entries.set(number, entry);
    if (entries.size > LIMITS.xrefEntries) throw new PdfFault('too-complex', 'The cross-reference is too long');
  }
  return entries;
}

/** The sections of the base are read already; a copy, because the base goes on being used. */
const baseSection = ({ entries, trailer, flavour }: Xref): Section => ({
  entries: new Map(entries),
  dictionary: trailer,
  flavour,
});

/** `base`: the cross-reference of a file with which `bytes` begin, byte for byte; it is not read again. */
export function readXref(bytes: Uint8Array, headerOffset: number, base?: Xref): Xref {
  const start = findStart(bytes);
  const shift = looksLikeSection(bytes, start + headerOffset) ? headerOffset : 0;
  const sections: Section[] = [];
  const seen = new Set<number>();
  let older: readonly number[] = [];
  for (let offset: number | null = start; offset !== null && !seen.has(offset);) {
    if (seen.size >= LIMITS.xrefSections) throw new PdfFault('too-complex', 'Too many cross-reference sections');
    seen.add(offset);
    if (base !== undefined && offset === base.start && shift === base.shift) {
      sections.push(baseSection(base));
      older = base.sections.slice(1);
      break;
    }
    const section: Section = readSection(bytes, offset + shift);
    addHybrid(section, bytes, shift);
    sections.push(section);
    offset = offsetIn(section.dictionary, 'Prev');
  }
  const [newest] = sections;
  if (newest === undefined) throw corrupt('The file has no cross-reference');
  return {
    entries: mergeEntries(sections),
    trailer: newest.dictionary,
    flavour: newest.flavour,
    start,
    sections: [...[...seen].map((offset) => offset + shift), ...older],
    shift,
  };
}
