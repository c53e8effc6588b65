// What a start can be told, on the command line or in the environment; the command line wins. Everything is read and
// judged here once, so that the rest of the program gets values that are known to be good.

import { isAbsolute, resolve } from 'node:path';
import type { HistoryLevel, HistorySettings } from '../runtime/index.ts';
import { parseInstant, type Instant } from '../shared/time.ts';
import { StartupError } from './startup-error.ts';

export { StartupError } from './startup-error.ts';

export const PROCESS_ROLES = ['all', 'api', 'worker', 'migrate'] as const;
/** all: everything in one process; api and worker: one of many; migrate: brings the schema up and ends. */
export type ProcessRole = (typeof PROCESS_ROLES)[number];

export interface Config {
  readonly role: ProcessRole;
  readonly port: number;
  readonly host: string;
  readonly dataDir: string;
  /** Business time at the start, with the text that asked for it; null: system time, or what the others use. */
  readonly clock: { readonly text: string; readonly instant: Instant } | null;
  readonly isTestMode: boolean;
  readonly isProduction: boolean;
  /** The sample province is loaded at the start. Default: everywhere but in production. */
  readonly isSampleDataWanted: boolean;
  /** Absent: the embedded PostgreSQL under the data directory. */
  readonly databaseUrl: string | null;
  /** Absent: the queue lives in PostgreSQL. */
  readonly redisUrl: string | null;
  /** How much of what instances do is kept, and for how long. */
  readonly eventHistory: HistorySettings;
  readonly logLevel: string | undefined;
  readonly isHelpWanted: boolean;
}

interface Flag {
  readonly env: string;
  readonly hasValue: boolean;
  readonly help: string;
}

const FLAGS: Readonly<Record<string, Flag>> = {
  '--port': { env: 'PORT', hasValue: true, help: 'cổng / port of API and web app (8080)' },
  '--host': { env: 'HOST', hasValue: true, help: 'địa chỉ / address to listen on (127.0.0.1)' },
  '--data-dir': {
    env: 'DATA_DIR',
    hasValue: true,
    help: 'thư mục dữ liệu / directory of the embedded database (.data)',
  },
  '--clock': {
    env: 'TRAM_CLOCK',
    hasValue: true,
    help: 'giờ nghiệp vụ / business time, e.g. 2019-05-06T08:00:00+07:00',
  },
  '--test-mode': { env: 'TRAM_TEST_MODE', hasValue: false, help: 'kiểm thử / no authentication on /v2, movable clock' },
  '--sample-data': {
    env: 'TRAM_SAMPLE_DATA',
    hasValue: true,
    help: 'dữ liệu mẫu / load the sample province: true, false',
  },
  '--role': { env: 'TRAM_ROLE', hasValue: true, help: `vai trò / ${PROCESS_ROLES.join(', ')} (all)` },
};

const DEFAULT_PORT = 8080;
const DEFAULT_HOST = '127.0.0.1';
const DEFAULT_DATA_DIR = '.data';
const MAX_PORT = 65_535;

export function helpText(): string {
  const lines = Object.entries(FLAGS).map(([flag, { env, help }]) => `  ${flag.padEnd(13)} ${env.padEnd(16)} ${help}`);
  return [
    'npm start -- [--port 9000] [--clock 2019-05-06T08:00:00+07:00] …',
    '',
    ...lines,
    `  ${''.padEnd(13)} ${'DATABASE_URL'.padEnd(16)} PostgreSQL ngoài / external database (embedded)`,
    `  ${''.padEnd(13)} ${'REDIS_URL'.padEnd(16)} Redis cho hàng đợi / Redis for the queue (PostgreSQL)`,
    `  ${''.padEnd(13)} ${'TRAM_HISTORY_LEVEL'.padEnd(16)} lịch sử được giữ / history kept: full, activity, none (full)`,
    `  ${''.padEnd(13)} ${'TRAM_HISTORY_MONTHS'.padEnd(16)} số tháng giữ lịch sử / whole months of history kept (all)`,
    `  ${''.padEnd(13)} ${'LOG_LEVEL'.padEnd(16)} fatal, error, warn, info, debug, trace (info)`,
  ].join('\n');
}

/** Throws StartupError FLAG_UNKNOWN, FLAG_INVALID, CLOCK_INVALID, TEST_MODE_REFUSED. */
export function loadConfig(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  workingDir: string = process.cwd(),
): Config {
  const flags = readFlags(args);
  const read = (flag: string): string | undefined => flags.get(flag) ?? emptyAsAbsent(env[FLAGS[flag]?.env ?? '']);
  const dataDir = read('--data-dir') ?? DEFAULT_DATA_DIR;
  const isProduction = env['NODE_ENV'] === 'production';
  const isTestMode = readSwitch('--test-mode', read('--test-mode') ?? 'false');
  if (isTestMode && isProduction) throw new StartupError('TEST_MODE_REFUSED');
  return {
    role: readRole(read('--role')),
    port: readPort(read('--port')),
    host: read('--host') ?? DEFAULT_HOST,
    dataDir: isAbsolute(dataDir) ? dataDir : resolve(workingDir, dataDir),
    clock: readClock(read('--clock')),
    isTestMode,
    isProduction,
    isSampleDataWanted: readSwitch('--sample-data', read('--sample-data') ?? String(!isProduction)),
    databaseUrl: readUrl('DATABASE_URL', env['DATABASE_URL'], ['postgres:', 'postgresql:']),
    redisUrl: readUrl('REDIS_URL', env['REDIS_URL'], ['redis:', 'rediss:']),
    eventHistory: { level: readLevel(env['TRAM_HISTORY_LEVEL']), keepMonths: readMonths(env['TRAM_HISTORY_MONTHS']) },
    logLevel: env['LOG_LEVEL'],
    isHelpWanted: flags.has('--help'),
  };
}

/** `--flag value`, `--flag=value`; a switch alone means `true`. */
function readFlags(args: readonly string[]): Map<string, string> {
  const values = new Map<string, string>();
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index] ?? '';
    const [name = '', ...rest] = arg.split('=');
    if (name === '--help' || name === '-h') {
      values.set('--help', 'true');
      continue;
    }
    const flag = Object.hasOwn(FLAGS, name) ? FLAGS[name] : undefined;
    if (flag === undefined) throw new StartupError('FLAG_UNKNOWN', arg);
    if (rest.length > 0) {
      values.set(name, rest.join('='));
    } else if (!flag.hasValue) {
      values.set(name, 'true');
    } else {
      index += 1;
      const value = args[index];
      if (value === undefined || value.startsWith('--')) throw new StartupError('FLAG_INVALID', name);
      values.set(name, value);
    }
  }
  return values;
}

const emptyAsAbsent = (text: string | undefined): string | undefined => (text === '' ? undefined : text);

function readSwitch(flag: string, text: string): boolean {
  if (['0', 'false', 'no'].includes(text)) return false;
  if (['1', 'true', 'yes'].includes(text)) return true;
  throw new StartupError('FLAG_INVALID', flag);
}

function readRole(text: string | undefined): ProcessRole {
  const role = PROCESS_ROLES.find((known) => known === (text ?? 'all'));
  if (role === undefined) throw new StartupError('FLAG_INVALID', '--role');
  return role;
}

function readPort(text: string | undefined): number {
  if (text === undefined) return DEFAULT_PORT;
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > MAX_PORT) throw new StartupError('FLAG_INVALID', '--port');
  return port;
}

const HISTORY_LEVELS: readonly HistoryLevel[] = ['full', 'activity', 'none'];

function readLevel(text: string | undefined): HistoryLevel {
  const level = HISTORY_LEVELS.find((known) => known === (emptyAsAbsent(text) ?? 'full'));
  if (level === undefined) throw new StartupError('FLAG_INVALID', 'TRAM_HISTORY_LEVEL');
  return level;
}

/** 0 keeps the current month only. */
function readMonths(text: string | undefined): number | null {
  if (text === undefined || text === '') return null;
  if (!/^\d{1,4}$/.test(text)) throw new StartupError('FLAG_INVALID', 'TRAM_HISTORY_MONTHS');
  return Number(text);
}

function readClock(text: string | undefined): Config['clock'] {
  if (text === undefined) return null;
  const instant = parseInstant(text);
  if (instant === null) throw new StartupError('CLOCK_INVALID', text);
  return { text, instant };
}

function readUrl(name: string, text: string | undefined, protocols: readonly string[]): string | null {
  if (text === undefined || text === '') return null;
  if (!URL.canParse(text) || !protocols.includes(new URL(text).protocol)) throw new StartupError('FLAG_INVALID', name);
  return text;
}
