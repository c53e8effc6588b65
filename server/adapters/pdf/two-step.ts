// Signing in two steps, for keys that are not here: `prepareSignature` answers what has to be signed, `embedSignature`
// takes the value that came back. A value is embedded only after it has been verified with the certificate over exactly
// the bytes that were prepared, and only into a file that begins with the source that was prepared.

import { AppError } from '../../shared/app-error.ts';
import type {
  EmbedInput,
  PreparedSignature,
  PrepareInput,
  SignatureScheme,
  TwoStepSigner,
} from '../../modules/signing/ports.ts';
import { isSameBytes, publicKeyOf, readCertificate } from '../signing/certificate.ts';
import type { Certificate } from '../signing/certificate.ts';
import { encodeSignedAttributes, encodeSignedData } from '../signing/cms.ts';
import { DerFault } from '../signing/der.ts';
import { digestOf, schemeOf, toCmsValue, verifyValue } from '../signing/schemes.ts';
import type { PdfFile } from './core/file.ts';
import { checkSignedFile } from './signed-file.ts';
import { assertExtends, assertVerifies, fillGap, makeRoom, signedParts, withOpenFile } from './increments.ts';
import { RESERVED_BYTES } from './signature-field.ts';

const hexSha256 = (bytes: Uint8Array): string => Buffer.from(digestOf('SHA-256', bytes)).toString('hex');

function openCertificate(der: Uint8Array): Certificate {
  try {
    const certificate = readCertificate(der);
    // A certificate whose key cannot be opened is found here and not in the middle of signing.
    publicKeyOf(certificate);
    return certificate;
  } catch (error) {
    if (!(error instanceof DerFault)) throw error;
    throw new AppError('invalid-input', 'SIGNING_CERTIFICATE_INVALID', 'The bytes are no certificate', {
      cause: error,
    });
  }
}

type Prepared = Omit<PreparedSignature, 'sourceSha256' | 'sourceLength' | 'toBeSigned'>;

/** The first step without the hashes that only a second step at another time needs. */
function prepare(file: PdfFile, input: PrepareInput): Prepared {
  const certificate = openCertificate(input.certificate);
  const scheme = input.scheme ?? schemeOf(publicKeyOf(certificate));
  const { bytes, byteRange } = makeRoom(file, {
    fieldName: input.fieldName,
    appearance: input.appearance,
    signedAt: input.signedAt,
    reservedBytes: input.reservedBytes ?? RESERVED_BYTES,
    signature: { signerName: certificate.commonName, reason: input.reason, location: input.location },
  });
  const documentDigest = digestOf(scheme.hash, ...signedParts(bytes, byteRange));
  return {
    bytes,
    byteRange,
    fieldName: input.fieldName,
    certificate: input.certificate,
    chain: input.chain,
    scheme,
    documentDigest,
    signedAttributes: encodeSignedAttributes(documentDigest, certificate),
  };
}

/** Throws AppError SIGNING_PDF_UNREADABLE, SIGNING_FIELD_EXISTS, SIGNING_PAGE_MISSING, SIGNING_KEY_UNSUPPORTED. */
export function prepareSignature(input: PrepareInput): PreparedSignature {
  const prepared = withOpenFile(input.pdf, (file) => prepare(file, input));
  return {
    ...prepared,
    sourceSha256: hexSha256(input.pdf),
    sourceLength: input.pdf.length,
    toBeSigned: digestOf(prepared.scheme.hash, prepared.signedAttributes),
  };
}

function assertSameSource(prepared: PreparedSignature, source: Uint8Array): void {
  const isSame = source.length === prepared.sourceLength && hexSha256(source) === prepared.sourceSha256;
  if (isSame) return;
  throw new AppError('rejection', 'SIGNING_SOURCE_CHANGED', 'The document is not the one that was prepared');
}

const mismatch = (prepared: Prepared): AppError =>
  new AppError('rule', 'SIGNING_SIGNATURE_MISMATCH', 'The value is not the signature of the prepared document', {
    details: { fieldName: prepared.fieldName },
  });

/** Builds the attributes anew from the prepared bytes: what was stored between the steps is not believed. */
function assertUntouched(prepared: PreparedSignature): void {
  const digest = digestOf(prepared.scheme.hash, ...signedParts(prepared.bytes, prepared.byteRange));
  const attributes = encodeSignedAttributes(digest, openCertificate(prepared.certificate));
  if (!isSameBytes(attributes, prepared.signedAttributes)) throw mismatch(prepared);
}

function isOwnValue({ scheme, certificate, signedAttributes }: Prepared, signature: Uint8Array): boolean {
  const key = publicKeyOf(openCertificate(certificate));
  return verifyValue({ ...scheme, saltBytes: null }, key, signedAttributes, signature);
}

function assertOwnValue(prepared: Prepared, signature: Uint8Array): void {
  if (!isOwnValue(prepared, signature)) throw mismatch(prepared);
}

/** What a CMS holds beside certificates, chain and timestamp: attributes, value, algorithms, with room to spare. */
const CMS_FRAME_BYTES = 2 * 1024;
const TIMESTAMP_BYTES = 10 * 1024;

/** Certificates are known when the key is at hand, so the room need not be guessed; less room is less to write and read. */
const roomFor = ({ certificate, chain }: PrepareInput, hasTimestamp: boolean): number =>
  [certificate, ...chain].reduce(
    (sum, { length }) => sum + length,
    CMS_FRAME_BYTES + (hasTimestamp ? TIMESTAMP_BYTES : 0),
  );

/** The CMS for a value that has been verified with the certificate. */
async function makeCms(prepared: Prepared, input: EmbedInput): Promise<Uint8Array> {
  const certificate = openCertificate(prepared.certificate);
  const { scheme, signedAttributes, chain } = prepared;
  const signature = toCmsValue(scheme, input.signature);
  assertOwnValue(prepared, signature);
  const timestampToken = await input.timestampOf?.(signature);
  const timestamp = timestampToken === undefined ? {} : { timestampToken };
  return encodeSignedData({ certificate, chain, signedAttributes, scheme, signature, ...timestamp });
}

/**
 * Throws AppError SIGNING_SOURCE_CHANGED, SIGNING_SIGNATURE_MISMATCH, SIGNING_RESERVE_TOO_SMALL; then nothing is
 * embedded and `prepared` may be tried again.
 */
export async function embedSignature(prepared: PreparedSignature, input: EmbedInput): Promise<Uint8Array> {
  assertSameSource(prepared, input.source);
  assertExtends(prepared.bytes, input.source);
  assertUntouched(prepared);
  const cms = await makeCms(prepared, input);
  const output = prepared.bytes.slice();
  fillGap(output, prepared.byteRange, cms);
  assertVerifies({ input: input.source, output, fieldName: prepared.fieldName });
  return output;
}

export interface SignNowInput extends PrepareInput {
  readonly sign: (signedAttributes: Uint8Array) => Promise<Uint8Array>;
  readonly timestampOf?: (signature: Uint8Array, scheme: SignatureScheme) => Promise<Uint8Array>;
}

/**
 * Both steps with a key that is at hand: nothing can change in between, so nothing is hashed twice, and without a timestamp
 * the value is verified once, in the finished file. A timestamp is asked only for a value that has been verified.
 */
export async function signNow(input: SignNowInput): Promise<Uint8Array> {
  const { timestampOf } = input;
  const plan = { ...input, reservedBytes: input.reservedBytes ?? roomFor(input, timestampOf !== undefined) };
  const { file, prepared } = withOpenFile(input.pdf, (opened) => ({ file: opened, prepared: prepare(opened, plan) }));
  const value = await input.sign(prepared.signedAttributes);
  const signature = toCmsValue(prepared.scheme, value);
  if (timestampOf !== undefined) assertOwnValue(prepared, signature);
  const timestampToken = await timestampOf?.(signature, prepared.scheme);
  const { bytes, byteRange, fieldName, scheme, documentDigest, signedAttributes, chain } = prepared;
  const timestamp = timestampToken === undefined ? {} : { timestampToken };
  const certificate = openCertificate(prepared.certificate);
  fillGap(
    bytes,
    byteRange,
    encodeSignedData({ certificate, chain, signedAttributes, scheme, signature, ...timestamp }),
  );
  const digest = { byteRange, hash: scheme.hash, value: documentDigest };
  try {
    assertVerifies({ input: file, output: bytes, fieldName, digest });
  } catch (error) {
    // A key that does not belong to the certificate is the caller's fault, everything else would be ours.
    assertOwnValue(prepared, signature);
    throw error;
  }
  return bytes;
}

export const createTwoStepSigner = (): TwoStepSigner => ({
  prepare: prepareSignature,
  embed: embedSignature,
  checkSignedFile,
});
