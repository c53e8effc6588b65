// The goals of docs/performance.md on the reference work, as ratios inside one run: the contenders take turns, each round
// gives its ratios, and the median of the rounds is printed beside its goal. `node` counts the processor time of this
// process, which a noisy machine disturbs less than the clock. Ends with code 0 when the figures could be taken; a missed
// goal is printed as missed, because on a busy machine it says more about the machine.

import { loadavg } from 'node:os';
import type { Decision } from '../../server/engine/index.ts';
import type { Key } from '../../server/shared/ids.ts';
import { type FunctionStep, measureInserts, measureLoneFunction, measurePgbench, prepareCeilings } from './ceilings.ts';
import { type BenchInstallation, startBenchInstallation } from './installation.ts';
import { measureLoad, median, type Rate } from './measure.ts';
import { createBpmnEnginePeer, createDbosPeer, type Peer } from './peers.ts';
import { completeReferenceTask, PROCESS_ID, referenceXml, runReference, startReference, taskOf } from './reference.ts';

const ROUNDS = 5;
const LONE_STEPS = 300;
const PEER_RUNS = 60;

const installation = await startBenchInstallation();
const ratios = new Map<string, number[]>();
const note = (name: string, value: number): void => {
  ratios.set(name, [...(ratios.get(name) ?? []), value]);
};
const show = (name: string, { perSecond, p50, p99 }: Rate): void =>
  console.log(
    `  ${name.padEnd(58)} ${perSecond.toFixed(0).padStart(7)}/s  p50 ${p50.toFixed(2)}  p99 ${p99.toFixed(2)} ms`,
  );

try {
  const { transactions, runtime, pool, url } = installation;
  await transactions.run((tx) => runtime.deploy(tx, [{ resourceName: `${PROCESS_ID}.bpmn`, xml: referenceXml }]));
  await prepareCeilings(pool);
  const peers = [await createBpmnEnginePeer(pool), await createDbosPeer(url)];
  await measureLoad(32, 500, () => runReference(runtime));
  for (const peer of peers) await peer.run();
  for (let round = 1; round <= ROUNDS; round += 1) {
    console.log(`round ${round}, load average ${loadavg()[0]?.toFixed(1)}`);
    await measureRound(installation, peers, round);
  }
  for (const peer of peers) await peer.close();
  printGoals();
} finally {
  await installation.stop();
}

async function measureRound(on: BenchInstallation, peers: readonly Peer[], round: number): Promise<void> {
  const inserts = await measureInserts(on.pool, 32, 4_000);
  show('INSERT per commit, driver, 32 at once', inserts);
  const pgbench = measurePgbench(on.url, 32, 2);
  if (pgbench !== null)
    console.log(`  ${'INSERT per commit, pgbench, 32 clients'.padEnd(58)} ${pgbench.toFixed(0).padStart(7)}/s`);
  const ceiling = pgbench ?? inserts.perSecond;
  const lone = await measureInserts(on.pool, 1, LONE_STEPS);
  show('INSERT per commit, driver, one caller', lone);

  const at32 = await measureSteps(on, 32, 4_000);
  note('steps at 32 at once ÷ commit ceiling (pgbench)|>=|0.6', at32.perSecond / ceiling);
  note('steps at 32 at once ÷ commits of the driver at 32|>=|', at32.perSecond / inserts.perSecond);
  note('p99 of a step at 32 at once ÷ p99 of a lone commit|<=|10', at32.p99 / lone.p99);
  const at256 = await measureSteps(on, 256, 8_000);
  note('steps at 256 at once ÷ commit ceiling (pgbench)|>=|1.0', at256.perSecond / ceiling);
  note('steps at 256 at once ÷ commits of the driver at 32|>=|', at256.perSecond / inserts.perSecond);

  const prepared = await prepare(on, LONE_STEPS);
  const functions = await measureLoneFunction(on.pool, prepared.map(functionStepOf), round * 1_000_000);
  show('step as one server-side function, one caller', functions);
  const step = await measureSteps(on, 1, LONE_STEPS);
  note('p50 of a lone step ÷ p50 of a lone function|<=|1.5', step.p50 / functions.p50);

  const full = await measureLoad(256, 1_500, () => runReference(on.runtime));
  show('instances, start to end, 256 at once', full);
  const [bpmnEngine, dbos] = peers;
  if (bpmnEngine === undefined || dbos === undefined) return;
  note(`instances ÷ bpmn-engine|>=|40`, full.perSecond / (await measurePeer(bpmnEngine)).perSecond);
  note(`instances ÷ DBOS|>=|12`, full.perSecond / (await measurePeer(dbos)).perSecond);
}

async function measurePeer(peer: Peer): Promise<Rate> {
  const rate = await measureLoad(16, PEER_RUNS, () => peer.run());
  show(`${peer.name}, 16 at once`, rate);
  return rate;
}

/** Instances that wait for their first task. */
async function prepare({ runtime }: BenchInstallation, count: number): Promise<readonly Decision[]> {
  const started: Decision[] = [];
  await measureLoad(128, count, async () => {
    started.push(await startReference(runtime));
  });
  return started;
}

/** Completions of first and second tasks of waiting instances, in the order in which they became possible. */
async function measureSteps(on: BenchInstallation, atOnce: number, count: number): Promise<Rate> {
  const waiting: { readonly key: Key; readonly isFirst: boolean }[] = (await prepare(on, count / 2)).map(
    (decision) => ({
      key: taskOf(decision),
      isFirst: true,
    }),
  );
  let next = 0;
  const before = process.cpuUsage();
  const rate = await measureLoad(atOnce, count, async () => {
    const task = waiting[next];
    next += 1;
    if (task === undefined) throw new Error('There is no task left');
    const decision = await completeReferenceTask(on.runtime, task.key);
    if (task.isFirst) waiting.push({ key: taskOf(decision), isFirst: false });
  });
  const { user, system } = process.cpuUsage(before);
  show(`steps, ${atOnce} at once (node ${((user + system) / count).toFixed(0)} µs each)`, rate);
  return rate;
}

function functionStepOf(decision: Decision): FunctionStep {
  const { state, events } = decision;
  return { instanceKey: state.key, taskKey: taskOf(decision), state, events: events.slice(0, 8) };
}

function printGoals(): void {
  console.log('\nmedian of the rounds');
  for (const [name, values] of ratios) {
    const [title = '', sign = '', goal = ''] = name.split('|');
    const value = median(values);
    const isMet = goal === '' || (sign === '>=' ? value >= Number(goal) : value <= Number(goal));
    const verdict = goal === '' ? '' : `goal ${sign} ${goal}  ${isMet ? 'met' : 'MISSED'}`;
    console.log(`  ${title.padEnd(58)} ${value.toFixed(2).padStart(7)}  ${verdict}`);
  }
}
