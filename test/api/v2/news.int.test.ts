// Two processes on one database: what one of them commits, the pollers of the other one hear without looking. Each has
// connections, a runtime and a news channel of its own, as a separate API server and worker have.

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  type OpenNewsChannel,
  openNewsChannel,
  readPayload,
  writePayloads,
} from '../../../server/adapters/postgres/news-channel.ts';
import { createPool } from '../../../server/adapters/postgres/pool.ts';
import { createBatchPool, createStatements } from '../../../server/adapters/postgres/statements.ts';
import { createTransactions } from '../../../server/adapters/postgres/transactions.ts';
import { createJobDesk } from '../../../server/api/v2/job-desk.ts';
import { type Caller, createRuntime, type News, type Runtime } from '../../../server/runtime/index.ts';
import type { Key } from '../../../server/shared/ids.ts';
import { createFakeClock } from '../../support/clock.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { model } from '../../support/model-builder.ts';

interface OneProcess {
  readonly runtime: Runtime;
  readonly news: OpenNewsChannel;
  close(): Promise<void>;
}

const worker: Caller = {
  actorId: 'worker',
  tenantId: null,
  person: null,
  reserved: { isJobType: () => false, isForm: () => false },
};

const WAIT = { timeout: 10_000, interval: 20 };
const JOB_TYPE = 'print-page';
const clock = createFakeClock();
let database: TestDatabase;
let api: OneProcess;
let other: OneProcess;

function openProcess(isListening: boolean): OneProcess {
  const pool = createPool(database.url, { max: 4 });
  const batchPool = createBatchPool(database.url, { max: 2 });
  const news = openNewsChannel(database.url, { isListening, applicationName: isListening ? 'hears' : 'tells' });
  const runtime = createRuntime({
    transactions: createTransactions(pool),
    statements: createStatements(batchPool),
    clock,
    keys: database.createKeys(),
    wake: () => undefined,
    news,
  });
  return {
    runtime,
    news,
    async close() {
      await news.close();
      await Promise.all([pool.end(), batchPool.end()]);
    },
  };
}

beforeAll(async () => {
  database = await createTestDatabase();
  api = openProcess(true);
  other = openProcess(false);
  const xml = model('print')
    .start()
    .serviceTask('Print', { type: JOB_TYPE })
    .end()
    .path('start', 'Print', 'end')
    .toXml();
  await database.transactions.run((tx) => other.runtime.deploy(tx, [{ resourceName: 'print.bpmn', xml }]));
});
afterAll(async () => {
  await Promise.all([api.close(), other.close()]);
  await database.drop();
});

const start = (runtime: Runtime): Promise<Key> =>
  runtime.alone.startInstance({
    processId: 'print',
    tenantId: 'so-a',
    businessKey: null,
    variables: {},
    actorId: null,
  });

/** The first news that fits, while `tell` is repeated: a channel that is only just open has not heard the first. */
async function hears(listener: OneProcess, isWanted: (news: News) => boolean, tell: () => void): Promise<News> {
  let repeat: NodeJS.Timeout | undefined;
  let stop: (() => void) | undefined;
  try {
    return await new Promise<News>((resolve) => {
      stop = listener.runtime.commands.onNews((news) => {
        if (isWanted(news)) resolve(news);
      });
      repeat = setInterval(tell, 50);
      tell();
    });
  } finally {
    clearInterval(repeat);
    stop?.();
  }
}

const tellType = (type: string) => (): void => other.news.tell({ jobTypes: [type], endedInstances: [] });
const isType =
  (type: string) =>
  ({ jobTypes }: News): boolean =>
    jobTypes.includes(type);

describe('news between two processes', () => {
  it('a poller hears of work that another process has written, and gets it', async () => {
    await hears(api, isType('open'), tellType('open'));
    const heard: News[] = [];
    const stop = api.runtime.commands.onNews((news) => heard.push(news));
    const desk = createJobDesk(api.runtime.commands);
    const request = { type: JOB_TYPE, worker: 'printer', timeoutMs: 30_000, limit: 1, fetchVariables: [] };
    const poll = desk.take({ caller: worker, request, waitMs: 20_000, signal: new AbortController().signal });
    const instanceKey = await start(other.runtime);
    const jobs = await poll;
    // What the desk was given may have come by its look; that the news was heard as well is what this test is about.
    await hears(api, isType('after'), tellType('after'));
    expect(jobs.map((job) => job.instanceKey)).toEqual([instanceKey]);
    expect(heard.flatMap(({ jobTypes }) => jobTypes)).toContain(JOB_TYPE);
    desk.close();
    stop();
  });

  it('who waits for the end of an instance hears it from the process that has ended it', async () => {
    const key = await start(other.runtime);
    const heard: Key[] = [];
    const stop = api.runtime.commands.onNews(({ endedInstances }) => heard.push(...endedInstances));
    await other.runtime.commands.cancel(worker, key);
    await hears(api, isType('ended'), tellType('ended'));
    expect(heard).toEqual([key]);
    stop();
  });

  it('no process hears its own news a second time', async () => {
    let count = 0;
    const stop = api.runtime.commands.onNews(({ jobTypes }) => {
      if (jobTypes.includes('own')) count += 1;
    });
    const second = openProcess(true);
    try {
      await hears(second, isType('own'), () => api.news.tell({ jobTypes: ['own'], endedInstances: [] }));
      await hears(api, isType('fence'), tellType('fence'));
      expect(count).toBe(0);
    } finally {
      stop();
      await second.close();
    }
  });

  it('a connection that was cut is opened again on either side', async () => {
    await database.pool.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and application_name in ('hears', 'tells')`,
    );
    await hears(api, isType('again'), tellType('again'));
  });

  it('nothing is sent while nobody listens', async () => {
    const alone = await createTestDatabase();
    const teller = openNewsChannel(alone.url, { isListening: false, applicationName: 'alone' });
    const lastQuery = async (): Promise<string> => {
      const { rows } = await alone.pool.query<{ query: string }>(
        `select query from pg_stat_activity
         where datname = current_database() and application_name = 'alone' and state = 'idle'`,
      );
      return rows[0]?.query ?? '';
    };
    try {
      await vi.waitFor(async () => {
        teller.tell({ jobTypes: ['unheard'], endedInstances: [] });
        expect(await lastQuery()).toContain('pg_locks');
      }, WAIT);
      for (let count = 0; count < 100; count += 1) teller.tell({ jobTypes: [`type-${count}`], endedInstances: [] });
      await vi.waitFor(async () => expect(await lastQuery()).toContain('pg_locks'), WAIT);
    } finally {
      await teller.close();
      await alone.drop();
    }
  });
});

describe('the payload of news', () => {
  it('is cut into parts below the limit of PostgreSQL and loses nothing', () => {
    const keys = Array.from({ length: 2_000 }, (_, index) => `225179981${String(index).padStart(10, '0')}`);
    const payloads = writePayloads('i', keys);
    expect(payloads.every((payload) => Buffer.byteLength(payload) < 8_000)).toBe(true);
    expect(payloads.flatMap((payload) => readPayload(payload)?.endedInstances ?? [])).toEqual(keys);
  });

  it('leaves out a name that is longer than a payload', () => {
    const payloads = writePayloads('t', ['à'.repeat(5_000), 'short']);
    expect(payloads.map((payload) => readPayload(payload)?.jobTypes)).toEqual([['short']]);
  });

  it('of somebody else on the channel is passed over', () => {
    expect(['', '{', '7', 'null', '[]'].map((payload) => readPayload(payload)?.jobTypes ?? [])).toEqual(
      Array.from({ length: 5 }, () => []),
    );
  });
});
