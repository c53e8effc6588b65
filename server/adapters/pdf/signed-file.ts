// Judges a whole file that came back from a signing service outside: is it what was handed out, with exactly one signature
// more, of the expected certificate, and nothing else? The service has its own program and user interface; nothing that it
// says about its result is believed.

import { AppError } from '../../shared/app-error.ts';
import type { SignedFile } from '../../modules/signing/ports.ts';
import { isSameBytes } from '../signing/certificate.ts';
import { readRecord, signedFieldsOf } from '../signing/signature-records.ts';
import { openPdf } from './core/file.ts';
import { assertVerifies, withOpenFile } from './increments.ts';
import { compareRevision } from './validation/difference.ts';
import { NO_PERMISSIONS } from './validation/permissions.ts';

const unexpected = (message: string, details: Readonly<Record<string, unknown>> = {}): AppError =>
  new AppError('rule', 'SIGNING_FILE_UNEXPECTED', message, { details });

function startsWith(output: Uint8Array, source: Uint8Array): boolean {
  return output.length > source.length && Buffer.compare(output.subarray(0, source.length), source) === 0;
}

/** Throws AppError SIGNING_FILE_NOT_EXTENDED, SIGNING_FILE_UNEXPECTED, SIGNING_FILE_SIGNER, SIGNING_PDF_UNREADABLE. */
export function checkSignedFile({ source, output, fieldName, certificate }: SignedFile): void {
  if (!startsWith(output, source)) {
    throw new AppError('rule', 'SIGNING_FILE_NOT_EXTENDED', 'The file does not begin with the one that was handed out');
  }
  const { records, isAllowed } = withOpenFile(output, (now) => {
    const old = openPdf(source);
    const before = new Set(signedFieldsOf(old).map((field) => field.fullName));
    const added = signedFieldsOf(now).filter((field) => !before.has(field.fullName));
    const { verdict } = compareRevision(now, source.length, NO_PERMISSIONS);
    return { records: added.map((field) => readRecord(now, field)), isAllowed: verdict === 'allowed' };
  });
  const [own] = records;
  if (own === undefined || records.length !== 1) {
    throw unexpected('The file does not have exactly one signature more', { added: records.length });
  }
  if (own.field.fullName !== fieldName) {
    throw unexpected('The signature stands in another field', { fieldName: own.field.fullName, expected: fieldName });
  }
  if (!isAllowed) throw unexpected('The file was changed beside its signature');
  const signer = own.signed?.signer ?? null;
  if (signer === null || !isSameBytes(signer.der, certificate)) {
    throw new AppError(
      'rule',
      'SIGNING_FILE_SIGNER',
      'The file is signed with another certificate than the one checked',
    );
  }
  try {
    assertVerifies({ input: source, output, fieldName });
  } catch (error) {
    // What would be our bug in a file that we made is the fault of the one who made this file.
    if (!(error instanceof AppError) || error.code !== 'SIGNING_OUTPUT_INVALID') throw error;
    throw unexpected('The new signature does not verify over the whole file', { fieldName });
  }
}
