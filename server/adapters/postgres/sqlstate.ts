// Names for the PostgreSQL error codes that the program knows how to answer. Everything else is a bug or an
// environment fault and passes through unchanged. The list of all codes: PostgreSQL manual, appendix A.

export const SQLSTATE = {
  UNIQUE_VIOLATION: '23505',
  FOREIGN_KEY_VIOLATION: '23503',
  CHECK_VIOLATION: '23514',
  SERIALIZATION_FAILURE: '40001',
  DEADLOCK_DETECTED: '40P01',
  LOCK_NOT_AVAILABLE: '55P03',
  UNDEFINED_TABLE: '42P01',
  INVALID_CATALOG_NAME: '3D000',
  DUPLICATE_DATABASE: '42P04',
  DUPLICATE_OBJECT: '42710',
  TOO_MANY_CONNECTIONS: '53300',
  ADMIN_SHUTDOWN: '57P01',
  CRASH_SHUTDOWN: '57P02',
  CANNOT_CONNECT_NOW: '57P03',
} as const;

/** All connection exceptions share this class (the first two characters of the code). */
const CONNECTION_EXCEPTION_CLASS = '08';

const UNAVAILABLE_STATES: ReadonlySet<string> = new Set([
  SQLSTATE.TOO_MANY_CONNECTIONS,
  SQLSTATE.ADMIN_SHUTDOWN,
  SQLSTATE.CRASH_SHUTDOWN,
  SQLSTATE.CANNOT_CONNECT_NOW,
]);

const SOCKET_ERRORS: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

// The driver reports these three as plain errors without a code (pg 8.23: client.js, pg-pool index.js).
const DRIVER_MESSAGES =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/;

/** The `code` of a driver or socket error: a SQLSTATE or an errno name; null when there is none. */
export function errorCodeOf(error: unknown): string | null {
  if (typeof error !== 'object' || error === null || !('code' in error)) return null;
  return typeof error.code === 'string' ? error.code : null;
}

/** Two transactions got in each other's way; the same work may succeed when it is run again. */
export function isConflict(error: unknown): boolean {
  const code = errorCodeOf(error);
  return code === SQLSTATE.SERIALIZATION_FAILURE || code === SQLSTATE.DEADLOCK_DETECTED;
}

/** The server cannot be reached, or it is closing, starting or full. */
export function isUnavailable(error: unknown): boolean {
  // Node tries IPv4 and IPv6 and reports both failures in one AggregateError.
  if (error instanceof AggregateError) return error.errors.some(isUnavailable);
  const code = errorCodeOf(error);
  if (code !== null) {
    return code.startsWith(CONNECTION_EXCEPTION_CLASS) || UNAVAILABLE_STATES.has(code) || SOCKET_ERRORS.has(code);
  }
  return error instanceof Error && DRIVER_MESSAGES.test(error.message);
}
