// Signs a PDF (PAdES B-B, B-T) and draws number and date, both as incremental updates. Signing is the two steps of
// two-step.ts with a key that is at hand; the promises about prefix and verified output are kept there and in increments.ts.

import type { NumberAndDate, PdfSigner, SignPdfInput } from '../../modules/signing/ports.ts';
import { digestOf } from '../signing/schemes.ts';
import { IncrementalUpdate } from './core/update.ts';
import { assertVerifies, withOpenFile } from './increments.ts';
import { addNumberAndDate } from './number-stamp.ts';
import { signNow } from './two-step.ts';

function sign(input: SignPdfInput): Promise<Uint8Array> {
  const { credential, timestamp, ...document } = input;
  return signNow({
    ...document,
    certificate: credential.certificate,
    chain: credential.chain,
    scheme: credential.scheme ?? { algorithm: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
    sign: (signedAttributes) => credential.sign(signedAttributes),
    ...(timestamp === undefined
      ? {}
      : { timestampOf: (value, { hash }) => timestamp.timestamp(digestOf(hash, value), hash) }),
  });
}

function drawNumberAndDate(pdf: Uint8Array, content: NumberAndDate): Uint8Array {
  const bytes = withOpenFile(pdf, (file) => {
    const update = new IncrementalUpdate(file);
    addNumberAndDate(file, update, content);
    return update.write().bytes;
  });
  assertVerifies({ input: pdf, output: bytes, fieldName: null });
  return bytes;
}

/**
 * Throws AppError SIGNING_PDF_UNREADABLE, SIGNING_FIELD_EXISTS, SIGNING_PAGE_MISSING, SIGNING_RESERVE_TOO_SMALL,
 * SIGNING_SIGNATURE_MISMATCH (key and certificate do not belong together), SIGNING_TSA_*.
 */
export const createPdfSigner = (): PdfSigner => ({
  sign: async (input) => sign(input),
  drawNumberAndDate: async (pdf, content) => drawNumberAndDate(pdf, content),
});
