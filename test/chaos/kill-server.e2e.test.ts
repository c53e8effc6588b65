// kill -9 of the server at ten random moments of the journey, each time started again: the people go on as if nothing
// had happened, and every document ends in the right state with everything exactly once.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { join } from 'node:path';
import { pause } from '../../scripts/demo/client.ts';
import { type JourneyResult, runJourney } from '../../scripts/demo/journey.ts';
import { findEmbeddedPostgres } from '../../server/adapters/postgres/embedded.ts';
import { createPool } from '../../server/adapters/postgres/pool.ts';
import { createTransactions } from '../../server/adapters/postgres/transactions.ts';
import { PILOT_CLOCK, startServer, type TestServer } from '../support/server.ts';
import { expectEverythingOnce } from './outcome.ts';

const KILLS = 10;
const LONGEST_LIFE_MS = 2_500;

describe('a server that is killed without warning', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer({ args: ['--clock', PILOT_CLOCK] });
  });
  afterAll(() => server.stop());

  it('loses nothing and does nothing twice over ten kills at random moments', { timeout: 400_000 }, async () => {
    const seed = Number(process.env['TRAM_SEED'] ?? Date.now() % 1_000_000);
    const random = createRandom(seed);
    const moments: string[] = [];
    let step = 'start';
    let kills = 0;

    const results: JourneyResult[] = [];
    const journeys = (async () => {
      while (kills < KILLS) {
        const journey = {
          baseUrl: () => server.baseUrl,
          runId: `kill-${seed}-${results.length}`,
          password: 'tram-2019',
          pin: '123456',
          onStep: (title: string) => (step = title),
          say: () => undefined,
        };
        results.push(await runJourney(journey));
      }
    })();
    const killing = (async () => {
      while (kills < KILLS) {
        await pause(random() * LONGEST_LIFE_MS);
        moments.push(step);
        await server.kill();
        await server.restart();
        kills += 1;
      }
    })();
    await Promise.all([journeys, killing]);
    console.info(`seed ${seed}; killed during: ${moments.join(' | ')}`);

    const url = await findEmbeddedPostgres(join(server.dataDir, 'postgres'));
    const pool = createPool(url ?? '', { max: 2, applicationName: 'test' });
    try {
      expect(results.length).toBeGreaterThan(0);
      await expectEverythingOnce(createTransactions(pool), results);
    } finally {
      await pool.end();
    }
  });
});

/** mulberry32: a small generator whose seed reproduces the moments. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
