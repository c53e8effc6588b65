// Error codes of the exchange module; the catalogue joins them with their Vietnamese texts. All but PACKAGE_NOT_FOUND
// are answers to another node and go into the receipt: it will never succeed with the same message.

import { AppError, type ErrorKind } from '../../shared/app-error.ts';
import type { Result } from '../../shared/result.ts';

const KINDS = {
  PACKAGE_NOT_FOUND: 'not-found',
  PACKAGE_DOCUMENT_NOT_ISSUED: 'rejection',
  EXCHANGE_MESSAGE_INVALID: 'rule',
  EXCHANGE_SENDER_MISMATCH: 'rule',
  EXCHANGE_SENDER_UNKNOWN: 'rule',
  EXCHANGE_UNKNOWN_ADDRESSEE: 'rule',
  EXCHANGE_DUPLICATE_CONFLICT: 'rule',
  EXCHANGE_SECRET_REFUSED: 'rule',
  EXCHANGE_STATUS_UNKNOWN: 'rule',
  EXCHANGE_STATUS_UNMATCHED: 'rule',
} as const satisfies Record<string, ErrorKind>;

export type ExchangeErrorCode = keyof typeof KINDS;
export const EXCHANGE_ERRORS: readonly { readonly code: string; readonly kind: ErrorKind }[] = Object.entries(
  KINDS,
).map(([code, kind]) => ({ code, kind }));

export interface Refusal {
  readonly code: ExchangeErrorCode;
  readonly message: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

export const exchangeError = ({ code, message, details = {} }: Refusal): AppError =>
  new AppError(KINDS[code], code, message, { details });

export function orRefuse<T>(result: Result<T, Refusal>): T {
  if (!result.ok) throw exchangeError(result.error);
  return result.value;
}
