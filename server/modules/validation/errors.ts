// Error codes of the validation module; the catalogue joins them with their Vietnamese texts.

import { AppError, type ErrorKind } from '../../shared/app-error.ts';

const KINDS = {
  TRUST_ADMIN_REQUIRED: 'forbidden',
  TRUST_CERTIFICATE_INVALID: 'invalid-input',
  TRUST_PIN_MISMATCH: 'rule',
  TRUST_ANCHOR_EXISTS: 'rejection',
  TRUST_ANCHOR_UNKNOWN: 'not-found',
  TRUST_REASON_MISSING: 'invalid-input',
  VALIDATION_BUSY: 'transient', // thrown by the FileValidator port
  VALIDATION_FAILED: 'bug', // thrown by the FileValidator port
} as const satisfies Record<string, ErrorKind>;

export type ValidationErrorCode = keyof typeof KINDS;
export const VALIDATION_ERRORS: readonly { readonly code: string; readonly kind: ErrorKind }[] = Object.entries(
  KINDS,
).map(([code, kind]) => ({ code, kind }));

export const validationError = (
  code: ValidationErrorCode,
  message: string,
  details: Readonly<Record<string, unknown>> = {},
): AppError => new AppError(KINDS[code], code, message, { details });
