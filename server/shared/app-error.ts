// The one error class that crosses layers. `kind` decides how the error is answered (HTTP status, retry),
// `code` names it for clients and translators; see docs/errors.md. `message` is for logs and developers,
// the user's text is looked up by code. `details` holds ids and field names, never personal data.

export type ErrorKind =
  | 'invalid-input' // the request does not match the contract (400)
  | 'unauthenticated' // no session (401)
  | 'forbidden' // not allowed (403)
  | 'not-found' // no such thing for this actor (404)
  | 'rejection' // not permitted in this state (409)
  | 'rate-limited' // too many requests from one address (429)
  | 'rule' // well-formed, but against a domain rule (422)
  | 'too-large' // more bytes than accepted (413)
  | 'transient' // try again later (503)
  | 'bug'; // an invariant is broken (500)

export interface AppErrorOptions {
  readonly details?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: string;
  readonly kind: ErrorKind;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(kind: ErrorKind, code: string, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.kind = kind;
    this.code = code;
    this.details = options.details ?? {};
  }
}

/** An error that a later try may not meet again: deadlock, lost connection, the other side is busy. */
export const isTransient = (error: unknown): boolean => error instanceof AppError && error.kind === 'transient';
