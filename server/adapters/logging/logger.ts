// The program's log: one JSON line per entry on stderr (pino), or one readable line when a person looks at a terminal.
// stdout stays free for what commands print. Never log document content, passwords or tokens: ids and codes are enough.

import { Writable } from 'node:stream';
import { pino, type Logger } from 'pino';

export type { Logger } from 'pino';

const LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
type Level = (typeof LEVELS)[number];

export interface LoggerOptions {
  /** LOG_LEVEL; an unknown text means `info`. */
  readonly level?: string | undefined;
  /** Readable lines instead of JSON. Default: stderr is a terminal. */
  readonly isReadable?: boolean;
  /** Default: stderr. */
  readonly destination?: NodeJS.WritableStream;
}

/** Keys that must not reach a log even when a whole request or configuration object is logged. */
const REDACTED = [
  'password',
  'token',
  '*.password',
  '*.token',
  'req.headers.cookie',
  'req.headers.authorization',
  'res.headers["set-cookie"]',
];

export function createLogger(options: LoggerOptions = {}): Logger {
  const level: Level = LEVELS.find((known) => known === options.level) ?? 'info';
  const destination = options.destination ?? process.stderr;
  const isReadable = options.isReadable ?? process.stderr.isTTY === true;
  return pino(
    { level, base: null, redact: REDACTED, timestamp: pino.stdTimeFunctions.isoTime },
    isReadable ? createReadableStream(destination) : destination,
  );
}

const createReadableStream = (destination: NodeJS.WritableStream): Writable =>
  new Writable({
    write(chunk: Buffer, _encoding, done) {
      destination.write(formatLine(chunk.toString()));
      done();
    },
  });

/** `08:00:01 WARN  The queue cannot be reached  code=… ` and, below, the stack of an error. */
export function formatLine(line: string): string {
  const { level, time, msg, err, ...rest } = JSON.parse(line) as {
    level: number;
    time: string;
    msg?: string;
    err?: { message?: string; code?: string; stack?: string };
    [key: string]: unknown;
  };
  const label = (pino.levels.labels[level] ?? String(level)).toUpperCase().padEnd(5);
  const details = Object.entries(rest).map(
    ([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  const head = [time.slice(11, 19), label, msg ?? err?.message ?? '', ...details].join(' ').trimEnd();
  return err?.stack === undefined ? `${head}\n` : `${head}\n${err.stack.replace(/^/gm, '    ')}\n`;
}
