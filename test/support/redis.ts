// A Redis server of its own for a test file: Debian's redis-server on a free loopback port, nothing kept on disk.

import { spawn, type ChildProcess } from 'node:child_process';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { Redis } from 'ioredis';
import { requireTool } from './tools.ts';

export interface TestRedis {
  readonly url: string;
  flushAll(): Promise<void>;
  /** Ends the server as `kill -9` would; everything in it is lost. */
  kill(): Promise<void>;
  /** Starts it again on the same port. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

const READY_TIMEOUT_MS = 10_000;

export const findRedisServer = (): string | null => requireTool('redis-server');

export async function startRedis(): Promise<TestRedis> {
  const path = findRedisServer();
  if (path === null) throw new Error('redis-server is missing; get it by npm run test:setup');
  const port = await findFreePort();
  const url = `redis://127.0.0.1:${port}`;
  let child: ChildProcess | null = null;

  async function start(): Promise<void> {
    if (child !== null) return;
    const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', tmpdir()];
    child = spawn(path ?? '', args, { stdio: 'ignore' });
    await waitUntilReady(url);
  }

  async function kill(): Promise<void> {
    if (child === null) return;
    const ended = new Promise((resolve) => child?.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
    child = null;
  }

  await start();
  return {
    url,
    start,
    kill,
    stop: kill,
    async flushAll() {
      const client = new Redis(url);
      await client.flushall();
      await client.quit();
    },
  };
}

async function waitUntilReady(url: string): Promise<void> {
  const deadline = Date.now() + READY_TIMEOUT_MS;
  const client = new Redis(url, { retryStrategy: () => 20, maxRetriesPerRequest: null });
  // Each refused connection is reported here; the ping below waits through them.
  client.on('error', () => {
    if (Date.now() > deadline) client.disconnect();
  });
  await client.ping();
  client.disconnect();
}

/** Free at this moment; good enough on loopback. */
function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => {
        if (typeof address === 'object' && address !== null) resolve(address.port);
        else reject(new Error('A TCP server has no port'));
      });
    });
  });
}
