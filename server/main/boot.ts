// Brings up what every role needs, in the only order that works: database, schema, clock, queue; and takes it down in
// the opposite order. Nothing here knows documents or processes. A failure half-way closes what was already open.

import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createClock, type BusinessClock } from '../adapters/clock/business-clock.ts';
import { createKeySource } from '../adapters/ids/key-source.ts';
import { createLogger, type Logger } from '../adapters/logging/logger.ts';
import { createContentStore } from '../adapters/postgres/content-store.ts';
import { findEmbeddedPostgres, startEmbeddedPostgres } from '../adapters/postgres/embedded.ts';
import { checkSchema, migrate } from '../adapters/postgres/migrate.ts';
import { openNewsChannel } from '../adapters/postgres/news-channel.ts';
import { createPool, type Pool } from '../adapters/postgres/pool.ts';
import { isUnavailable } from '../adapters/postgres/sqlstate.ts';
import { createBatchPool, createStatements } from '../adapters/postgres/statements.ts';
import { createTransactions } from '../adapters/postgres/transactions.ts';
import { createCarrier, migrateCarrier } from '../adapters/queue/carrier.ts';
import type { ContentStore } from '../modules/documents/ports.ts';
import type { Carrier, KeySource, NewsChannel } from '../runtime/ports.ts';
import { AppError } from '../shared/app-error.ts';
import type { Statements, Transactions } from '../shared/transactions.ts';
import type { Config } from './config.ts';
import { describeUrl, StartupError, toEmbeddedError, toListenError } from './startup-error.ts';

export interface Platform {
  readonly pool: Pool;
  readonly transactions: Transactions;
  /** For batches of steps: sessions of their own. */
  readonly statements: Statements;
  readonly databaseUrl: string;
  readonly clock: BusinessClock;
  readonly keys: KeySource;
  readonly carrier: Carrier;
  /** Between this process and the others on its database. */
  readonly news: NewsChannel;
  readonly contentStore: ContentStore;
  readonly logger: Logger;
  /** Idempotent. Stops taking offers, closes the pool, and stops the embedded database if it is ours. */
  close(): Promise<void>;
}

export interface BootOptions {
  readonly logger?: Logger;
  /** The embedded database was lost for good; the process should end. Default: exit code 1. */
  readonly onDatabaseLost?: (error: unknown) => void;
}

/** One installation, one queue. A name without ':' (a rule of BullMQ). */
const QUEUE_NAME = 'tram';
const POOL_SIZE = 20;
/** As many as batches that run at once (server/runtime/step-batcher.ts). */
const BATCH_POOL_SIZE = 2;

type Closer = () => Promise<void> | void;

/** Throws StartupError for what an operator can repair. */
export async function boot(config: Config, options: BootOptions = {}): Promise<Platform> {
  const logger = options.logger ?? createLogger({ level: config.logLevel });
  const closers: Closer[] = [];
  const close = createClose(closers, logger);
  try {
    await checkPort(config);
    const databaseUrl = await openDatabase(config, closers, logger, options.onDatabaseLost);
    const pool = createPool(databaseUrl, {
      max: POOL_SIZE,
      applicationName: `tram-${config.role}`,
      onError: (error) => logger.warn({ err: error }, 'An idle database connection was lost'),
    });
    closers.push(() => pool.end());
    const keyPool = createPool(databaseUrl, {
      max: 1,
      applicationName: 'tram-keys',
      onError: (error) => logger.warn({ err: error }, 'The connection for engine keys was lost'),
    });
    closers.push(() => keyPool.end());
    const batchPool = createBatchPool(databaseUrl, {
      max: BATCH_POOL_SIZE,
      applicationName: `tram-${config.role}-steps`,
      onError: (error) => logger.warn({ err: error }, 'A connection for steps was lost'),
    });
    closers.push(() => batchPool.end());
    await prepareSchema(config, databaseUrl, pool);
    const clock = await startClock(config, pool, closers, logger);
    const carrier = await openCarrier(config, databaseUrl, logger);
    closers.push(() => carrier.close());
    const news = openNewsChannel(databaseUrl, {
      applicationName: `tram-${config.role}-news`,
      // Nobody waits in a worker or a migrator.
      isListening: config.role === 'all' || config.role === 'api',
      onError: (error) => logger.warn({ err: error }, 'The connection for news was lost; pollers look by themselves'),
    });
    closers.push(() => news.close());
    return {
      pool,
      transactions: createTransactions(pool, {
        onHookError: (error) => logger.error({ err: error }, 'An after-commit action failed'),
      }),
      statements: createStatements(batchPool),
      databaseUrl,
      clock,
      keys: createKeySource(keyPool),
      carrier,
      news,
      contentStore: createContentStore(),
      logger,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * A taken port is told before anything is started, migrated or loaded. The real listen comes much later and may still
 * fail; it gives the same message.
 */
async function checkPort(config: Config): Promise<void> {
  if (config.port === 0 || (config.role !== 'all' && config.role !== 'api')) return;
  const probe = createServer();
  try {
    await once(probe.listen(config.port, config.host), 'listening');
  } catch (error) {
    throw toListenError(error, config.host, config.port);
  }
  await new Promise((resolve) => probe.close(resolve));
}

/** Closes in the opposite order of opening; one failure does not keep the rest open. */
function createClose(closers: Closer[], logger: Logger): () => Promise<void> {
  let closing: Promise<void> | null = null;
  const run = async (): Promise<void> => {
    for (const closer of closers.reverse()) {
      try {
        await closer();
      } catch (error) {
        logger.error({ err: error }, 'Closing failed');
      }
    }
  };
  return () => (closing ??= run());
}

async function openDatabase(
  config: Config,
  closers: Closer[],
  logger: Logger,
  onLost: BootOptions['onDatabaseLost'],
): Promise<string> {
  if (config.databaseUrl !== null) return config.databaseUrl;
  const dataDir = join(config.dataDir, 'postgres');
  const logFile = join(config.dataDir, 'postgres.log');
  try {
    if (config.role !== 'all') {
      // Another role beside `npm start` works on the database that `npm start` owns.
      const url = await findEmbeddedPostgres(dataDir);
      if (url !== null) return url;
      if (config.role !== 'migrate') throw new StartupError('DATABASE_UNREACHABLE', dataDir);
    }
    const embedded = await startEmbeddedPostgres({
      dataDir,
      logFile,
      onLost:
        onLost ??
        ((error) => {
          logger.fatal({ err: error }, 'The embedded database is lost');
          process.exit(1);
        }),
    });
    closers.push(() => embedded.stop());
    return embedded.url;
  } catch (error) {
    throw toEmbeddedError(error, config.dataDir, logFile);
  }
}

async function prepareSchema(config: Config, databaseUrl: string, pool: Pool): Promise<void> {
  try {
    if (config.role === 'all' || config.role === 'migrate') {
      await migrate(databaseUrl);
      // Also when Redis carries now: the installation may return to PostgreSQL, and a migrator may not know REDIS_URL.
      await migrateCarrier(pool);
      return;
    }
    const state = await checkSchema(databaseUrl);
    if (state === 'newer') throw new StartupError('SCHEMA_NEWER_THAN_CODE');
    if (state === 'older') throw new StartupError('SCHEMA_OLDER_THAN_CODE');
  } catch (error) {
    throw toDatabaseError(error, databaseUrl);
  }
}

function toDatabaseError(error: unknown, databaseUrl: string): unknown {
  if (error instanceof AppError && error.code === 'SCHEMA_NEWER_THAN_CODE') {
    return new StartupError('SCHEMA_NEWER_THAN_CODE', '', error);
  }
  return isUnavailable(error) || isRefused(error)
    ? new StartupError('DATABASE_UNREACHABLE', describeUrl(databaseUrl), error)
    : error;
}

/** Wrong password (28…), no such database (3D000): the server is there, DATABASE_URL is not right. */
const isRefused = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && /^(28\d\d\d|28P01|3D000)$/.test(String(error.code));

async function startClock(config: Config, pool: Pool, closers: Closer[], logger: Logger): Promise<BusinessClock> {
  const clock = createClock(pool, {
    onError: (error) => logger.warn({ err: error }, 'The setting of business time could not be read'),
  });
  closers.push(() => clock.stop());
  // One of many processes must not turn back the time of the others because it was started without the flag.
  if (config.clock !== null || config.role === 'all') {
    await clock.request(config.clock?.text ?? null, config.clock?.instant ?? null);
  }
  await clock.start();
  return clock;
}

async function openCarrier(config: Config, databaseUrl: string, logger: Logger): Promise<Carrier> {
  try {
    return await createCarrier({
      // A migrator carries nothing and must not wait for a Redis that starts after it.
      redisUrl: config.role === 'migrate' ? undefined : (config.redisUrl ?? undefined),
      databaseUrl,
      queueName: QUEUE_NAME,
      onError: (error) => logger.warn({ err: error }, 'The queue reported an error'),
    });
  } catch (error) {
    if (config.redisUrl !== null && error instanceof AppError && error.code === 'CARRIER_UNREACHABLE') {
      throw new StartupError('REDIS_UNREACHABLE', describeUrl(config.redisUrl), error);
    }
    throw error;
  }
}
