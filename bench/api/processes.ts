// The two programs that bench/api compares, each in a process of its own and on one database: our server as `npm start`
// runs it, with a token and not in test mode, because clients pay for being known; and the route that does `SELECT 1`.

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { findEmbeddedPostgres } from '../../server/adapters/postgres/embedded.ts';

const START_LIMIT_MS = 120_000;

export interface BenchServer {
  readonly url: string;
  readonly databaseUrl: string;
  readonly token: string;
  /** Seconds of processor time so far: the program, and its PostgreSQL. Null where /proc is not there. */
  processorSeconds(): { readonly node: number; readonly postgres: number } | null;
  stop(): Promise<void>;
}

export async function startBenchServer(dataDir: string): Promise<BenchServer> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const flags = ['--port', String(port), '--data-dir', dataDir, '--sample-data', 'false'];
  const child = run(['server/main/start.ts', ...flags]);
  await waitUntilReady(`${url}/v2/status`, child);
  const databaseUrl = await findEmbeddedPostgres(join(dataDir, 'postgres'));
  if (databaseUrl === null) throw new Error('The database of the server is not there');
  const scopes = ['--scopes', 'read,deploy,start,work,tasks,operate'];
  const output = execFileSync(
    process.execPath,
    ['scripts/tram.mjs', 'token', 'create', '--client', 'bench', ...scopes],
    { encoding: 'utf8', env: { ...process.env, DATABASE_URL: databaseUrl } },
  );
  const token = output.trim().split(/\s+/).at(-1) ?? '';
  const postmaster = (): number =>
    Number(readFileSync(join(dataDir, 'postgres', 'cluster', 'postmaster.pid'), 'utf8').split('\n')[0]);
  return {
    url,
    databaseUrl,
    token,
    processorSeconds: () =>
      process.platform === 'linux' ? { node: secondsOf(child.pid ?? 0), postgres: secondsOfTree(postmaster()) } : null,
    stop: () => end(child),
  };
}

export async function startSelectOne(databaseUrl: string): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const child = run(['bench/api/select-one.ts', databaseUrl], 'pipe');
  const [chunk] = (await once(child.stdout ?? child, 'data')) as readonly unknown[]; // events give any[]
  return { url: `http://127.0.0.1:${String(chunk).trim()}/select-one`, stop: () => end(child) };
}

const run = (args: readonly string[], stdout: 'ignore' | 'pipe' = 'ignore'): ChildProcess =>
  spawn(process.execPath, ['--import', 'tsx', ...args], {
    stdio: ['ignore', stdout, 'inherit'],
    env: { ...process.env, LOG_LEVEL: 'fatal', NODE_ENV: 'production' },
  });

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo; // a TCP server has one
      probe.close(() => resolve(port));
    });
  });
}

async function waitUntilReady(url: string, child: ChildProcess): Promise<void> {
  const limit = performance.now() + START_LIMIT_MS;
  while (performance.now() < limit && child.exitCode === null) {
    const isReady = await fetch(url).then(
      (answer) => answer.ok,
      () => false,
    );
    if (isReady) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error('The server did not start');
}

/** Clock ticks of /proc are hundredths of a second on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

function statOf(pid: number): { readonly parent: number; readonly seconds: number } {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name of the program stands in brackets and may contain anything.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { parent: Number(fields[1]), seconds: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND };
}

const secondsOf = (pid: number): number => statOf(pid).seconds;

function secondsOfTree(root: number): number {
  let total = secondsOf(root);
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      const { parent, seconds } = statOf(Number(name));
      if (parent === root) total += seconds;
    } catch {
      continue; // ended while we were looking
    }
  }
  return total;
}
