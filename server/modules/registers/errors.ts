// Error codes of the registers module; the catalogue joins them with their Vietnamese texts.

import { AppError, type ErrorKind } from '../../shared/app-error.ts';
import type { Result } from '../../shared/result.ts';

const KINDS = {
  REGISTER_DATE_BACKWARDS: 'rule',
  REGISTER_YEAR_MISMATCH: 'bug',
} as const satisfies Record<string, ErrorKind>;

export type RegisterErrorCode = keyof typeof KINDS;
export const REGISTER_ERRORS: readonly { readonly code: string; readonly kind: ErrorKind }[] = Object.entries(
  KINDS,
).map(([code, kind]) => ({ code, kind }));

export interface Refusal {
  readonly code: RegisterErrorCode;
  readonly message: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

export function orRefuse<T>(result: Result<T, Refusal>): T {
  if (result.ok) return result.value;
  const { code, message, details = {} } = result.error;
  throw new AppError(KINDS[code], code, message, { details });
}
