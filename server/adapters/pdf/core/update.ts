// Appends one revision to a file. The base stays untouched byte for byte, the new cross-reference section has the
// flavour of the newest old one, and /Root, /Info and /ID are carried over: the three things on which earlier
// signatures and picky viewers depend.

import type { PdfFile } from './file.ts';
import { LIMITS } from './limits.ts';
import { array, dict, isInteger, name, reference, stream } from './objects.ts';
import type { PdfObject, PdfRef } from './objects.ts';
import { PdfFault } from './pdf-fault.ts';
import { serialize, serializeIndirect } from './serialize.ts';
import type { Piece } from './serialize.ts';

export interface WrittenRevision {
  readonly bytes: Uint8Array;
  /** Where each object of the revision begins in `bytes`, by object number. */
  readonly offsets: ReadonlyMap<number, number>;
}

const KEPT_TRAILER_KEYS = ['Root', 'Info', 'ID'] as const;
const LF = 0x0a;

export class IncrementalUpdate {
  readonly #file: PdfFile;
  readonly #objects = new Map<number, { readonly ref: PdfRef; readonly object: PdfObject }>();
  #nextNumber: number;

  constructor(file: PdfFile) {
    this.#file = file;
    // /Size may be too small in real files: never reuse a number that any section or the trailer mentions.
    const size = file.get(file.trailer, 'Size');
    let next = isInteger(size) ? size : 1;
    for (const number of file.xref.entries.keys()) next = Math.max(next, number + 1);
    this.#nextNumber = next;
  }

  reserve(): PdfRef {
    if (this.#nextNumber >= LIMITS.objectNumber) throw new PdfFault('too-complex', 'No object number is left');
    const ref = reference(this.#nextNumber);
    this.#nextNumber += 1;
    return ref;
  }

  add(object: PdfObject): PdfRef {
    const ref = this.reserve();
    this.set(ref, object);
    return ref;
  }

  /** Gives a reserved or an existing object its value in this revision. */
  set(ref: PdfRef, object: PdfObject): void {
    this.#objects.set(ref.number, { ref, object });
  }

  write(): WrittenRevision {
    const { bytes: base } = this.#file;
    const pieces: Piece[] = [];
    const offsets = new Map<number, number>();
    let position = base.length;
    const append = (...added: readonly Piece[]): void => {
      for (const piece of added) {
        pieces.push(piece);
        position += piece.length;
      }
    };
    if (base[base.length - 1] !== LF) append('\n');
    const sorted = [...this.#objects.values()].sort((left, right) => left.ref.number - right.ref.number);
    for (const { ref, object } of sorted) {
      offsets.set(ref.number, position);
      append(...serializeIndirect(ref, object));
    }
    const start = position;
    const refs = sorted.map(({ ref }) => ref);
    if (this.#file.xref.flavour === 'table') append(this.#table(refs, offsets));
    else append(...this.#stream(refs, offsets, start));
    append(`startxref\n${start - this.#file.xref.shift}\n%%EOF\n`);
    return { bytes: join(base, pieces, position), offsets };
  }

  #trailerEntries(): Record<string, PdfObject> {
    const entries: Record<string, PdfObject> = { Size: this.#nextNumber, Prev: this.#file.xref.start };
    for (const key of KEPT_TRAILER_KEYS) {
      const value = this.#file.trailer.entries.get(key);
      if (value !== undefined) entries[key] = value;
    }
    return entries;
  }

  #table(refs: readonly PdfRef[], offsets: ReadonlyMap<number, number>): string {
    let text = 'xref\n';
    for (const run of runsOf(refs)) {
      text += `${run[0]?.number ?? 0} ${run.length}\n`;
      for (const ref of run) {
        const offset = (offsets.get(ref.number) ?? 0) - this.#file.xref.shift;
        text += `${String(offset).padStart(10, '0')} ${String(ref.generation).padStart(5, '0')} n \n`;
      }
    }
    return `${text}trailer\n${serialize(dict(this.#trailerEntries()))}\n`;
  }

  #stream(refs: readonly PdfRef[], offsets: ReadonlyMap<number, number>, start: number): readonly Piece[] {
    const self = this.reserve();
    const all = [...refs, self];
    const rows = Buffer.alloc(all.length * 8);
    all.forEach((ref, index) => {
      rows.writeUInt8(1, index * 8);
      rows.writeUIntBE((offsets.get(ref.number) ?? start) - this.#file.xref.shift, index * 8 + 1, 5);
      rows.writeUInt16BE(ref.generation, index * 8 + 6);
    });
    const index = runsOf(all).flatMap((run) => [run[0]?.number ?? 0, run.length]);
    const entries = { Type: name('XRef'), ...this.#trailerEntries(), W: array([1, 5, 2]), Index: array(index) };
    return serializeIndirect(self, stream(entries, rows));
  }
}

/** The file is copied once, into memory that is not cleared first: every byte of it is written here. */
function join(base: Uint8Array, pieces: readonly Piece[], length: number): Uint8Array {
  const whole = Buffer.allocUnsafeSlow(length);
  whole.set(base);
  let position = base.length;
  for (const piece of pieces) {
    if (typeof piece === 'string') whole.write(piece, position, 'latin1');
    else whole.set(piece, position);
    position += piece.length;
  }
  return new Uint8Array(whole.buffer, whole.byteOffset, whole.length);
}

/** Splits sorted references into runs of consecutive numbers: the subsections of a cross-reference. */
function runsOf(refs: readonly PdfRef[]): PdfRef[][] {
  const runs: PdfRef[][] = [];
  for (const ref of refs) {
    const last = runs[runs.length - 1];
    if (last !== undefined && last[last.length - 1]?.number === ref.number - 1) last.push(ref);
    else runs.push([ref]);
  }
  return runs;
}
