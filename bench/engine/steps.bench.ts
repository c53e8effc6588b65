// What one durable step costs: completing a user task through the runtime (lock, decide, store state, history and the
// next task, commit) beside the cheapest durable thing the same database can do, one INSERT per commit. Both take turns
// round by round in one run, so that the ratio means something on a noisy machine.

import { mkdtemp, chmod, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createKeySource } from '../../server/adapters/ids/key-source.ts';
import { startEmbeddedPostgres } from '../../server/adapters/postgres/embedded.ts';
import { migrate } from '../../server/adapters/postgres/migrate.ts';
import { createPool } from '../../server/adapters/postgres/pool.ts';
import { createTransactions } from '../../server/adapters/postgres/transactions.ts';
import { createRuntime, type TaskActor } from '../../server/runtime/index.ts';
import { instantOf } from '../../server/shared/time.ts';
import { model } from '../../test/support/model-builder.ts';

const AT_ONCE = 32;
const ROUNDS = 5;
const INSTANCES_PER_ROUND = 100;
const TASKS = ['First', 'Second', 'Third'] as const;

const actor: TaskActor = { userId: 'an', tenantId: 'bench', groups: [] };
const xml = model('bench')
  .start()
  .userTask('First', { assignee: 'an' })
  .userTask('Second', { assignee: 'an' })
  .userTask('Third', { assignee: 'an' })
  .end()
  .path('start', ...TASKS, 'end')
  .toXml();

const dir = await mkdtemp(join(tmpdir(), 'tram-bench-'));
await chmod(dir, 0o755);
const server = await startEmbeddedPostgres({ dataDir: join(dir, 'postgres'), logFile: join(dir, 'postgres.log') });
try {
  await migrate(server.url);
  const pool = createPool(server.url, { max: AT_ONCE, applicationName: 'bench' });
  const keyPool = createPool(server.url, { max: 1, applicationName: 'bench-keys' });
  const transactions = createTransactions(pool);
  const runtime = createRuntime({
    transactions,
    clock: { now: () => instantOf(new Date()) },
    keys: createKeySource(keyPool),
    wake: () => undefined,
  });
  await transactions.run((tx) => runtime.deploy(tx, [{ resourceName: 'bench.bpmn', xml }]));
  await pool.query('create table bench_commits (id bigint generated always as identity, note text)');

  const commits = (): Promise<number> =>
    measure(INSTANCES_PER_ROUND * TASKS.length, async () => {
      await pool.query({ name: 'bench', text: 'insert into bench_commits (note) values ($1)', values: ['one commit'] });
    });
  const steps = async (): Promise<number> => {
    for (let index = 0; index < INSTANCES_PER_ROUND; index += 1) {
      await transactions.run((tx) =>
        runtime.startInstance(tx, {
          processId: 'bench',
          tenantId: 'bench',
          businessKey: null,
          variables: {},
          actorId: null,
        }),
      );
    }
    let done = 0;
    let ms = 0;
    for (let round = 0; round < TASKS.length; round += 1) {
      const tasks = await transactions.run((tx) => runtime.listTasks(tx, actor, INSTANCES_PER_ROUND));
      const queue = [...tasks];
      const started = performance.now();
      await measure(tasks.length, async () => {
        const task = queue.pop();
        if (task === undefined) return;
        await transactions.run(async (tx) => {
          const open = await runtime.openTask(tx, actor, task.key);
          await runtime.completeTask(tx, open, { actorId: actor.userId, variables: { done: true } });
        });
        done += 1;
      });
      ms += performance.now() - started;
    }
    return (done / ms) * 1000;
  };

  const ratios: number[] = [];
  console.log(`${AT_ONCE} at once, ${ROUNDS} rounds, fsync on`);
  console.log('round   commits/s   steps/s   steps ÷ commits');
  for (let round = 1; round <= ROUNDS; round += 1) {
    const commitRate = await commits();
    const stepRate = await steps();
    ratios.push(stepRate / commitRate);
    console.log(
      `${String(round).padStart(5)} ${commitRate.toFixed(0).padStart(11)} ${stepRate.toFixed(0).padStart(9)} ${(stepRate / commitRate).toFixed(3).padStart(17)}`,
    );
  }
  console.log(`median ratio ${(ratios.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? 0).toFixed(3)}`);
  await pool.end();
  await keyPool.end();
} finally {
  await server.stop();
  await rm(dir, { recursive: true, force: true });
}

/** Runs the work `count` times, `AT_ONCE` at a time; per second. */
async function measure(count: number, work: () => Promise<void>): Promise<number> {
  let left = count;
  const started = performance.now();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (left > 0) {
        left -= 1;
        await work();
      }
    }),
  );
  return (count / (performance.now() - started)) * 1000;
}
