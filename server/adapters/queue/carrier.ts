// The wake-up bus: BullMQ on Redis, or on its own PostgreSQL backend when no Redis is given. It carries ids only and may
// lose everything: the jobs are rows, and the reconciler offers again what was not taken. Hence no retries, no
// deduplication, no kept jobs here; each would make a lost or repeated wake-up look like state.
// See docs/decisions/0002-carriers.md.

import { Queue, Worker, createPostgresBackend, runMigrations, type Job, type PgQueryable } from 'bullmq';
import type { Carrier, Offer } from '../../runtime/ports.ts';
import { AppError } from '../../shared/app-error.ts';
import type { Key } from '../../shared/ids.ts';

export interface CarrierOptions {
  /** Absent: the queue lives in PostgreSQL. */
  readonly redisUrl?: string | undefined;
  readonly databaseUrl: string;
  readonly queueName: string;
  /** Told about lost connections, failed offers and handlers that threw. Nothing of it ends the process. */
  readonly onError?: (error: unknown) => void;
}

interface WakeUp {
  readonly jobKey: Key;
}

// A queue's job id must not contain ':' nor consist of digits only, and an id that still exists swallows the new job;
// therefore a prefix and a fresh UUID for each offer.
const ID_PREFIX = 'job-';
const JOB_OPTIONS = { attempts: 1, removeOnComplete: true, removeOnFail: true } as const;
/** A producer waits no longer: the command that offers has committed, and the reconciler will offer again. */
const OFFER_TIMEOUT_MS = 2_000;
const READY_TIMEOUT_MS = 5_000;
/** After a lost connection. BullMQ's own 15 s would leave work lying when the server is back after one. */
const RECONNECT_MS = 1_000;
/** A wake-up taken by a process that died comes back after this time; the lease in PostgreSQL decides whether it counts. */
const STALLED_CHECK_MS = 15_000;
const POOL_SIZE = 4;

/** What we use of a PostgreSQL pool. */
interface SessionSource {
  connect(): Promise<PgQueryable & { release(): void }>;
}

/** Prepares BullMQ's schema in PostgreSQL. Idempotent; concurrent callers wait for each other. */
export async function migrateCarrier(pool: SessionSource): Promise<void> {
  // One session: the migration's lock and transaction must share it.
  const client = await pool.connect();
  try {
    await runMigrations(client);
  } finally {
    client.release();
  }
}

/** Throws AppError CARRIER_UNREACHABLE when the queue does not answer now; a later loss is only reported. */
export async function createCarrier(options: CarrierOptions): Promise<Carrier> {
  const report = options.onError ?? warn;
  const backend = options.redisUrl === undefined ? createPostgresParts(options) : createRedisParts(options);
  const producer = backend.createProducer();
  producer.on('error', report);
  try {
    await withTimeout(producer.waitUntilReady(), READY_TIMEOUT_MS);
  } catch (cause) {
    await withTimeout(producer.close(), READY_TIMEOUT_MS).catch(report);
    throw new AppError('transient', 'CARRIER_UNREACHABLE', 'The queue cannot be reached', { cause });
  }
  const stops = new Set<() => Promise<void>>();

  return {
    async offer(offers) {
      if (offers.length === 0) return;
      try {
        await withTimeout(producer.addBulk(offers.map(toQueueJob)), OFFER_TIMEOUT_MS);
      } catch (error) {
        report(error);
      }
    },

    async consume(handle, concurrency) {
      const worker = backend.createConsumer((queueJob) => handle(toOffer(queueJob)), concurrency);
      worker.on('error', report);
      // A handler that throws has failed to report the outcome to PostgreSQL; the lease runs out there.
      worker.on('failed', (_queueJob, error) => report(error));
      const stop = async (): Promise<void> => {
        stops.delete(stop);
        await worker.close();
      };
      stops.add(stop);
      await worker.waitUntilReady();
      return stop;
    },

    async close() {
      await Promise.all([...stops].map((stop) => stop()));
      await producer.close();
    },
  };
}

const toQueueJob = ({ jobKey, offerId }: Offer) => ({
  name: 'wake-up',
  data: { jobKey } satisfies WakeUp,
  opts: { ...JOB_OPTIONS, jobId: `${ID_PREFIX}${offerId}` },
});

const toOffer = (queueJob: Job<WakeUp>): Offer => ({
  jobKey: queueJob.data.jobKey,
  offerId: (queueJob.id ?? '').slice(ID_PREFIX.length),
});

/** What differs between the two backends is only how producer and consumer are made; this is what we use of both. */
interface Producer {
  on(event: 'error', listener: (error: Error) => void): unknown;
  waitUntilReady(): Promise<unknown>;
  addBulk(jobs: readonly ReturnType<typeof toQueueJob>[]): Promise<unknown>;
  close(): Promise<void>;
}

interface Consumer {
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'failed', listener: (queueJob: unknown, error: Error) => void): unknown;
  waitUntilReady(): Promise<unknown>;
  close(): Promise<void>;
}

interface Parts {
  createProducer(): Producer;
  createConsumer(process: (queueJob: Job<WakeUp>) => Promise<void>, concurrency: number): Consumer;
}

const consumerOptions = (concurrency: number) => ({
  concurrency,
  runRetryDelay: RECONNECT_MS,
  stalledInterval: STALLED_CHECK_MS,
  removeOnComplete: { count: 0 },
  removeOnFail: { count: 0 },
});

function createPostgresParts({ databaseUrl, queueName }: CarrierOptions): Parts {
  const connection = {
    connectionString: databaseUrl,
    max: POOL_SIZE,
    application_name: 'tram-queue',
    connectionTimeoutMillis: READY_TIMEOUT_MS,
    keepAlive: true,
  };
  return {
    createProducer: () => asProducer(new Queue(queueName, { connection }, createPostgresBackend)),
    createConsumer: (process, concurrency) =>
      new Worker(queueName, process, { connection, ...consumerOptions(concurrency) }, createPostgresBackend),
  };
}

function createRedisParts({ redisUrl = '', queueName }: CarrierOptions): Parts {
  const retryStrategy = (): number => RECONNECT_MS;
  const connection = { url: redisUrl, retryStrategy };
  return {
    // Fails fast: without Redis an offer must not wait in memory and arrive hours later.
    createProducer: () =>
      asProducer(
        new Queue(queueName, { connection: { ...connection, enableOfflineQueue: false, maxRetriesPerRequest: 1 } }),
      ),
    createConsumer: (process, concurrency) =>
      new Worker(queueName, process, {
        connection: { ...connection, maxRetriesPerRequest: null },
        ...consumerOptions(concurrency),
      }),
  };
}

/** The library wants a mutable array; nothing else about it differs from our view. */
const asProducer = (queue: {
  on(event: 'error', listener: (error: Error) => void): unknown;
  waitUntilReady(): Promise<unknown>;
  addBulk(jobs: ReturnType<typeof toQueueJob>[]): Promise<unknown>;
  close(): Promise<void>;
}): Producer => ({
  on: (event, listener) => queue.on(event, listener),
  waitUntilReady: () => queue.waitUntilReady(),
  addBulk: (jobs) => queue.addBulk([...jobs]),
  close: () => queue.close(),
});

function withTimeout<T>(promise: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`The queue did not answer within ${timeoutMs} ms`)), timeoutMs);
  });
  return Promise.race([promise, timeout]).finally(() => clearTimeout(timer));
}

const warn = (error: unknown): void => process.emitWarning(error instanceof Error ? error : String(error));
