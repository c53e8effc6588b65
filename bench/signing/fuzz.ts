// Seeded damage for the PDF reader and writer. Each input is a sound file with bytes, numbers, names or whole pieces
// changed by a generator with a fixed seed, so a finding can be played again by its number. Shared by the suite (a slice)
// and by fuzz.bench.ts (50,000 inputs).

import { prepareSignature } from '../../server/adapters/pdf/two-step.ts';
import { findSignaturePlaces } from '../../server/adapters/pdf/signature-place.ts';
import { levelOf } from '../../server/adapters/signing/long-term.ts';
import { createSignatureReader } from '../../server/adapters/signing/signature-reader.ts';
import type { SignatureFinding, SigningCredential } from '../../server/modules/signing/ports.ts';
import { AppError } from '../../server/shared/app-error.ts';
import { instantOf } from '../../server/shared/time.ts';

/** mulberry32: small, seeded, good enough to choose bytes. */
export function createRandom(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** Words that change the meaning of a PDF when they appear where they should not. */
const WORDS = [
  ...[
    '/Prev 0',
    '/Prev 9',
    '/Size 1',
    '/Size 99999999',
    '/Root 3 0 R',
    '/Encrypt 4 0 R',
    '/Kids [2 0 R]',
    '/Kids [',
    '0 R',
  ],
  ...[
    'endobj',
    'stream',
    'endstream',
    'xref',
    'trailer',
    'startxref',
    '%%EOF',
    '<<',
    '>>',
    '[',
    ']',
    '(',
    ')',
    '<',
    '>',
  ],
  ...['/Length 9999999', '/Length -1', '/Length 5 0 R', '/W [1 9 9]', '/W [0 0 0]', '/Index [0 99999999]', '/N 99999'],
  ...['/First -5', '/Filter /FlateDecode', '/Predictor 15', '/Columns 999999', '/ByteRange [0 1 2 3]', '/Contents <>'],
  ...[
    '/Type /XRef',
    '/Type /ObjStm',
    '/XRefStm 9',
    '/Annots 2 0 R',
    '/AcroForm 1 0 R',
    '/Fields [1 0 R]',
    '-1',
    '9'.repeat(30),
  ],
];

type Random = ReturnType<typeof createRandom>;

function overwrite(bytes: Uint8Array, random: Random): Uint8Array {
  const copy = bytes.slice();
  for (let left = 1 + random(12); left > 0; left -= 1) copy[random(copy.length)] = random(256);
  return copy;
}

/** Digits are offsets, lengths and object numbers: the interesting places of a PDF. */
function changeDigit(bytes: Uint8Array, random: Random): Uint8Array {
  const copy = bytes.slice();
  for (let left = 1 + random(4); left > 0; left -= 1) {
    let position = random(copy.length);
    for (let step = 0; step < 4_000 && !isDigit(copy[position]); step += 1) position = (position + 1) % copy.length;
    copy[position] = 0x30 + random(10);
  }
  return copy;
}

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39;

function splice(bytes: Uint8Array, random: Random): Uint8Array {
  const start = random(bytes.length);
  const removed = random(3) === 0 ? random(200) : 0;
  const word = Buffer.from(random(2) === 0 ? ` ${WORDS[random(WORDS.length)] ?? ''} ` : '', 'latin1');
  return new Uint8Array(Buffer.concat([bytes.subarray(0, start), word, bytes.subarray(start + removed)]));
}

function overwriteWord(bytes: Uint8Array, random: Random): Uint8Array {
  const copy = bytes.slice();
  const word = Buffer.from(WORDS[random(WORDS.length)] ?? '', 'latin1');
  copy.set(word.subarray(0, copy.length), random(Math.max(1, copy.length - word.length)));
  return copy;
}

function cutOrRepeat(bytes: Uint8Array, random: Random): Uint8Array {
  const at = random(bytes.length);
  if (random(2) === 0) return bytes.slice(0, at);
  const piece = bytes.subarray(at, at + random(2_000));
  return new Uint8Array(Buffer.concat([bytes, piece, bytes.subarray(Math.max(0, bytes.length - 300))]));
}

const CHANGES = [overwrite, changeDigit, splice, overwriteWord, cutOrRepeat];

export function mutate(seeds: readonly Uint8Array[], number: number): Uint8Array {
  const random = createRandom(number);
  let bytes = seeds[random(seeds.length)] ?? new Uint8Array(0);
  for (let left = 1 + random(3); left > 0 && bytes.length > 0; left -= 1) {
    bytes = (CHANGES[random(CHANGES.length)] ?? overwrite)(bytes, random);
  }
  return bytes;
}

export interface FuzzOutcome {
  readonly kind: 'read' | 'refused';
  readonly findings: readonly SignatureFinding[];
  readonly millis: number;
}

/** Reads, measures and prepares one input. Throws for everything that the product must not do. */
export function tryInput(bytes: Uint8Array, credential: SigningCredential): FuzzOutcome {
  const start = performance.now();
  let findings: readonly SignatureFinding[] = [];
  let kind: FuzzOutcome['kind'] = 'read';
  try {
    findings = createSignatureReader().read(bytes, []);
    levelOf(bytes);
    findSignaturePlaces(bytes, 'Phạm Thị Mẫu');
    const prepared = prepareSignature({
      pdf: bytes,
      certificate: credential.certificate,
      chain: credential.chain,
      fieldName: 'Thu-1',
      appearance: null,
      signedAt: instantOf(new Date('2019-05-06T01:00:00Z')),
      reason: '',
      location: '',
    });
    const isPrefix = Buffer.compare(prepared.bytes.subarray(0, bytes.length), bytes) === 0;
    if (!isPrefix) throw new Error('The output does not begin with the input');
  } catch (error) {
    // A refusal with a code of ours is what a broken file should get; a bug is not.
    if (!(error instanceof AppError) || error.kind === 'bug') throw error;
    kind = 'refused';
  }
  return { kind, findings, millis: performance.now() - start };
}
