// The connection pool. It fixes how values cross the border between PostgreSQL and the program: points in time as
// ISO 8601 UTC text with milliseconds, days as text, int8 and numeric as digit strings, so that no value passes
// through a JavaScript Date of local time or loses digits in a double.

import pg from 'pg';
import { AppError } from '../../shared/app-error.ts';

export type Pool = pg.Pool;

export interface PoolOptions {
  readonly max: number;
  /** More settings of each session, `name=value`. */
  readonly settings?: readonly string[];
  /** Shown in pg_stat_activity. */
  readonly applicationName?: string;
  /** Told about errors of idle connections (the server went away); the pool replaces them by itself. Without it the process gets a warning. */
  readonly onError?: (error: Error) => void;
}

const CONNECT_TIMEOUT_MS = 10_000;
const IDLE_TIMEOUT_MS = 30_000;
// A transaction that waits for its client this long holds locks for nothing: the client is stuck or gone.
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 60_000;

const TIMESTAMPTZ = /^(\d{4,6})-(\d{2})-(\d{2}) (\d{2}:\d{2}:\d{2})(\.\d+)?([+-]\d{2})(?::(\d{2}))?(?::\d{2})?$/;

/** `2019-05-06 08:00:00.123456+07` → `2019-05-06T01:00:00.123Z`; microseconds are cut, not rounded. */
export function parseTimestamptz(text: string): string {
  const match = TIMESTAMPTZ.exec(text);
  if (match === null) {
    throw new AppError('bug', 'DATABASE_VALUE_UNREADABLE', `Expected a finite point in time, but got '${text}'`);
  }
  const [, year = '', month = '', day = '', time = '', fraction = '', hours = '', minutes = '00'] = match;
  const millis = `${fraction === '' ? '.' : fraction}000`.slice(0, 4);
  return new Date(`${year}-${month}-${day}T${time}${millis}${hours}:${minutes}`).toISOString();
}

/** `{"2019-05-06 08:00:00+07",NULL}`: PostgreSQL quotes elements with spaces and leaves NULL bare. */
const parseArrayOf =
  (parse: (text: string) => string) =>
  (text: string): (string | null)[] =>
    text === '{}'
      ? []
      : text
          .slice(1, -1)
          .split(',')
          .map((part) => (part === 'NULL' ? null : parse(part.replace(/^"|"$/g, ''))));

const asText = (text: string): string => text;

// Object identifiers of the types, constant in every PostgreSQL (pg_type.dat).
const PARSERS: ReadonlyMap<number, (text: string) => unknown> = new Map<number, (text: string) => unknown>([
  [20, asText], // int8
  [1700, asText], // numeric
  [1082, asText], // date
  [1114, asText], // timestamp without zone: not used by our schema, must not become a local Date
  [1184, parseTimestamptz], // timestamptz
  [1016, parseArrayOf(asText)], // int8[]
  [1182, parseArrayOf(asText)], // date[]
  [1185, parseArrayOf(parseTimestamptz)], // timestamptz[]
]);

const types: pg.CustomTypesConfig = {
  // The driver's signature is generic over the format; ours are text parsers only, the driver's own serve the rest.
  getTypeParser: ((id: number, format?: 'text' | 'binary') =>
    (format !== 'binary' ? PARSERS.get(id) : undefined) ??
    pg.types.getTypeParser(id, format)) as typeof pg.types.getTypeParser,
};

export function createPool(url: string, options: PoolOptions): Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.max,
    types,
    application_name: options.applicationName ?? 'tram',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    idleTimeoutMillis: IDLE_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
    // A zone in the session would let `::date` and `to_char` depend on the server's configuration.
    options: ['TimeZone=UTC', 'DateStyle=ISO', ...(options.settings ?? [])].map((setting) => `-c ${setting}`).join(' '),
    keepAlive: true,
  });
  // Without a listener a restart of the server would end this process (an unhandled 'error' event).
  pool.on('error', options.onError ?? ((error) => process.emitWarning(error)));
  return pool;
}
