// Error codes of the archive module; the catalogue joins them with their Vietnamese texts.

import { AppError, type ErrorKind } from '../../shared/app-error.ts';

const KINDS = {
  CASE_FILE_NOT_FOUND: 'not-found',
  CASE_FILE_DOCUMENT_NOT_ISSUED: 'rejection',
} as const satisfies Record<string, ErrorKind>;

export type ArchiveErrorCode = keyof typeof KINDS;
export const ARCHIVE_ERRORS: readonly { readonly code: string; readonly kind: ErrorKind }[] = Object.entries(KINDS).map(
  ([code, kind]) => ({ code, kind }),
);

export const archiveError = (
  code: ArchiveErrorCode,
  message: string,
  details: Readonly<Record<string, unknown>> = {},
): AppError => new AppError(KINDS[code], code, message, { details });
