// What a search costs when a million instances are there: p95 of every filter that has an index, and whether a page by
// cursor costs the same at the end as at the beginning. The rows are written straight into the read model, as the
// projector would have; INSTANCES=100000 makes a quick run.

import { mkdtemp, chmod, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../../server/adapters/postgres/embedded.ts';
import { migrate } from '../../server/adapters/postgres/migrate.ts';
import { createPool } from '../../server/adapters/postgres/pool.ts';
import { createTransactions } from '../../server/adapters/postgres/transactions.ts';
import { createHistory, processInstances, type SearchRequest } from '../../server/runtime/index.ts';
import { fillHistory, keyOfInstance } from './fill-history.ts';
import { percentile, QUESTIONS } from './questions.ts';

const INSTANCES = Number(process.env['INSTANCES'] ?? 1_000_000);
const ROUNDS = 40;
const LIMIT_MS = 150;

const dir = await mkdtemp(join(tmpdir(), 'tram-bench-'));
await chmod(dir, 0o755);
const server = await startEmbeddedPostgres({ dataDir: join(dir, 'postgres'), logFile: join(dir, 'postgres.log') });
try {
  await migrate(server.url);
  const pool = createPool(server.url, { max: 4, applicationName: 'bench' });
  const began = performance.now();
  await fillHistory(pool, INSTANCES);
  console.log(`${INSTANCES} instances written in ${Math.round((performance.now() - began) / 1000)} s`);
  const history = createHistory({ transactions: createTransactions(pool) });

  const slow: string[] = [];
  for (const viewer of [{ tenantId: null }, { tenantId: 'so-7' }]) {
    console.log(`\n${viewer.tenantId === null ? 'a machine client that sees all' : 'a person of one agency of forty'}`);
    for (const { name, entity, request } of QUESTIONS) {
      const times: number[] = [];
      let found = 0;
      for (let round = 0; round < ROUNDS; round += 1) {
        const asked = request(keyOfInstance(Math.floor((INSTANCES * (round + 0.5)) / ROUNDS)), round);
        const start = performance.now();
        const page = await history.search(entity, viewer, { request: asked });
        times.push(performance.now() - start);
        found = Math.max(found, page.page.totalItems);
      }
      const p95 = percentile(times, 95);
      if (p95 > LIMIT_MS) slow.push(`${name}: ${p95.toFixed(1)} ms`);
      console.log(
        `${name.padEnd(52)} p50 ${percentile(times, 50).toFixed(1).padStart(7)} ms  p95 ${p95.toFixed(1).padStart(7)} ms  ≤ ${found} found`,
      );
    }
  }

  console.log('\na walk to the end by cursor, 1000 a page');
  for (const { name, sort } of [
    { name: 'by key', sort: [] },
    { name: 'by start date, newest first', sort: [{ field: 'startDate', order: 'DESC' }] },
  ] as const) {
    const times: number[] = [];
    let after: string | null = null;
    do {
      const page = { limit: 1_000, ...(after !== null && { after }) };
      const request: SearchRequest = { sort, page };
      const start = performance.now();
      const answer = await history.search(processInstances, { tenantId: null }, { request });
      times.push(performance.now() - start);
      after = answer.page.endCursor;
    } while (after !== null);
    const part = (from: number, to: number): string => percentile(times.slice(from, to), 50).toFixed(1);
    const tenth = Math.floor(times.length / 10);
    console.log(
      `${name.padEnd(30)} ${times.length} pages; median of the first tenth ${part(0, tenth)} ms, of the last ${part(times.length - tenth, times.length)} ms`,
    );
  }
  await pool.end();
  process.exitCode = slow.length === 0 ? 0 : 1;
  console.log(slow.length === 0 ? `\nall filters below ${LIMIT_MS} ms at p95` : `\nSLOW: ${slow.join('; ')}`);
} finally {
  await server.stop();
  await rm(dir, { recursive: true, force: true });
}
