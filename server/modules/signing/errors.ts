// Error codes of the signing module; the catalogue joins them with their Vietnamese texts.

import { AppError, type ErrorKind } from '../../shared/app-error.ts';
import type { Result } from '../../shared/result.ts';

const KINDS = {
  SIGNING_PIN_WRONG: 'rule', // thrown by the CredentialOpener port
  SIGNING_CERTIFICATE_EXPIRED: 'rule',
  SIGNING_CLERK_REQUIRED: 'forbidden',
  SIGNING_ALREADY_SIGNED: 'rejection',
  SIGNING_PERSON_MISSING: 'rejection',
  SIGNING_PIN_LOCKED: 'rule',
  SIGNING_SOURCE_CHANGED: 'rejection',
  SIGNING_SESSION_NOT_FOUND: 'not-found',
  SIGNING_SESSION_EXPIRED: 'rejection',
  SIGNING_SESSION_USED: 'rejection',
  SIGNING_SESSION_CANCELLED: 'rejection',
  SIGNING_QUARANTINE_NOT_FOUND: 'not-found',
  SIGNING_PROVIDER_ABSENT: 'rule',
  SIGNING_TASK_UNSUITABLE: 'rejection',
  SIGNING_BATCH_STOPPED: 'rejection',
} as const satisfies Record<string, ErrorKind>;

export type SigningErrorCode = keyof typeof KINDS;
export const SIGNING_ERRORS: readonly { readonly code: string; readonly kind: ErrorKind }[] = Object.entries(KINDS).map(
  ([code, kind]) => ({ code, kind }),
);

export interface Refusal {
  readonly code: SigningErrorCode;
  readonly message: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

export const signingError = ({ code, message, details = {} }: Refusal): AppError =>
  new AppError(KINDS[code], code, message, { details });

export function orRefuse<T>(result: Result<T, Refusal>): T {
  if (!result.ok) throw signingError(result.error);
  return result.value;
}
