// The server process of the embedded database: found through PostgreSQL's own postmaster.pid, started as a process of
// its own session (Ctrl-C must not reach it before us), stopped by pg_ctl. Invariant: a server that is already running
// on the cluster is used, never fought; two starters at once end up with one server, because PostgreSQL itself locks.

import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { open, readFile, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import { AppError } from '../../shared/app-error.ts';
import { spawnOptionsFor, type PostgresBinaries, type ServerUser } from './embedded-binaries.ts';
import { isAlive, runProgram, SUPERUSER } from './embedded-cluster.ts';
import { errorCodeOf } from './sqlstate.ts';

export interface PostmasterOptions {
  readonly clusterDir: string;
  readonly logFile: string;
  readonly binaries: PostgresBinaries;
  readonly user: ServerUser;
  readonly superuserPassword: string;
  readonly fsync: boolean;
  /** A fixed port; without it a free one is chosen. */
  readonly port?: number | undefined;
}

export interface Postmaster {
  readonly pid: number;
  readonly port: number;
}

const HOST = '127.0.0.1';
/** Crash recovery replays at most max_wal_size (1 GB) of log: seconds, on a slow disk a minute. */
const READY_TIMEOUT_MS = 120_000;
const START_TIMEOUT_MS = 20_000;
const POLL_MS = 20;

/** Failures that pass by themselves: the last server's processes are still ending, or another start was faster. */
const PASSING_FAILURE =
  /pre-existing shared memory block|lock file "postmaster\.pid"|could not bind|could not create any TCP/;

/** Uses the server that runs on the cluster, or starts one. */
export async function ensurePostmaster(options: PostmasterOptions): Promise<Postmaster> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    const running = await findPostmaster(options.clusterDir, options.superuserPassword);
    if (running !== null) return running;
    const logStart = await sizeOf(options.logFile);
    const started = await startPostmaster(options);
    if (started !== null) return started;
    const log = (await readFile(options.logFile, 'utf8').catch(() => '')).slice(logStart);
    if (!PASSING_FAILURE.test(log) || Date.now() > deadline) {
      throw new AppError('bug', 'EMBEDDED_POSTGRES_FAILED', `PostgreSQL did not start: ${log.trim().slice(-500)}`);
    }
    await pause(200);
  }
}

/** The live server of the cluster, waited for while it starts or closes; null when there is none. */
export async function findPostmaster(clusterDir: string, password: string): Promise<Postmaster | null> {
  const deadline = Date.now() + READY_TIMEOUT_MS;
  for (;;) {
    const found = await readPidFile(clusterDir);
    if (found === null || !isAlive(found.pid)) return null;
    if (!isPostgres(found.pid)) {
      // After a restart of the machine the number belongs to another program, and PostgreSQL would refuse to start.
      await rm(join(clusterDir, 'postmaster.pid'), { force: true });
      return null;
    }
    // The password is this cluster's own, so an answer proves that it is our server and not a namesake.
    if (found.isReady && (await answers(found.port, password))) return found;
    if (Date.now() > deadline) {
      throw new AppError(
        'bug',
        'EMBEDDED_POSTGRES_FAILED',
        `Process ${found.pid} holds '${clusterDir}' but does not answer`,
      );
    }
    await pause(POLL_MS);
  }
}

/** Fast shutdown: open transactions are rolled back, everything is written, at most a minute is waited. */
export async function stopPostmaster(options: PostmasterOptions): Promise<void> {
  const args = ['stop', '-D', options.clusterDir, '-m', 'fast', '-w', '-t', '60', '-s'];
  const { status, output } = await runProgram(options.binaries.pgCtl, args, options.user);
  if (status !== 0 && (await readPidFile(options.clusterDir)) !== null) {
    throw new AppError('bug', 'EMBEDDED_POSTGRES_FAILED', `pg_ctl stop ended with ${status}: ${output.trim()}`);
  }
}

export const urlOf = (port: number, role: string, password: string, database: string): string =>
  `postgres://${role}:${password}@${HOST}:${port}/${database}`;

/** Null: the server ended before it was ready; its log says why. */
async function startPostmaster(options: PostmasterOptions): Promise<Postmaster | null> {
  const port = options.port ?? (await findFreePort());
  const log = await open(options.logFile, 'a', 0o600);
  let hasEnded = false;
  try {
    // A file, not a pipe: the server outlives us, and a pipe without a reader would stop it.
    const child = spawn(options.binaries.postgres, ['-D', options.clusterDir, ...settingsOf(port, options.fsync)], {
      ...spawnOptionsFor(options.user),
      env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C', TZ: 'UTC', SystemRoot: process.env['SystemRoot'] ?? '' },
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
    });
    child.once('exit', () => {
      hasEnded = true;
    });
    await new Promise((resolve, reject) => child.once('spawn', resolve).once('error', reject));
    child.unref();
    const deadline = Date.now() + READY_TIMEOUT_MS;
    while (!hasEnded && Date.now() < deadline) {
      const found = await readPidFile(options.clusterDir);
      if (found?.isReady === true && found.pid === child.pid) return found;
      await pause(POLL_MS);
    }
    return null;
  } finally {
    await log.close();
  }
}

function settingsOf(port: number, fsync: boolean): string[] {
  const settings = {
    port,
    listen_addresses: HOST,
    unix_socket_directories: '',
    max_connections: 200,
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_checkpoints: 'off',
    log_line_prefix: '%m [%p] ',
    // Nobody replicates from an embedded database; the smaller log makes bulk loads faster.
    wal_level: 'minimal',
    max_wal_senders: 0,
    // Our statements are short; compiling them costs more than it saves.
    jit: 'off',
    ...(fsync ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

interface PidFile extends Postmaster {
  readonly isReady: boolean;
}

/** Lines of postmaster.pid (src/include/utils/pidfile.h): 1 pid, 4 port, 8 state. */
async function readPidFile(clusterDir: string): Promise<PidFile | null> {
  let text: string;
  try {
    text = await readFile(join(clusterDir, 'postmaster.pid'), 'utf8');
  } catch (error) {
    if (errorCodeOf(error) === 'ENOENT') return null;
    throw error;
  }
  const lines = text.split('\n');
  const pid = Number(lines[0]);
  // The file is written line by line; without the first line there is nothing to look for yet.
  if (!Number.isInteger(pid) || pid <= 0) return null;
  return { pid, port: Number(lines[3] ?? 0), isReady: lines[7]?.trim() === 'ready' };
}

function isPostgres(pid: number): boolean {
  if (process.platform === 'win32') return true;
  const procFile = `/proc/${pid}/cmdline`;
  const command = existsSync(procFile)
    ? readFileSync(procFile, 'utf8')
    : spawnSync('ps', ['-p', String(pid), '-o', 'command='], { encoding: 'utf8' }).stdout;
  return command.includes('postgres');
}

async function answers(port: number, password: string): Promise<boolean> {
  const client = new pg.Client({
    connectionString: urlOf(port, SUPERUSER, password, 'postgres'),
    connectionTimeoutMillis: 5_000,
  });
  client.on('error', () => undefined); // The rejected connect below tells the same.
  try {
    await client.connect();
    return true;
  } catch {
    return false; // Starting, closing or not ours: the caller asks again until its deadline.
  } finally {
    await client.end();
  }
}

/** The port is free at this moment; should another program take it, the start fails and is tried with the next one. */
function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, HOST, () => {
      const address = probe.address();
      probe.close(() => {
        if (typeof address === 'object' && address !== null) resolve(address.port);
        else reject(new Error('A TCP server has no port'));
      });
    });
  });
}

const sizeOf = async (file: string): Promise<number> => (existsSync(file) ? (await stat(file)).size : 0);

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
