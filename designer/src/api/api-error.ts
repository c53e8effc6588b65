// The one error that calls to the server throw. `kind` decides what a page shows, `code` names the refusal.
// A call without any answer is `offline`: nobody knows whether the server acted, so its key must be kept.

import type { ErrorBody } from './contract.ts';

export type ApiErrorKind = 'offline' | 'unauthenticated' | 'forbidden' | 'not-found' | 'refused' | 'server';

export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly kind: ApiErrorKind;
  readonly status: number;
  readonly body: ErrorBody | null;

  constructor(status: number, body: ErrorBody | null, options?: ErrorOptions) {
    super(body === null ? `HTTP ${status}` : `${body.code}: ${body.message}`, options);
    this.kind = kindOf(status);
    this.status = status;
    this.body = body;
  }

  /** True when the server has certainly decided; false when a retry must carry the same Idempotency-Key. */
  get isDefinite(): boolean {
    return this.kind !== 'offline' && this.kind !== 'server';
  }
}

function kindOf(status: number): ApiErrorKind {
  if (status === 0) return 'offline';
  if (status === 401) return 'unauthenticated';
  if (status === 403) return 'forbidden';
  if (status === 404) return 'not-found';
  return status >= 500 ? 'server' : 'refused';
}

/** Wraps whatever was thrown, so that pages meet one kind of error only. */
export const asApiError = (thrown: unknown): ApiError =>
  thrown instanceof ApiError ? thrown : new ApiError(0, null, { cause: thrown });
