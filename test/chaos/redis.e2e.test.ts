// The real deployment: two API and two worker processes on one PostgreSQL, jobs carried by Redis. Redis is flushed and
// restarted in the middle and a worker is killed: it carries wake-ups only, so nothing is lost or doubled.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type JourneyResult, runJourney } from '../../scripts/demo/journey.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { PILOT_CLOCK, runToEnd, startServer, type TestServer } from '../support/server.ts';
import { describeWithTool } from '../support/tools.ts';
import { expectEverythingOnce } from './outcome.ts';

describeWithTool('redis-server', 'two API and two worker processes on Redis', () => {
  let database: TestDatabase;
  let redis: TestRedis;
  let dataDir: string;
  const apis: TestServer[] = [];
  const workers: TestServer[] = [];

  beforeAll(async () => {
    database = await createTestDatabase();
    redis = await startRedis();
    dataDir = await mkdtemp(join(tmpdir(), 'tram-roles-'));
    const env = { DATABASE_URL: database.url, REDIS_URL: redis.url, TRAM_SAMPLE_DATA: 'true' };
    const migrated = await runToEnd({ dataDir, role: 'migrate', env, args: ['--clock', PILOT_CLOCK] });
    expect(migrated).toMatchObject({ code: 0 });
    for (let index = 0; index < 2; index += 1) {
      apis.push(await startServer({ dataDir, role: 'api', env }));
      workers.push(await startServer({ dataDir, role: 'worker', env }));
    }
  });
  afterAll(async () => {
    for (const process of [...apis, ...workers]) await process.stop();
    await redis.stop();
    await database.drop();
    await rm(dataDir, { recursive: true, force: true });
  });

  it(
    'lose and double nothing while Redis is flushed, restarted, and a worker is killed',
    { timeout: 240_000 },
    async () => {
      let requests = 0;
      let steps = 0;
      let trouble = Promise.resolve();
      const troubles: (() => Promise<void>)[] = [
        () => redis.flushAll(),
        async () => {
          await workers[0]?.kill();
          await workers[0]?.restart();
        },
        async () => {
          await redis.kill();
          await redis.start();
        },
      ];
      const results: JourneyResult[] = [];
      for (let run = 0; run < 2; run += 1) {
        results.push(
          await runJourney({
            // Every attempt goes to the other API process.
            baseUrl: () => apis[(requests += 1) % apis.length]?.baseUrl ?? '',
            runId: `redis-run-${run}`,
            password: 'tram-2019',
            pin: '123456',
            onStep: () => {
              const next = troubles[(steps += 1) % troubles.length];
              trouble = trouble.then(next);
            },
            say: () => undefined,
          }),
        );
      }
      await trouble;
      await expectEverythingOnce(database.transactions, results);
    },
  );
});
