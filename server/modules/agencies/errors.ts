// Error codes of the agencies module; the catalogue joins them with their Vietnamese texts.

import { AppError, type ErrorKind } from '../../shared/app-error.ts';

const KINDS = {
  AGENCY_NOT_FOUND: 'not-found',
  USER_NOT_FOUND: 'not-found',
  LOGIN_FAILED: 'unauthenticated',
} as const satisfies Record<string, ErrorKind>;

export type AgencyErrorCode = keyof typeof KINDS;
export const AGENCY_ERRORS: readonly { readonly code: string; readonly kind: ErrorKind }[] = Object.entries(KINDS).map(
  ([code, kind]) => ({ code, kind }),
);

export const agencyError = (
  code: AgencyErrorCode,
  message: string,
  details: Readonly<Record<string, unknown>> = {},
): AppError => new AppError(KINDS[code], code, message, { details });
