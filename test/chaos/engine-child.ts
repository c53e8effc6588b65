// A process of its own with a runtime on the test's database, for tests that kill processes or let several of them
// hammer one instance: `engine-child.ts <role> <url> <argument>`. What it was told is done it says on its output at once, because
// the next moment may be its last.

import { writeSync } from 'node:fs';
import { createKeySource } from '../../server/adapters/ids/key-source.ts';
import { createPool } from '../../server/adapters/postgres/pool.ts';
import { createBatchPool, createStatements } from '../../server/adapters/postgres/statements.ts';
import { createTransactions } from '../../server/adapters/postgres/transactions.ts';
import { completed, createRuntime, type JobHandlers, type TaskActor } from '../../server/runtime/index.ts';
import { AppError } from '../../server/shared/app-error.ts';
import type { Key } from '../../server/shared/ids.ts';
import { instantOf } from '../../server/shared/time.ts';

const [role = '', url = '', argument = ''] = process.argv.slice(2);
/** For the role `crash`: how often the point is passed before the process ends there. */
const [point = '', passes = '1'] = argument.split(':');

const pool = createPool(url, { max: 4, applicationName: 'child' });
const keyPool = createPool(url, { max: 1, applicationName: 'child-keys' });
const batchPool = createBatchPool(url, { max: 2, applicationName: 'child-steps' });
const transactions = createTransactions(pool);
const offered: Key[] = [];
let left = Number(passes);
const runtime = createRuntime({
  transactions,
  statements: createStatements(batchPool),
  clock: { now: () => instantOf(new Date()) },
  keys: createKeySource(keyPool),
  wake: (keys) => void offered.push(...keys),
  atPoint(passed) {
    if (role !== 'crash' || passed !== point) return;
    left -= 1;
    if (left === 0) process.kill(process.pid, 'SIGKILL');
  },
});
const log = (): void => undefined;
const say = (text: string): void => void writeSync(1, `${text}\n`);

const actor: TaskActor = { userId: 'child', tenantId: 'so-a', groups: ['clerk'] };

const handlers: JobHandlers = {
  work: {
    async perform(job) {
      await pool.query('insert into performed (job_key) values ($1)', [job.key]);
    },
    async record(tx, job) {
      await tx.query(`insert into effects (instance_key, what) values ($1, 'work')`, [job.instanceKey]);
      return completed({ done: true });
    },
  },
  item: { record: () => Promise.resolve(completed({ result: 1 })) },
};

async function crash(): Promise<void> {
  const request = { processId: 'crash', tenantId: 'so-a', businessKey: argument, variables: {}, actorId: 'child' };
  const { state, events } = await runtime.alone.start(request);
  say('started');
  const first = events.find((event) => event.type === 'task-created');
  await runtime.alone.completeTask({ actor, taskKey: first?.taskKey ?? ('' as Key), variables: {} });
  say('first');
  const [second] = await transactions.run((tx) => runtime.listTasksOf(tx, actor, argument));
  await transactions.run(async (tx) => {
    await tx.query(`insert into effects (instance_key, what) values ($1, 'second')`, [state.key]);
    const open = await runtime.openTask(tx, actor, second?.key ?? ('' as Key));
    await runtime.completeTask(tx, open, { actorId: actor.userId, variables: {} });
  });
  say('second');
  for (const key of offered.splice(0)) await runtime.runJob(key, { handlers, log });
  say('work');
}

/** Until the instance has ended: everything that is open, as this kind of process does it. */
async function hammer(work: (keys: readonly Key[]) => Promise<void>): Promise<void> {
  const instanceKey = argument as Key; // the test started it
  for (;;) {
    const instance = await transactions.run((tx) => runtime.getInstance(tx, instanceKey));
    if (instance.status !== 'active') return;
    const { rows } = await pool.query<{ key: Key }>(
      `select key from jobs where instance_key = $1 and status = 'open' order by random()`,
      [instanceKey],
    );
    await work(rows.map(({ key }) => key));
  }
}

const REFUSALS: ReadonlySet<string> = new Set(['JOB_LEASE_LOST', 'INSTANCE_COMMAND_REJECTED']);

async function completeAll(keys: readonly Key[]): Promise<void> {
  const answers = await Promise.allSettled(
    keys.map((jobKey) => runtime.alone.completeJob({ jobKey, leaseToken: null, variables: { result: 1 } })),
  );
  let done = 0;
  for (const answer of answers) {
    if (answer.status === 'fulfilled') done += 1;
    // Another process was first; any other error is one.
    else if (!(answer.reason instanceof AppError && REFUSALS.has(answer.reason.code))) throw answer.reason;
  }
  say(`completed ${done}`);
}

async function workOff(keys: readonly Key[]): Promise<void> {
  let done = 0;
  for (const key of keys.slice(0, 20)) if (await runtime.runJob(key, { handlers, log })) done += 1;
  say(`completed ${done}`);
}

if (role === 'crash') await crash();
else await hammer(role === 'api' ? completeAll : workOff);
await Promise.all([pool.end(), keyPool.end(), batchPool.end()]);
