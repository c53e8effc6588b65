// What a step costs in processor time, ours and the database's apart, beside a commit of one INSERT by pgbench. This is the
// figure to look at while changing how steps are written: it repeats within some percent where rates vary by half.

import { loadavg } from 'node:os';
import type { Key } from '../../server/shared/ids.ts';
import { measurePgbench, prepareCeilings } from './ceilings.ts';
import { startBenchInstallation } from './installation.ts';
import { measureLoad, median } from './measure.ts';
import { readProcessorTime } from './processor-time.ts';
import { completeReferenceTask, PROCESS_ID, referenceXml, runReference, startReference, taskOf } from './reference.ts';

const ROUNDS = Number(process.env['TRAM_BENCH_ROUNDS'] ?? 5);
const STEPS = 8_000;
const PGBENCH_SECONDS = 2;

const installation = await startBenchInstallation();
const { transactions, runtime, pool, url, postmaster } = installation;
const costs = new Map<string, { readonly node: number[]; readonly postgres: number[]; readonly rate: number[] }>();
try {
  await transactions.run((tx) => runtime.deploy(tx, [{ resourceName: `${PROCESS_ID}.bpmn`, xml: referenceXml }]));
  await prepareCeilings(pool);
  await measureLoad(128, 2_000, () => runReference(runtime));
  for (let round = 1; round <= ROUNDS; round += 1) {
    for (const atOnce of [32, 256]) await measureSteps(atOnce);
    const before = readProcessorTime(postmaster);
    const perSecond = measurePgbench(url, 32, PGBENCH_SECONDS);
    if (perSecond === null) continue;
    // The client's share is that of its threads, which we do not see: the database's alone is given.
    note('pgbench INSERT', before, { count: perSecond * PGBENCH_SECONDS, perSecond });
  }
  console.log(`load average ${loadavg()[0]?.toFixed(1)}; medians of ${ROUNDS} rounds, µs of processor time each`);
  for (const [name, { node, postgres, rate }] of costs) {
    const [ours, theirs] = [median(node), median(postgres)];
    console.log(
      `  ${name.padEnd(20)} node ${ours.toFixed(1).padStart(6)}  postgres ${theirs.toFixed(1).padStart(6)}  both ${(ours + theirs).toFixed(1).padStart(6)}  ${median(rate).toFixed(0).padStart(6)}/s`,
    );
  }
} finally {
  await installation.stop();
}

function note(
  name: string,
  before: ReturnType<typeof readProcessorTime>,
  { count, perSecond }: { readonly count: number; readonly perSecond: number },
): void {
  const after = readProcessorTime(postmaster);
  const entry = costs.get(name) ?? { node: [], postgres: [], rate: [] };
  costs.set(name, entry);
  entry.node.push((after.node - before.node) / count);
  entry.postgres.push((after.postgres - before.postgres) / count);
  entry.rate.push(perSecond);
}

/** Completions of first and second tasks, in the order in which they became possible. */
async function measureSteps(atOnce: number): Promise<void> {
  const waiting: { readonly key: Key; readonly isFirst: boolean }[] = [];
  await measureLoad(128, STEPS / 2, async () => {
    waiting.push({ key: taskOf(await startReference(runtime)), isFirst: true });
  });
  let next = 0;
  const before = readProcessorTime(postmaster);
  const { perSecond } = await measureLoad(atOnce, STEPS, async () => {
    const task = waiting[next];
    next += 1;
    if (task === undefined) throw new Error('There is no task left');
    const decision = await completeReferenceTask(runtime, task.key);
    if (task.isFirst) waiting.push({ key: taskOf(decision), isFirst: false });
  });
  note(`steps, ${atOnce} at once`, before, { count: STEPS, perSecond });
}
