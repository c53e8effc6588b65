// One embedded PostgreSQL per test run, in a temporary directory, without fsync. It starts when the first test file asks
// for a database, so a run of unit tests pays nothing: what starts at once is only a small HTTP server that test
// workers ask for the template's URL. After the run everything is stopped and removed.

import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { isAlive } from '../../server/adapters/postgres/embedded-cluster.ts';
import {
  findEmbeddedPostgres,
  startEmbeddedPostgres,
  type EmbeddedPostgres,
} from '../../server/adapters/postgres/embedded.ts';
import { migrate } from '../../server/adapters/postgres/migrate.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Answers GET / with TestDatabaseUrls as JSON. */
    testDatabaseService: string;
  }
}

/** Both name the migrated template database. */
export interface TestDatabaseUrls {
  readonly url: string;
  readonly superuserUrl: string;
}

const DIRECTORY_PREFIX = 'tram-test-';

interface TestCluster {
  readonly dir: string;
  readonly server: EmbeddedPostgres;
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await removeAbandonedClusters();
  let cluster: Promise<TestCluster> | null = null;
  const service = createServer((_request, response) => {
    cluster ??= startCluster();
    cluster.then(
      ({ server: { url, superuserUrl } }) => response.end(JSON.stringify({ url, superuserUrl })),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  project.provide('testDatabaseService', await listen(service));

  return async () => {
    service.closeAllConnections();
    service.close();
    if (cluster === null) return;
    const { dir, server } = await cluster;
    await server.stop();
    await rm(dir, { recursive: true, force: true });
  };
}

async function startCluster(): Promise<TestCluster> {
  const dir = await mkdtemp(join(tmpdir(), `${DIRECTORY_PREFIX}${process.pid}-`));
  // mkdtemp makes it private, but the server runs as another user when the tests run as root.
  await chmod(dir, 0o755);
  const server = await startEmbeddedPostgres({
    dataDir: join(dir, 'postgres'),
    logFile: join(dir, 'postgres.log'),
    fsync: false,
  });
  await migrate(server.url);
  return { dir, server };
}

function listen(server: Server): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (typeof address === 'object' && address !== null) resolve(`http://127.0.0.1:${address.port}`);
      else reject(new Error('A TCP server has no port'));
    });
  });
}

/** A killed run leaves its server behind. The directory name tells whose it was; a dead owner's server is stopped. */
async function removeAbandonedClusters(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = new RegExp(`^${DIRECTORY_PREFIX}(\\d+)-`).exec(name)?.[1];
    if (pid === undefined || isAlive(Number(pid))) continue;
    const dir = join(tmpdir(), name);
    const dataDir = join(dir, 'postgres');
    if ((await findEmbeddedPostgres(dataDir)) !== null) {
      const abandoned = await startEmbeddedPostgres({ dataDir, logFile: join(dir, 'postgres.log'), fsync: false });
      await abandoned.stop();
    }
    await rm(dir, { recursive: true, force: true });
  }
}
