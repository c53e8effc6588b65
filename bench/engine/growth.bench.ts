// What a step costs with few and with many stored instances: two databases in one run, and turns A B, B A, A B …, so that
// the load of neighbours falls on both. The filling rows are copies of a real instance under other keys, with its open
// and its ended task and its history; the instances that are stepped are real and new, and the process that steps them
// remembers none of them. TRAM_BENCH_INSTANCES says how many (default 1,000,000: some minutes and about 6 GB of disk).

import type { Decision } from '../../server/engine/index.ts';
import { type BenchInstallation, startBenchInstallation } from './installation.ts';
import { measureLoad, median } from './measure.ts';
import { readProcessorTime } from './processor-time.ts';
import { completeReferenceTask, PROCESS_ID, referenceXml, startReference, taskOf } from './reference.ts';

const ROUNDS = 9;
const STEPS = 2_000;
const FILLED = Number(process.env['TRAM_BENCH_INSTANCES'] ?? 1_000_000);
const CHUNK = 100_000;
/** Far above every key that a sequence gives out during a bench. */
const FIRST_KEY = 4_000_000_000_000_000_000n;

const few = await startBenchInstallation();
const many = await startBenchInstallation();
try {
  for (const { transactions, runtime } of [few, many]) {
    await transactions.run((tx) => runtime.deploy(tx, [{ resourceName: `${PROCESS_ID}.bpmn`, xml: referenceXml }]));
    await measureLoad(64, 1_000, () => startReference(runtime));
  }
  await fill(many);
  for (const { pool } of [few, many]) await pool.query('vacuum analyze');
  await measureTurn(few);
  await measureTurn(many);
  const clock: number[] = [];
  const processor: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const order = round % 2 === 0 ? [few, many] : [many, few];
    const turns = new Map<BenchInstallation, Cost>();
    for (const one of order) turns.set(one, await measureTurn(one));
    const [a, b] = [turns.get(few), turns.get(many)];
    if (a === undefined || b === undefined) throw new Error('A turn is missing');
    clock.push(b.clock / a.clock);
    processor.push(b.processor / a.processor);
    console.log(
      `  round ${round + 1}: ${a.clock.toFixed(0)} and ${b.clock.toFixed(0)} µs, of the processors ${a.processor.toFixed(0)} and ${b.processor.toFixed(0)}`,
    );
  }
  const ratio = median(clock);
  console.log(`cost of a step with ${FILLED} more stored instances ÷ with some thousands, median of ${ROUNDS} rounds`);
  console.log(`  by the clock ${ratio.toFixed(2)}  goal <= 1.3  ${ratio <= 1.3 ? 'met' : 'MISSED'}`);
  console.log(`  of the processors ${median(processor).toFixed(2)}`);
} finally {
  await few.stop();
  await many.stop();
}

/** Microseconds per step. */
interface Cost {
  readonly clock: number;
  readonly processor: number;
}

async function measureTurn({ runtime, createRuntimeTwin, postmaster }: BenchInstallation): Promise<Cost> {
  const started: Decision[] = [];
  await measureLoad(64, STEPS, async () => {
    started.push(await startReference(runtime));
  });
  const stranger = createRuntimeTwin();
  const before = readProcessorTime(postmaster);
  const { perSecond } = await measureLoad(32, STEPS, async () => {
    const decision = started.pop();
    if (decision !== undefined) await completeReferenceTask(stranger, taskOf(decision));
  });
  const after = readProcessorTime(postmaster);
  const processor = (after.node - before.node + after.postgres - before.postgres) / STEPS;
  return { clock: 1_000_000 / perSecond, processor };
}

/** Copies of one instance that has come to its second task, set by set. */
async function fill({ pool, runtime }: BenchInstallation): Promise<void> {
  const { state } = await completeReferenceTask(runtime, taskOf(await startReference(runtime)));
  const begunAt = performance.now();
  const copies: string[] = [];
  // A task of a copy has its key by the place of the task in the instance.
  for (const [table, keys] of [
    ['process_instances', { key: '$2::bigint + n' }],
    ['user_tasks', { key: `$2::bigint + n * 2 + (r.status = 'open')::integer`, instance_key: '$2::bigint + n' }],
    ['engine_steps', { instance_key: '$2::bigint + n' }],
  ] as const) {
    const { rows } = await pool.query<{ name: string }>(
      `select column_name as name from information_schema.columns where table_name = $1 order by ordinal_position`,
      [table],
    );
    const given = new Map<string, string>(Object.entries(keys));
    const values = rows.map(({ name }) => given.get(name) ?? `r.${name}`);
    copies.push(`insert into ${table} select ${values.join(', ')}
      from ${table} r, generate_series($3::integer, $4::integer) n
      where r.${table === 'process_instances' ? 'key' : 'instance_key'} = $1`);
  }
  for (let from = 0; from < FILLED; from += CHUNK) {
    const values = [state.key, FIRST_KEY.toString(), from, Math.min(from + CHUNK, FILLED) - 1];
    for (const copy of copies) await pool.query(copy, values);
    console.log(
      `  ${Math.min(from + CHUNK, FILLED)} stored after ${((performance.now() - begunAt) / 1_000).toFixed(0)} s`,
    );
  }
}
