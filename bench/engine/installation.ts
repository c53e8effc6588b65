// A database of its own with the runtime on it, for the benches of the engine: embedded PostgreSQL with fsync on, on the
// same machine as the callers, because a bench that leaves out the database's share of the processor would flatter.

import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createKeySource } from '../../server/adapters/ids/key-source.ts';
import { startEmbeddedPostgres } from '../../server/adapters/postgres/embedded.ts';
import { migrate } from '../../server/adapters/postgres/migrate.ts';
import { createPool, type Pool } from '../../server/adapters/postgres/pool.ts';
import { createBatchPool, createStatements } from '../../server/adapters/postgres/statements.ts';
import { createTransactions } from '../../server/adapters/postgres/transactions.ts';
import { createRuntime, type Runtime } from '../../server/runtime/index.ts';
import { instantOf } from '../../server/shared/time.ts';
import type { Transactions } from '../../server/shared/transactions.ts';

export interface BenchInstallation {
  readonly url: string;
  readonly superuserUrl: string;
  /** Process id of the database server. */
  readonly postmaster: number;
  readonly pool: Pool;
  readonly transactions: Transactions;
  readonly runtime: Runtime;
  /** As another process would have it: it remembers nothing of what the first has written. */
  createRuntimeTwin(): Runtime;
  stop(): Promise<void>;
}

export async function startBenchInstallation(): Promise<BenchInstallation> {
  const dir = await mkdtemp(join(tmpdir(), 'tram-bench-'));
  await chmod(dir, 0o755);
  const server = await startEmbeddedPostgres({ dataDir: join(dir, 'postgres'), logFile: join(dir, 'postgres.log') });
  await migrate(server.url);
  const pool = createPool(server.url, { max: 32, applicationName: 'bench' });
  const keyPool = createPool(server.url, { max: 1, applicationName: 'bench-keys' });
  const batchPool = createBatchPool(server.url, { max: 2, applicationName: 'bench-steps' });
  const transactions = createTransactions(pool);
  const statements = createStatements(batchPool);
  const keys = createKeySource(keyPool);
  const clock = { now: () => instantOf(new Date()) };
  const createRuntimeTwin = (): Runtime =>
    createRuntime({ transactions, statements, clock, keys, wake: () => undefined });
  return {
    url: server.url,
    superuserUrl: server.superuserUrl,
    postmaster: server.pid,
    pool,
    transactions,
    runtime: createRuntimeTwin(),
    createRuntimeTwin,
    async stop() {
      await Promise.all([pool.end(), keyPool.end(), batchPool.end()]);
      await server.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
