// What a step costs with few and with many stored instances: the same steps before and after the tables were filled.
// The filling rows are copies of a real instance under other keys, with an open task and its history; the instances
// that are stepped are real and new, and the process that steps them remembers none of them.
// TRAM_BENCH_INSTANCES says how many (default 1,000,000: some minutes and about 4 GB).

import type { Decision } from '../../server/engine/index.ts';
import { startBenchInstallation } from './installation.ts';
import { measureLoad, median, type Rate } from './measure.ts';
import { completeReferenceTask, PROCESS_ID, referenceXml, startReference, taskOf } from './reference.ts';

const ROUNDS = 5;
const STEPS = 1_000;
const FILLED = Number(process.env['TRAM_BENCH_INSTANCES'] ?? 1_000_000);
const CHUNK = 50_000;
/** Far above every key that a sequence gives out during a bench. */
const FIRST_KEY = 4_000_000_000_000_000_000n;

const installation = await startBenchInstallation();
const { pool, runtime, transactions, createRuntimeTwin } = installation;
try {
  await transactions.run((tx) => runtime.deploy(tx, [{ resourceName: `${PROCESS_ID}.bpmn`, xml: referenceXml }]));
  await measureRounds();
  const few = await measureRounds();
  await fill();
  await pool.query('vacuum analyze');
  await measureRounds();
  const many = await measureRounds();
  const ratio = few / many;
  console.log(`steps/s with 1,000s: ${few.toFixed(0)}, with ${FILLED} more: ${many.toFixed(0)}`);
  console.log(`cost ratio ${ratio.toFixed(2)}  goal <= 1.3  ${ratio <= 1.3 ? 'met' : 'MISSED'}`);
} finally {
  await installation.stop();
}

/** Median of the steps per second over the rounds. */
async function measureRounds(): Promise<number> {
  const rates: Rate[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const started: Decision[] = [];
    await measureLoad(64, STEPS, async () => {
      started.push(await startReference(runtime));
    });
    const stranger = createRuntimeTwin();
    rates.push(
      await measureLoad(32, STEPS, async () => {
        const decision = started.pop();
        if (decision !== undefined) await completeReferenceTask(stranger, taskOf(decision));
      }),
    );
  }
  return median(rates.map(({ perSecond }) => perSecond));
}

async function fill(): Promise<void> {
  const { state } = await startReference(runtime);
  for (let from = 0; from < FILLED; from += CHUNK) {
    const keys = [state.key, String(FIRST_KEY + BigInt(from)), Math.min(CHUNK, FILLED - from)];
    await pool.query(
      `insert into process_instances select (jsonb_populate_record(i, jsonb_build_object('key', $2::bigint + n))).*
       from process_instances i, generate_series(1, $3::integer) n where i.key = $1`,
      keys,
    );
    await pool.query(
      `insert into user_tasks select (jsonb_populate_record(t, jsonb_build_object('key', $2::bigint + n,
         'instance_key', $2::bigint + n))).* from user_tasks t, generate_series(1, $3::integer) n where t.instance_key = $1`,
      keys,
    );
    await pool.query(
      `insert into engine_events (instance_key, seq, at, actor_id, type, event)
       select $2::bigint + n, seq, at, actor_id, type, event from engine_events e, generate_series(1, $3::integer) n
       where e.instance_key = $1`,
      keys,
    );
    console.log(`${from + CHUNK} of ${FILLED}`);
  }
}
