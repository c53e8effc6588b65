// Real processes on one database: each is killed at one named point of the write path and of the worker, and what it
// leaves is finished by another; and six of them hammer a single instance.

import { spawn } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CrashPoint, JobHandlers, TaskActor } from '../../server/runtime/index.ts';
import { completed } from '../../server/runtime/index.ts';
import type { Key } from '../../server/shared/ids.ts';
import { createRuntimeHarness, type RuntimeHarness } from '../runtime/harness.ts';
import { model } from '../support/model-builder.ts';

let harness: RuntimeHarness;

beforeAll(async () => {
  harness = await createRuntimeHarness();
  await harness.rows('create table effects (instance_key bigint not null, what text not null)');
  await harness.rows('create table performed (job_key bigint not null)');
});
afterAll(() => harness.database.drop());

interface Ended {
  readonly signal: string | null;
  readonly code: number | null;
  readonly said: readonly string[];
  readonly errors: string;
}

function runChild(role: string, argument: string): Promise<Ended> {
  const args = ['--import', 'tsx', 'test/chaos/engine-child.ts', role, harness.database.url, argument];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  let errors = '';
  child.stdout.on('data', (data: Buffer) => (said += data.toString()));
  child.stderr.on('data', (data: Buffer) => (errors += data.toString()));
  return new Promise((resolve) => {
    child.on('close', (code, signal) => {
      resolve({ signal, code, said: said.split('\n').filter((line) => line !== ''), errors });
    });
  });
}

/** Each with how often it is passed before the end, so that the instance exists by then. */
const POINTS: readonly `${CrashPoint}:${number}`[] = [
  'batch-decided:2',
  'batch-written:2',
  'step-written:1',
  'committed:1',
  'job-leased:1',
  'work-performed:1',
  'work-recorded:1',
];

const survivor: TaskActor = { userId: 'survivor', tenantId: 'so-a', groups: ['clerk'] };
const handlers: JobHandlers = {
  work: {
    perform: () => Promise.resolve(),
    async record(tx, job) {
      await tx.query(`insert into effects (instance_key, what) values ($1, 'work')`, [job.instanceKey]);
      return completed();
    },
  },
};

async function finish(businessKey: string): Promise<void> {
  const { transactions, runtime } = harness;
  for (;;) {
    const [task] = await transactions.run((tx) => runtime.listTasksOf(tx, survivor, businessKey));
    if (task === undefined) return;
    await transactions.run(async (tx) => {
      if (task.elementId === 'Second') {
        await tx.query(`insert into effects (instance_key, what) values ($1, 'second')`, [task.instanceKey]);
      }
      const open = await runtime.openTask(tx, survivor, task.key);
      await runtime.completeTask(tx, open, { actorId: survivor.userId, variables: {} });
    });
  }
}

describe('processes that are killed at a named point', () => {
  it('lose nothing that they had answered, and nothing happens twice', { timeout: 180_000 }, async () => {
    await harness.deploy(
      model('crash')
        .start()
        .userTask('First', { candidateGroups: 'clerk' })
        .userTask('Second', { candidateGroups: 'clerk' })
        .serviceTask('Work', { type: 'work' })
        .end()
        .path('start', 'First', 'Second', 'Work', 'end')
        .toXml(),
    );
    const ended = new Map<string, Ended>();
    const queue = [...POINTS];
    const next = async (): Promise<void> => {
      for (let point = queue.shift(); point !== undefined; point = queue.shift()) {
        ended.set(point, await runChild('crash', point));
      }
    };
    await Promise.all([next(), next()]);
    expect([...ended].map(([point, { signal }]) => [point, signal]).sort()).toEqual(
      POINTS.map((point) => [point, 'SIGKILL']).sort(),
    );
    for (const point of POINTS) await finish(point);
    // What a dead worker had leased comes free when the lease has run out.
    await harness.rows(`update jobs set leased_until = clock_timestamp() - interval '1 second', offered_at = null`);
    await harness.drain(handlers);

    const rows = await harness.rows<{
      point: string;
      status: string;
      isWhole: boolean;
      effects: string;
      first: string;
    }>(
      `select i.business_key as point, i.status,
         i.event_count = (select count(*) from engine_events e where e.instance_key = i.key)
           and i.event_count = (select max(seq) from engine_events e where e.instance_key = i.key)
           and 4 = (select count(*) from engine_events e where e.instance_key = i.key and e.type = 'element-completed'
             and e.event ->> 'elementId' in ('First', 'Second', 'Work', 'end')) as "isWhole",
         (select string_agg(what, ',' order by what) from effects f where f.instance_key = i.key) as effects,
         (select completed_by from user_tasks t where t.instance_key = i.key and t.element_id = 'First') as first
       from process_instances i where i.process_id = 'crash' order by i.business_key`,
    );
    expect(rows).toHaveLength(POINTS.length);
    for (const row of rows) {
      expect(row).toMatchObject({ status: 'completed', isWhole: true, effects: 'second,work' });
      if (ended.get(row.point)?.said.includes('first') === true) expect(row.first).toBe('child');
    }
  });
});

describe('two interfaces and four workers on one instance', () => {
  it('join a hundred branches and collect a thousand results, each once', { timeout: 180_000 }, async () => {
    const branches = Array.from({ length: 100 }, (_, index) => `B${index}`);
    const builder = model('hammered').start().parallel('fork').parallel('join').end();
    for (const branch of branches) builder.serviceTask(branch, { type: 'item' }).path('fork', branch, 'join');
    builder.serviceTask('Each', {
      type: 'item',
      each: { of: 'items', as: 'item', collect: 'result', into: 'results' },
    });
    await harness.deploy(builder.path('start', 'fork').path('join', 'Each', 'end').toXml());
    const key: Key = await harness.start('hammered', { items: Array.from({ length: 1_000 }, (_, index) => index) });

    const roles = ['api', 'api', 'worker', 'worker', 'worker', 'worker'];
    const ended = await Promise.all(roles.map((role) => runChild(role, key)));
    expect(ended.map(({ code, errors }) => [code, errors])).toEqual(roles.map(() => [0, '']));

    const [row] = await harness.rows<Record<string, unknown>>(
      `select i.status, i.state -> 'variables' -> i.key::text -> 'results' as results,
         (select count(*)::integer from jobs j where j.instance_key = i.key and j.status = 'completed') as jobs,
         (select count(distinct event ->> 'jobKey')::integer from engine_events e
           where e.instance_key = i.key and e.type = 'job-completed') as ended,
         (select count(*)::integer from engine_events e where e.instance_key = i.key and e.type = 'job-completed') as events,
         i.event_count = (select max(seq) from engine_events e where e.instance_key = i.key) as "isWhole"
       from process_instances i where i.key = $1`,
      [key],
    );
    expect(row).toMatchObject({ status: 'completed', jobs: 1_100, ended: 1_100, events: 1_100, isWhole: true });
    expect(row?.['results']).toEqual(Array.from({ length: 1_000 }, () => 1));
    // Nobody was told of a completion that was another's.
    const told = ended.flatMap(({ said }) => said.map((line) => Number(line.replace('completed ', ''))));
    expect(told.reduce((sum, count) => sum + count, 0)).toBe(1_100);
  });
});
