// Damage for the validator: seeded, so that every input can be made again by its number. Half of the inputs are whole files
// with bytes changed, cut, repeated or swapped; half have a damaged CMS in an otherwise untouched file.

import { validateFile } from '../../server/adapters/signing/validation/validate-file.ts';
import type { ValidationReport, Verdict } from '../../server/adapters/signing/validation/report.ts';
import { createRandom } from '../signing/fuzz.ts';

const WORDS = [
  'obj',
  'endobj',
  'stream',
  'xref',
  'trailer',
  '/Kids',
  '/Prev',
  '/V',
  '/AP',
  '/Contents',
  '/ByteRange',
  'R',
  '<<',
  '>>',
  '[',
  ']',
  '0',
  '-1',
  '99999999999',
  '/Length',
  '%%EOF',
  'startxref',
];

interface Gap {
  readonly start: number;
  readonly end: number;
}

/** Where the hexadecimal text of the newest signature stands. */
export function gapOf(pdf: Uint8Array): Gap {
  const buffer = Buffer.from(pdf);
  const start = buffer.lastIndexOf('/Contents <') + '/Contents <'.length;
  return { start, end: buffer.indexOf('>', start) };
}

function damageFile(pdf: Uint8Array, next: () => number): Uint8Array {
  const at = (limit: number): number => Math.floor(next() * limit);
  let bytes = Buffer.from(pdf);
  for (let times = 1 + at(4); times > 0; times -= 1) {
    const position = at(bytes.length);
    const kind = at(6);
    if (kind === 0) bytes[position] = at(256);
    else if (kind === 1) bytes = bytes.subarray(0, Math.max(1, position));
    else if (kind === 2) bytes = Buffer.concat([bytes.subarray(0, position), bytes.subarray(position + at(200))]);
    else if (kind === 3) bytes.write(WORDS[at(WORDS.length)] ?? '', position, 'latin1');
    else if (kind === 4) {
      const from = at(bytes.length);
      bytes = Buffer.concat([
        bytes.subarray(0, position),
        bytes.subarray(from, from + at(400)),
        bytes.subarray(position),
      ]);
    } else bytes = Buffer.concat([bytes, bytes.subarray(position)]);
  }
  return new Uint8Array(bytes);
}

function damageCms(pdf: Uint8Array, next: () => number): Uint8Array {
  const { start, end } = gapOf(pdf);
  const copy = Buffer.from(pdf);
  const used = copy.toString('latin1', start, end).replace(/0+$/, '').length;
  for (let times = 1 + Math.floor(next() * 3); times > 0; times -= 1) {
    copy.write(Math.floor(next() * 16).toString(16), start + Math.floor(next() * used), 'latin1');
  }
  return new Uint8Array(copy);
}

export function mutate(
  seeds: readonly Uint8Array[],
  number: number,
): { readonly seed: Uint8Array; readonly bytes: Uint8Array } {
  const draw = createRandom(number);
  const next = (): number => draw(1_000_000) / 1_000_000;
  const seed = seeds[number % seeds.length] ?? new Uint8Array(0);
  return { seed, bytes: next() < 0.5 ? damageFile(seed, next) : damageCms(seed, next) };
}

const NOW = new Date('2026-01-01T00:00:00Z');

export interface Outcome {
  readonly verdict: Verdict;
  readonly millis: number;
  /** Called valid although a byte that a signature covers is another one than in the file that was signed. */
  readonly isFalselyValid: boolean;
}

/** A byte that a signature of the report covers is another one than in the file that was signed. */
function isDeceived(seed: Uint8Array, bytes: Uint8Array, report: ValidationReport): boolean {
  const isSame = (from: number, length: number): boolean =>
    Buffer.compare(bytes.subarray(from, from + length), seed.subarray(from, from + length)) === 0;
  return !report.signatures.every(({ byteRange }) => {
    const [start = 0, first = 0, second = 0, length = 0] = byteRange ?? [];
    return isSame(start, first) && isSame(second, length);
  });
}

/** Throws what the validator throws: nothing of what a file holds may make it. */
export async function tryInput(seed: Uint8Array, bytes: Uint8Array): Promise<Outcome> {
  const start = performance.now();
  const { report } = await validateFile(bytes, { mode: 'integrity', trust: [], guard: null, at: null, now: NOW });
  const millis = performance.now() - start;
  return {
    verdict: report.verdict,
    millis,
    isFalselyValid: report.verdict === 'valid' && isDeceived(seed, bytes, report),
  };
}
