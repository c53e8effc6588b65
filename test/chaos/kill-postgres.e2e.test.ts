// kill -9 of PostgreSQL itself in the middle of the journey: the server brings it up again, answers "try again later"
// in between, and every document ends with everything exactly once.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type JourneyResult, runJourney } from '../../scripts/demo/journey.ts';
import { findEmbeddedPostgres } from '../../server/adapters/postgres/embedded.ts';
import { clusterDirOf } from '../../server/adapters/postgres/embedded-cluster.ts';
import { createPool } from '../../server/adapters/postgres/pool.ts';
import { createTransactions } from '../../server/adapters/postgres/transactions.ts';
import { PILOT_CLOCK, startServer, type TestServer } from '../support/server.ts';
import { expectEverythingOnce } from './outcome.ts';

describe('a database that is killed under the server', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer({ args: ['--clock', PILOT_CLOCK] });
  });
  afterAll(() => server.stop());

  const home = () => join(server.dataDir, 'postgres');
  const postmasterPid = (): number =>
    Number(readFileSync(join(clusterDirOf(home()), 'postmaster.pid'), 'utf8').split('\n', 1)[0]);

  it('is there again with everything that was promised', { timeout: 300_000 }, async () => {
    const killed = new Set<number>();
    let steps = 0;
    const result: JourneyResult = await runJourney({
      baseUrl: () => server.baseUrl,
      runId: 'postgres-run',
      password: 'tram-2019',
      pin: '123456',
      onStep: () => {
        steps += 1;
        if (steps % 3 !== 0) return;
        const pid = postmasterPid();
        killed.add(pid);
        process.kill(pid, 'SIGKILL');
      },
      say: () => undefined,
    });
    expect(killed.size).toBeGreaterThanOrEqual(3);
    const pool = createPool((await findEmbeddedPostgres(home())) ?? '', { max: 2, applicationName: 'test' });
    try {
      await expectEverythingOnce(createTransactions(pool), [result]);
    } finally {
      await pool.end();
    }
  });
});
