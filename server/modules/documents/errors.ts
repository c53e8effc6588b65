// Error codes of the documents module; the catalogue joins them with their Vietnamese texts. Rules return a
// `Refusal`; `orRefuse` turns it into the AppError that rolls the transaction back.

import { AppError, type ErrorKind } from '../../shared/app-error.ts';
import type { Result } from '../../shared/result.ts';

const KINDS = {
  DOCUMENT_NOT_FOUND: 'not-found',
  DOCUMENT_VERSION_NOT_FOUND: 'not-found',
  DOCUMENT_ROLE_REQUIRED: 'forbidden',
  DOCUMENT_SIGNER_ONLY: 'forbidden',
  DOCUMENT_NOT_ASSIGNEE: 'forbidden',
  DOCUMENT_STATE: 'rejection',
  DOCUMENT_NUMBER_CONFLICT: 'bug',
  DOCUMENT_SECRET_REFUSED: 'rule',
  DOCUMENT_SUBJECT_INVALID: 'rule',
  DOCUMENT_RECIPIENTS_MISSING: 'rule',
  DOCUMENT_RECIPIENT_UNKNOWN: 'rule',
  DOCUMENT_RECIPIENT_IS_SENDER: 'rule',
  DOCUMENT_SIGNER_UNKNOWN: 'rule',
  DOCUMENT_DUE_INVALID: 'rule',
  DOCUMENT_REPLY_UNKNOWN: 'rule',
  DOCUMENT_REASON_TOO_SHORT: 'rule',
  DOCUMENT_REFUSAL_CODE_UNKNOWN: 'rule',
  DOCUMENT_FILE_MISSING: 'rule',
  DOCUMENT_FILE_NOT_EXTENDED: 'rule',
  DOCUMENT_LETTER_EMPTY: 'rule',
  DOCUMENT_ASSIGNEE_UNKNOWN: 'rule',
  DOCUMENT_INSTRUCTION_MISSING: 'rule',
  DOCUMENT_OUTCOME_MISSING: 'rule',
  FILE_NOT_PDF: 'rule',
  PDF_CORRUPT: 'rule',
  PDF_ENCRYPTED: 'rule',
  PDF_ALREADY_SIGNED: 'rule',
  PDF_NO_PAGES: 'rule',
  PDF_MARKED_SECRET: 'rule',
} as const satisfies Record<string, ErrorKind>;

export type DocumentErrorCode = keyof typeof KINDS;
export const DOCUMENT_ERRORS: readonly { readonly code: string; readonly kind: ErrorKind }[] = Object.entries(
  KINDS,
).map(([code, kind]) => ({ code, kind }));

export interface Refusal {
  readonly code: DocumentErrorCode;
  readonly message: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

export const documentError = ({ code, message, details = {} }: Refusal): AppError =>
  new AppError(KINDS[code], code, message, { details });

export function orRefuse<T>(result: Result<T, Refusal>): T {
  if (!result.ok) throw documentError(result.error);
  return result.value;
}
