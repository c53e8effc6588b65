// Signs a PDF as PAdES B-B and draws number and date, both as incremental updates. Two promises are checked before
// anything is returned: the output begins with the input byte for byte, and our own reader finds the new signature
// intact over the whole file and every earlier one still intact.

import { createHash } from 'node:crypto';
import { AppError } from '../../shared/app-error.ts';
import type {
  NumberAndDate,
  PdfSigner,
  SignPdfInput,
  SignatureReader,
  SigningCredential,
} from '../../modules/signing/ports.ts';
import { readCertificate } from '../signing/certificate.ts';
import { encodeSignedAttributes, encodeSignedData } from '../signing/cms.ts';
import { createSignatureReader } from '../signing/signature-reader.ts';
import { openPdf } from './core/file.ts';
import type { PdfFile } from './core/file.ts';
import { PdfFault } from './core/pdf-fault.ts';
import { IncrementalUpdate } from './core/update.ts';
import { addNumberAndDate } from './number-stamp.ts';
import { addSignatureField, BYTE_RANGE_PLACEHOLDER, RESERVED_BYTES } from './signature-field.ts';

interface Gap {
  readonly start: number;
  readonly end: number;
}

/** PdfFault is about the file that came in; the caller learns it as a rule violation. */
function withOpenFile<T>(pdf: Uint8Array, work: (file: PdfFile) => T): T {
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

/** Fills the byte range in place and answers the gap that stays unsigned. */
function fillByteRange(bytes: Uint8Array, objectOffset: number): Gap {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const rangeAt = buffer.indexOf(BYTE_RANGE_PLACEHOLDER, objectOffset);
  const contentsAt = buffer.indexOf('/Contents <', objectOffset);
  if (rangeAt < 0 || contentsAt < 0)
    throw new AppError('bug', 'SIGNING_OUTPUT_INVALID', 'The placeholders are missing');
  const start = contentsAt + '/Contents '.length;
  const end = start + 2 * RESERVED_BYTES + 2;
  const range = `[0 ${start} ${end} ${bytes.length - end}]`;
  buffer.write(range.padEnd(BYTE_RANGE_PLACEHOLDER.length, ' '), rangeAt, 'latin1');
  return { start, end };
}

async function makeCms(credential: SigningCredential, digest: Uint8Array): Promise<Uint8Array> {
  const certificate = readCertificate(credential.certificate);
  const signedAttributes = encodeSignedAttributes(digest, certificate);
  const signature = await credential.sign(signedAttributes);
  return encodeSignedData({ certificate, chain: credential.chain, signedAttributes, signature });
}

function embed(bytes: Uint8Array, gap: Gap, cms: Uint8Array): void {
  if (cms.length > RESERVED_BYTES) {
    throw new AppError(
      'bug',
      'SIGNING_RESERVE_TOO_SMALL',
      `The CMS needs ${cms.length} bytes, ${RESERVED_BYTES} are reserved`,
    );
  }
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).write(
    Buffer.from(cms).toString('hex'),
    gap.start + 1,
    'latin1',
  );
}

function assertExtends(output: Uint8Array, input: Uint8Array): void {
  if (output.length > input.length && Buffer.compare(output.subarray(0, input.length), input) === 0) return;
  throw new AppError('bug', 'SIGNING_OUTPUT_INVALID', 'The output does not begin with the input');
}

interface Increment {
  readonly input: Uint8Array;
  readonly output: Uint8Array;
  /** The field that was signed in this increment; null when nothing was signed. */
  readonly fieldName: string | null;
}

/** Refuses an output whose new signature does not verify, or in which one that was intact before is not any more. */
function assertVerifies(reader: SignatureReader, { input, output, fieldName }: Increment): void {
  assertExtends(output, input);
  const before = reader.read(input, []).filter((finding) => finding.isIntact);
  const after = new Map(reader.read(output, []).map((finding) => [finding.fieldName, finding]));
  const own = fieldName === null ? null : after.get(fieldName);
  const isOwnBroken = own !== null && !(own?.isIntact === true && own.coversWholeFile);
  const broken = before.find((finding) => after.get(finding.fieldName)?.isIntact !== true)?.fieldName;
  if (!isOwnBroken && broken === undefined) return;
  throw new AppError('bug', 'SIGNING_OUTPUT_INVALID', 'A signature does not verify after the increment', {
    details: { fieldName: isOwnBroken ? fieldName : broken },
  });
}

async function sign(reader: SignatureReader, input: SignPdfInput): Promise<Uint8Array> {
  const { bytes, gap } = withOpenFile(input.pdf, (file) => {
    const update = new IncrementalUpdate(file);
    const signature = addSignatureField(file, update, input);
    const written = update.write();
    const offset = written.offsets.get(signature.number) ?? 0;
    return { bytes: written.bytes, gap: fillByteRange(written.bytes, offset) };
  });
  const digest = createHash('sha256').update(bytes.subarray(0, gap.start)).update(bytes.subarray(gap.end)).digest();
  embed(bytes, gap, await makeCms(input.credential, digest));
  assertVerifies(reader, { input: input.pdf, output: bytes, fieldName: input.fieldName });
  return bytes;
}

function drawNumberAndDate(reader: SignatureReader, pdf: Uint8Array, content: NumberAndDate): Uint8Array {
  const bytes = withOpenFile(pdf, (file) => {
    const update = new IncrementalUpdate(file);
    addNumberAndDate(file, update, content);
    return update.write().bytes;
  });
  assertVerifies(reader, { input: pdf, output: bytes, fieldName: null });
  return bytes;
}

/** Throws AppError SIGNING_PDF_UNREADABLE, SIGNING_FIELD_EXISTS, SIGNING_PAGE_MISSING or SIGNING_RESERVE_TOO_SMALL. */
export function createPdfSigner(): PdfSigner {
  const reader = createSignatureReader();
  return {
    sign: (input) => sign(reader, input),
    drawNumberAndDate: async (pdf, content) => drawNumberAndDate(reader, pdf, content),
  };
}
