// What every increment has in common: it is made from an opened file, leaves room for one CMS, and is returned only when
// it begins with its input byte for byte and our own reader still finds every signature that it found before.

import { AppError } from '../../shared/app-error.ts';
import type { ByteRange } from '../../modules/signing/ports.ts';
import { readFindings } from '../signing/signature-reader.ts';
import type { KnownDigest } from '../signing/signature-reader.ts';
import { openPdf, PdfFile } from './core/file.ts';
import { PdfFault } from './core/pdf-fault.ts';
import { IncrementalUpdate } from './core/update.ts';
import { addSignatureField, BYTE_RANGE_PLACEHOLDER } from './signature-field.ts';
import type { SignatureFieldPlan } from './signature-field.ts';

/** PdfFault is about the file that came in; the caller learns it as a rule violation. */
export function withOpenFile<T>(pdf: Uint8Array, work: (file: PdfFile) => T): T {
  try {
    return work(openPdf(pdf));
  } catch (error) {
    if (!(error instanceof PdfFault)) throw error;
    throw new AppError('rule', 'SIGNING_PDF_UNREADABLE', error.message, {
      details: { reason: error.reason },
      cause: error,
    });
  }
}

const textOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);

function fillByteRange(bytes: Uint8Array, objectOffset: number, reservedBytes: number): ByteRange {
  const buffer = textOf(bytes);
  const rangeAt = buffer.indexOf(BYTE_RANGE_PLACEHOLDER, objectOffset);
  const contentsAt = buffer.indexOf('/Contents <', objectOffset);
  if (rangeAt < 0 || contentsAt < 0) {
    throw new AppError('bug', 'SIGNING_OUTPUT_INVALID', 'The placeholders are missing');
  }
  const start = contentsAt + '/Contents '.length;
  const end = start + 2 * reservedBytes + 2;
  const range: ByteRange = [0, start, end, bytes.length - end];
  buffer.write(`[${range.join(' ')}]`.padEnd(BYTE_RANGE_PLACEHOLDER.length, ' '), rangeAt, 'latin1');
  return range;
}

export interface Room {
  readonly bytes: Uint8Array;
  readonly byteRange: ByteRange;
}

/** One revision with a signature field and zeros where its CMS will stand. */
export function makeRoom(file: PdfFile, plan: SignatureFieldPlan): Room {
  const update = new IncrementalUpdate(file);
  const signature = addSignatureField(file, update, plan);
  const { bytes, offsets } = update.write();
  return { bytes, byteRange: fillByteRange(bytes, offsets.get(signature.number) ?? 0, plan.reservedBytes) };
}

/** The two parts that are signed, as views on the file. */
export const signedParts = (bytes: Uint8Array, [, gapStart, gapEnd, length]: ByteRange): readonly Uint8Array[] => [
  bytes.subarray(0, gapStart),
  bytes.subarray(gapEnd, gapEnd + length),
];

/** Writes the CMS into the gap of `bytes`. Throws AppError SIGNING_RESERVE_TOO_SMALL before anything is written. */
export function fillGap(bytes: Uint8Array, [, gapStart, gapEnd]: ByteRange, cms: Uint8Array): void {
  const reservedBytes = (gapEnd - gapStart - 2) / 2;
  if (cms.length > reservedBytes) {
    throw new AppError(
      'rule',
      'SIGNING_RESERVE_TOO_SMALL',
      `The CMS needs ${cms.length} bytes, ${reservedBytes} are reserved`,
      { details: { neededBytes: cms.length, reservedBytes } },
    );
  }
  textOf(bytes).write(Buffer.from(cms).toString('hex'), gapStart + 1, 'latin1');
}

export function assertExtends(output: Uint8Array, input: Uint8Array): void {
  if (output.length > input.length && Buffer.compare(output.subarray(0, input.length), input) === 0) return;
  throw new AppError('bug', 'SIGNING_OUTPUT_INVALID', 'The output does not begin with the input');
}

export interface Increment {
  /** The file as it came in; open already, when it is. */
  readonly input: Uint8Array | PdfFile;
  readonly output: Uint8Array;
  /** The field that was signed in this increment; null when nothing was signed. */
  readonly fieldName: string | null;
  /** Computed a moment ago over these very bytes; the reader still finds the range by itself. */
  readonly digest?: KnownDigest;
}

/** Refuses an output whose new signature does not verify, or in which one that was intact before is not any more. */
export function assertVerifies({ input, output, fieldName, digest }: Increment): void {
  assertExtends(output, input instanceof Uint8Array ? input : input.bytes);
  const before = readFindings(input, []).filter((finding) => finding.isIntact);
  // The base has just been read, and the output begins with it.
  const opened = input instanceof PdfFile ? openPdf(output, input) : output;
  const after = new Map(readFindings(opened, [], digest).map((finding) => [finding.fieldName, finding]));
  const own = fieldName === null ? null : after.get(fieldName);
  const isOwnBroken = own !== null && !(own?.isIntact === true && own.coversWholeFile);
  if (isOwnBroken) {
    throw new AppError('bug', 'SIGNING_OUTPUT_INVALID', 'The new signature does not verify', {
      details: { fieldName },
    });
  }
  const broken = before.find((finding) => after.get(finding.fieldName)?.isIntact !== true);
  if (broken === undefined) return;
  // A foreign file whose earlier signature forbids what we add is the file's rule, not our bug.
  throw new AppError('rule', 'SIGNING_WOULD_BREAK_SIGNATURE', 'An earlier signature would not verify any more', {
    details: { fieldName: broken.fieldName },
  });
}
