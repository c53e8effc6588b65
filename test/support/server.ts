// A real server process for end-to-end tests: the compiled program on a free loopback port, with its own data. It can
// be killed without warning and started again on the same port and data, which is what the failure tests do.

import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findEmbeddedPostgres, startEmbeddedPostgres } from '../../server/adapters/postgres/embedded.ts';

/** Monday of the pilot's second week. */
export const PILOT_CLOCK = '2019-05-06T08:00:00+07:00';
const START_TIMEOUT_MS = 90_000;

export interface ServerOptions {
  /** Default: a new temporary directory with an embedded database, removed by `stop`. */
  readonly dataDir?: string;
  readonly port?: number;
  readonly role?: 'all' | 'api' | 'worker' | 'migrate';
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export interface TestServer {
  readonly baseUrl: string;
  readonly port: number;
  readonly dataDir: string;
  /** Everything it printed so far. */
  output(): string;
  /** As `kill -9`: no chance to say good-bye. The embedded database goes on as an orphan. */
  kill(): Promise<void>;
  /** Starts the killed server again on the same port and data. */
  restart(): Promise<void>;
  /** Ends it in order and removes the temporary directory. */
  stop(): Promise<void>;
}

export async function startServer(options: ServerOptions = {}): Promise<TestServer> {
  await buildServer();
  const ownDir = options.dataDir === undefined ? await makeDataDir() : null;
  const dataDir = options.dataDir ?? ownDir ?? '';
  const port = options.port ?? (await findFreePort());
  let running = await launch(options, dataDir, port);
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    port,
    dataDir,
    output: () => running.output.join(''),
    async kill() {
      running.child.kill('SIGKILL');
      await running.exited;
    },
    async restart() {
      running = await launch(options, dataDir, port);
    },
    async stop() {
      running.child.kill('SIGTERM');
      await running.exited;
      if (ownDir !== null) await removeDataDir(ownDir);
    },
  };
}

/** Runs a role that ends by itself; returns its exit code and what it printed. */
export async function runToEnd(
  options: ServerOptions & { readonly dataDir: string },
): Promise<{ code: number; output: string }> {
  await buildServer();
  const { child, exited, output } = spawnServer(options, options.dataDir, options.port ?? 0);
  await exited;
  return { code: child.exitCode ?? -1, output: output.join('') };
}

/** Compiled once per test process; `npm start` would build as well, but quietly and every time. */
let build: Promise<void> | null = null;
function buildServer(): Promise<void> {
  build ??= import('../../scripts/build.mjs').then(({ buildIfNeeded }) => buildIfNeeded());
  return build;
}

interface Running {
  readonly child: ChildProcess;
  readonly exited: Promise<void>;
  readonly output: string[];
}

function spawnServer(options: ServerOptions, dataDir: string, port: number): Running {
  const args = ['dist/server/main/start.js', '--port', String(port), '--data-dir', dataDir];
  if (options.role !== undefined) args.push('--role', options.role);
  const child = spawn(process.execPath, [...args, ...(options.args ?? [])], {
    env: { ...process.env, LOG_LEVEL: 'warn', ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => output.push(chunk.toString()));
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return { child, exited, output };
}

/** Returns when the server says that it is ready: an API its address, a worker its role. */
function launch(options: ServerOptions, dataDir: string, port: number): Promise<Running> {
  const running = spawnServer(options, dataDir, port);
  const { child, output } = running;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => fail('did not get ready in time'), START_TIMEOUT_MS);
    const fail = (what: string): void => {
      clearTimeout(timer);
      child.kill('SIGKILL');
      reject(new Error(`The server ${what}:\n${output.join('')}`));
    };
    child.once('exit', (code) => fail(`ended with code ${code}`));
    child.stdout?.on('data', () => {
      if (!/sẵn sàng/.test(output.join(''))) return;
      clearTimeout(timer);
      child.removeAllListeners('exit');
      const exited = new Promise<void>((done) => child.once('exit', () => done()));
      resolve({ ...running, exited });
    });
  });
}

async function makeDataDir(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'tram-server-'));
  // The embedded database runs as another user when the tests run as root.
  await chmod(dir, 0o755);
  return dir;
}

/** A killed server leaves its database running; it is taken over and ended before its files go. */
async function removeDataDir(dir: string): Promise<void> {
  const cluster = join(dir, 'postgres');
  if ((await findEmbeddedPostgres(cluster)) !== null) {
    await (await startEmbeddedPostgres({ dataDir: cluster, logFile: join(dir, 'postgres.log') })).stop();
  }
  await rm(dir, { recursive: true, force: true });
}

export function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => {
        if (address !== null && typeof address === 'object') resolve(address.port);
        else reject(new Error('A TCP server has no port'));
      });
    });
  });
}
