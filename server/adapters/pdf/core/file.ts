// One PDF file as a viewer sees it: objects by number through the cross-reference, the catalog and the pages.
// Opening refuses what cannot be read soundly (PdfFault); nothing is repaired, because a repaired file is another
// file than the one that the signer looked at.

import { decodeStream } from './filters.ts';
import { LIMITS } from './limits.ts';
import { isArray, isDict, isInteger, isName, isRef, isStream, reference } from './objects.ts';
import type { PdfDict, PdfObject, PdfRef, PdfStream } from './objects.ts';
import { ObjectParser } from './parser.ts';
import { corrupt, PdfFault } from './pdf-fault.ts';
import { readXref } from './xref.ts';
import type { Xref } from './xref.ts';

export interface PdfPage {
  readonly ref: PdfRef;
  readonly dict: PdfDict;
  /** x, y, width, height of what a viewer shows: the crop box inside the media box. */
  readonly box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  /** Clockwise: 0, 90, 180 or 270. */
  readonly rotation: number;
  readonly resources: PdfDict;
}

const INHERITED = ['MediaBox', 'CropBox', 'Rotate', 'Resources'] as const;
type Inherited = Readonly<Partial<Record<(typeof INHERITED)[number], PdfObject>>>;

export interface Extent {
  readonly start: number;
  readonly end: number;
}

export class PdfFile {
  readonly bytes: Uint8Array;
  readonly xref: Xref;
  readonly #objects = new Map<number, PdfObject>();
  readonly #containers = new Map<number, Container>();
  /** Where the objects that stand in the file by themselves begin and end. */
  readonly #extents = new Map<number, Extent>();
  /** Objects being read right now: a stream whose length leads back to itself must not recurse. */
  readonly #reading = new Set<number>();
  #decodedBytes = 0;

  constructor(bytes: Uint8Array, xref: Xref) {
    this.bytes = bytes;
    this.xref = xref;
  }

  get trailer(): PdfDict {
    return this.xref.trailer;
  }

  /** Follows references to a value; an object that does not exist is null, as the standard says. */
  resolve(object: PdfObject | undefined): PdfObject {
    let current: PdfObject = object ?? null;
    for (let hop = 0; isRef(current); hop += 1) {
      if (hop > LIMITS.referenceHops) throw corrupt('References lead in a circle');
      current = this.#load(current);
    }
    return current;
  }

  /** The value of a dictionary entry, references followed; null when absent. */
  get(dictionary: PdfDict, key: string): PdfObject {
    return this.resolve(dictionary.entries.get(key));
  }

  getDict(dictionary: PdfDict, key: string): PdfDict | null {
    const value = this.get(dictionary, key);
    return isDict(value) ? value : null;
  }

  /** The items of an array entry; empty when it is absent or no array. */
  getItems(dictionary: PdfDict, key: string): readonly PdfObject[] {
    const value = this.get(dictionary, key);
    return isArray(value) ? value.items : [];
  }

  decode(object: PdfStream): Uint8Array {
    const data = decodeStream(object, (value) => this.resolve(value));
    this.#decodedBytes += data.length;
    if (this.#decodedBytes > LIMITS.decodedTotalBytes) throw new PdfFault('too-complex', 'The file expands too far');
    return data;
  }

  /** Where the object stands in the file, once it has been read; null inside an object stream. */
  extentOf(ref: PdfRef): Extent | null {
    this.#load(ref);
    return this.#extents.get(ref.number) ?? null;
  }

  #load(ref: PdfRef): PdfObject {
    const cached = this.#objects.get(ref.number);
    const entry = this.xref.entries.get(ref.number);
    if (entry === undefined || entry.kind === 'free') return null;
    if (entry.kind === 'offset' && entry.generation !== ref.generation) return null;
    if (cached !== undefined) return cached;
    if (this.#reading.has(ref.number)) throw corrupt('An object needs itself to be read');
    this.#reading.add(ref.number);
    try {
      const value =
        entry.kind === 'offset'
          ? this.#readAt(ref, entry.offset + this.xref.shift)
          : this.#readCompressed(ref.number, entry.container, entry.index);
      this.#objects.set(ref.number, value);
      return value;
    } finally {
      this.#reading.delete(ref.number);
    }
  }

  #readAt(ref: PdfRef, offset: number): PdfObject {
    const parser = new ObjectParser(this.bytes, offset);
    const found = parser.parseIndirect((length) => {
      const value = this.resolve(length);
      return isInteger(value) ? value : null;
    });
    if (found.ref.number !== ref.number) {
      throw corrupt(`The cross-reference says that object ${ref.number} is at byte ${offset}, where another one is`);
    }
    this.#extents.set(ref.number, { start: offset, end: parser.position });
    return found.value;
  }

  #readCompressed(number: number, container: number, index: number): PdfObject {
    const holder = this.xref.entries.get(container);
    if (holder?.kind !== 'offset') throw corrupt('An object stream is not a plain object');
    const object = this.#load(reference(container, holder.generation));
    if (!isStream(object) || !isName(this.get(object.dict, 'Type'), 'ObjStm')) {
      throw corrupt(`Object ${container} is not an object stream`);
    }
    let opened = this.#containers.get(container);
    if (opened === undefined) {
      opened = openContainer(this.decode(object), this.get(object.dict, 'First'), this.get(object.dict, 'N'));
      this.#containers.set(container, opened);
    }
    return readFromContainer(opened, { number, index });
  }
}

/** An object stream with its header read: asking for each object by counting from the start would be quadratic. */
interface Container {
  readonly data: Uint8Array;
  readonly numbers: readonly number[];
  readonly offsets: readonly number[];
}

function openContainer(data: Uint8Array, first: PdfObject, count: PdfObject): Container {
  if (!isInteger(first) || !isInteger(count) || first < 0) throw corrupt('An object stream has no usable header');
  const header = new ObjectParser(data, 0);
  const numbers: number[] = [];
  const offsets: number[] = [];
  while (numbers.length < count && header.position < first) {
    header.skipSpace();
    if (header.position >= first) break;
    numbers.push(header.readInteger());
    offsets.push(header.readInteger() + first);
  }
  return { data, numbers, offsets };
}

function readFromContainer(
  { data, numbers, offsets }: Container,
  wanted: { readonly number: number; readonly index: number },
): PdfObject {
  const offset = offsets[wanted.index];
  if (offset === undefined) throw corrupt('An object stream has no such index');
  if (numbers[wanted.index] !== wanted.number) throw corrupt('An object stream holds another object at this index');
  if (offset < 0) throw corrupt('An object stream names a negative offset');
  return new ObjectParser(data, offset).parseObject();
}

/** Position of %PDF-, which stands in the first kilobyte. */
function findHeader(bytes: Uint8Array): number {
  const head = Buffer.from(bytes.subarray(0, LIMITS.headerWindowBytes)).toString('latin1');
  const at = head.search(/%PDF-\d/);
  if (at < 0) throw new PdfFault('not-pdf', 'The file does not begin with a PDF header');
  return at;
}

/**
 * Throws PdfFault when the bytes are no PDF, broken, encrypted or beyond the limits. `base`: the open file with which
 * `bytes` begin, byte for byte; the caller has compared them.
 */
export function openPdf(bytes: Uint8Array, base?: PdfFile): PdfFile {
  const file = new PdfFile(bytes, readXref(bytes, findHeader(bytes), base?.xref));
  // `/Encrypt null` is the same as no entry.
  if (file.get(file.trailer, 'Encrypt') !== null) throw new PdfFault('encrypted', 'The file is encrypted');
  catalogOf(file);
  return file;
}

export function catalogOf(file: PdfFile): { readonly ref: PdfRef; readonly dict: PdfDict } {
  const ref = file.trailer.entries.get('Root');
  const catalog = file.resolve(ref);
  if (!isRef(ref) || !isDict(catalog)) throw corrupt('The file has no catalog');
  return { ref, dict: catalog };
}

interface PageNode {
  readonly ref: PdfRef;
  readonly depth: number;
  readonly inherited: Inherited;
}

function inherit(node: PdfDict, from: Inherited): Inherited {
  const own = INHERITED.map((key) => [key, node.entries.get(key) ?? null] as const);
  return { ...from, ...Object.fromEntries(own.filter(([, value]) => value !== null)) };
}

const pagesByFile = new WeakMap<PdfFile, readonly PdfPage[]>();

/** All pages in reading order, walked once per file. Throws PdfFault when the page tree is no tree. */
export function pagesOf(file: PdfFile): readonly PdfPage[] {
  const known = pagesByFile.get(file);
  if (known !== undefined) return known;
  const pages = [...walkPages(file)];
  pagesByFile.set(file, pages);
  return pages;
}

/** The page with this number, counted from 1, without walking further; undefined when there are fewer. */
export function findPage(file: PdfFile, number: number): PdfPage | undefined {
  const known = pagesByFile.get(file);
  if (known !== undefined) return known[number - 1];
  let count = 0;
  for (const page of walkPages(file)) {
    count += 1;
    if (count === number) return page;
  }
  return undefined;
}

function* walkPages(file: PdfFile): Generator<PdfPage> {
  const visited = new Set<number>();
  const root = catalogOf(file).dict.entries.get('Pages');
  const stack: PageNode[] = isRef(root) ? [{ ref: root, depth: 0, inherited: {} }] : [];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (visited.has(node.ref.number)) throw corrupt('The page tree has a loop');
    visited.add(node.ref.number);
    if (visited.size > LIMITS.pages || node.depth > LIMITS.pageTreeDepth) {
      throw new PdfFault('too-complex', 'The page tree is too large');
    }
    const dictionary = file.resolve(node.ref);
    if (!isDict(dictionary)) throw corrupt('A node of the page tree is not a dictionary');
    const inherited = inherit(dictionary, node.inherited);
    if (!dictionary.entries.has('Kids')) {
      yield readPage(file, node.ref, dictionary, inherited);
      continue;
    }
    const kids = file.getItems(dictionary, 'Kids');
    for (let index = kids.length - 1; index >= 0; index -= 1) {
      const ref = kids[index];
      if (!isRef(ref)) throw corrupt('A page is not an indirect object');
      stack.push({ ref, depth: node.depth + 1, inherited });
    }
  }
}

type Box = PdfPage['box'];

function boxOf(file: PdfFile, object: PdfObject | undefined): Box | null {
  const value = file.resolve(object);
  const numbers = isArray(value) ? value.items.map((item) => file.resolve(item)) : [];
  const [left, bottom, right, top] = numbers;
  if (typeof left !== 'number' || typeof bottom !== 'number' || typeof right !== 'number' || typeof top !== 'number') {
    return null;
  }
  return {
    x: Math.min(left, right),
    y: Math.min(bottom, top),
    width: Math.abs(right - left),
    height: Math.abs(top - bottom),
  };
}

function intersection(outer: Box, inner: Box): Box {
  const x = Math.max(outer.x, inner.x);
  const y = Math.max(outer.y, inner.y);
  const width = Math.min(outer.x + outer.width, inner.x + inner.width) - x;
  const height = Math.min(outer.y + outer.height, inner.y + inner.height) - y;
  return width > 0 && height > 0 ? { x, y, width, height } : outer;
}

function readPage(file: PdfFile, ref: PdfRef, dictionary: PdfDict, inherited: Inherited): PdfPage {
  const mediaBox = boxOf(file, inherited.MediaBox);
  if (mediaBox === null) throw corrupt('A page has no size');
  const cropBox = boxOf(file, inherited.CropBox);
  const rotate = file.resolve(inherited.Rotate);
  const turns = isInteger(rotate) && rotate % 90 === 0 ? rotate : 0;
  const resources = file.resolve(inherited.Resources);
  return {
    ref,
    dict: dictionary,
    box: cropBox === null ? mediaBox : intersection(mediaBox, cropBox),
    rotation: ((turns % 360) + 360) % 360,
    resources: isDict(resources) ? resources : { kind: 'dict', entries: new Map() },
  };
}
