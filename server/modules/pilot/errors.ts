// Error codes of the pilot module; the catalogue joins them with their Vietnamese texts.

import { AppError, type ErrorKind } from '../../shared/app-error.ts';

const KINDS = {
  DOCUMENT_TYPE_UNKNOWN: 'rule',
  OFFICE_HOURS_MISSING: 'bug',
} as const satisfies Record<string, ErrorKind>;

export type PilotErrorCode = keyof typeof KINDS;
export const PILOT_ERRORS: readonly { readonly code: string; readonly kind: ErrorKind }[] = Object.entries(KINDS).map(
  ([code, kind]) => ({ code, kind }),
);

export const pilotError = (
  code: PilotErrorCode,
  message: string,
  details: Readonly<Record<string, unknown>> = {},
): AppError => new AppError(KINDS[code], code, message, { details });
