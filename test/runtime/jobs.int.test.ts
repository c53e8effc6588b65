// System work: jobs take effect once however often they are offered, failures become incidents, timers and called
// processes go on through the database alone.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { completed, giveUp, type JobHandlers, retryLater } from '../../server/runtime/index.ts';
import { AppError } from '../../server/shared/app-error.ts';
import type { Key } from '../../server/shared/ids.ts';
import { model } from '../support/model-builder.ts';
import { clerk, createRuntimeHarness, type RuntimeHarness } from './harness.ts';

const oneJob = model('one-job')
  .start()
  .serviceTask('Work', { type: 'work', retries: '2' })
  .end()
  .path('start', 'Work', 'end')
  .toXml();

const withDeadline = model('with-deadline')
  .start()
  .userTask('Wait', { assignee: 'an' })
  .boundaryTimer('late', 'Wait', { duration: 'PT1H', isInterrupting: false })
  .serviceTask('Remind', { type: 'remind' })
  .end()
  .end('reminded')
  .path('start', 'Wait', 'end')
  .path('late', 'Remind', 'reminded')
  .toXml();

const parent = model('parent')
  .start()
  .call('Each', {
    process: 'child',
    each: { of: '=items', as: 'item', collect: '=result', into: 'results' },
    allChildVariables: true,
  })
  .end()
  .path('start', 'Each', 'end')
  .toXml();
const child = model('child')
  .start()
  .serviceTask('Double', { type: 'double' })
  .end()
  .path('start', 'Double', 'end')
  .toXml();

const waiting = model('waiting')
  .start()
  .receiveTask('Hear', { message: 'news', key: '=topic' })
  .end()
  .path('start', 'Hear', 'end')
  .toXml();

const handlers: JobHandlers = {
  work: { record: () => Promise.resolve(completed({ done: true })) },
  remind: { record: () => Promise.resolve(completed()) },
  double: { record: (_tx, job) => Promise.resolve(completed({ result: Number(job.variables['item']) * 2 })) },
};

describe('jobs', () => {
  let harness: RuntimeHarness;
  beforeAll(async () => {
    harness = await createRuntimeHarness();
    await harness.deploy(oneJob, withDeadline, parent, child, waiting);
  });
  afterAll(() => harness.database.drop());

  const statusOf = async (key: Key) =>
    (await harness.transactions.run((tx) => harness.runtime.getInstance(tx, key))).status;
  const newest = (): Key => {
    const key = harness.offered.at(-1);
    if (key === undefined) throw new Error('Nothing was offered');
    return key;
  };

  it('takes effect once when it is offered many times at the same moment', async () => {
    // given
    const instanceKey = await harness.start('one-job');
    const jobKey = newest();
    let calls = 0;
    const counting: JobHandlers = {
      work: {
        record: async (tx) => {
          calls += 1;
          await tx.query('select 1');
          return completed();
        },
      },
    };
    // when
    const results = await Promise.all(Array.from({ length: 6 }, () => harness.run(jobKey, counting)));
    // then
    expect(results.filter(Boolean)).toHaveLength(1);
    expect(calls).toBe(1);
    expect(await statusOf(instanceKey)).toBe('completed');
  });

  it('is offered again by the reconciler when the carrier lost it', async () => {
    const instanceKey = await harness.start('one-job');
    harness.offered.length = 0; // the carrier was emptied
    await harness.rows(`update jobs set offered_at = offered_at - interval '1 minute' where status = 'open'`);
    await harness.drain(handlers);
    expect(await statusOf(instanceKey)).toBe('completed');
  });

  it('stays undone when nobody offers it again', async () => {
    // The control of the test above: without the reconciler the lost job would wait for ever.
    const instanceKey = await harness.start('one-job');
    harness.offered.length = 0;
    expect(await statusOf(instanceKey)).toBe('active');
    await harness.rows(`update jobs set offered_at = null where status = 'open'`);
    await harness.drain(handlers);
  });

  it('keeps nothing of a handler that fails, and raises an incident when the retries are used up', async () => {
    const instanceKey = await harness.start('one-job');
    const jobKey = newest();
    const failing: JobHandlers = {
      work: {
        record: async (tx) => {
          await tx.query(`insert into contents (sha256, size_bytes, bytes) values (repeat('a', 64), 1, 'x')`);
          return retryLater('the other side is busy');
        },
      },
    };
    await harness.run(jobKey, failing);
    expect(await harness.rows(`select 1 from contents where sha256 = repeat('a', 64)`)).toEqual([]);
    await harness.rows(`update jobs set not_before = clock_timestamp() where key = $1`, [jobKey]);
    await harness.run(jobKey, failing);
    const [incident] = await harness.transactions.run((tx) => harness.runtime.listIncidents(tx, 10));
    expect(incident).toMatchObject({
      instanceKey,
      errorType: 'JOB_NO_RETRIES',
      message: expect.stringContaining('busy'),
    });

    // An operator gives it new tries; the same job goes on.
    await harness.transactions.run(async (tx) => {
      if (incident !== undefined) await harness.runtime.retryIncident(tx, incident, 'operator');
    });
    await harness.drain(handlers);
    expect(await statusOf(instanceKey)).toBe('completed');
    expect(await harness.transactions.run((tx) => harness.runtime.listIncidents(tx, 10))).toEqual([]);
  });

  it('becomes an incident at once when no later try can help', async () => {
    const instanceKey = await harness.start('one-job');
    await harness.run(newest(), { work: { record: () => Promise.resolve(giveUp('unknown recipient')) } });
    const incidents = await harness.transactions.run((tx) => harness.runtime.listIncidents(tx, 10));
    expect(incidents.map((incident) => incident.instanceKey)).toEqual([instanceKey]);
    await harness.transactions.run(async (tx) => {
      for (const incident of incidents) await harness.runtime.retryIncident(tx, incident, 'operator');
    });
    await harness.drain(handlers);
  });

  it('records the outside work of the worker that still holds the lease, never of one that lost it', async () => {
    const instanceKey = await harness.start('one-job');
    const jobKey = newest();
    let recorded = 0;
    const slow = (whileAway: () => Promise<unknown>): JobHandlers => ({
      work: {
        perform: whileAway,
        record: () => {
          recorded += 1;
          return Promise.resolve(completed());
        },
      },
    });
    await harness.run(
      jobKey,
      slow(async () => {
        // The lease runs out while the first worker is away, and a second one does the job.
        await harness.rows(`update jobs set leased_until = clock_timestamp() - interval '1 second' where key = $1`, [
          jobKey,
        ]);
        expect(
          await harness.run(
            jobKey,
            slow(() => Promise.resolve()),
          ),
        ).toBe(true);
      }),
    );
    expect(recorded).toBe(1);
    expect(await statusOf(instanceKey)).toBe('completed');
  });

  it('does not hold the failure of a late worker against the one that has taken over', async () => {
    const instanceKey = await harness.start('one-job');
    const jobKey = newest();
    let isTakenOver = false;
    const first: JobHandlers = {
      work: {
        perform: async () => {
          await harness.rows(`update jobs set leased_until = clock_timestamp() - interval '1 second' where key = $1`, [
            jobKey,
          ]);
          // The second worker takes the lease over and is still at work when the first one fails.
          await harness.run(jobKey, second);
          throw new Error('connection reset');
        },
        record: () => Promise.resolve(completed()),
      },
    };
    const second: JobHandlers = {
      work: {
        perform: () => {
          isTakenOver = true;
          return Promise.reject(new AppError('transient', 'BUSY', 'later'));
        },
        record: () => Promise.resolve(completed()),
      },
    };
    await harness.run(jobKey, first);
    expect(isTakenOver).toBe(true);
    // One failure is counted, that of the worker which held the lease; a transient one uses up no retry.
    expect(
      await harness.rows('select retries, attempts, last_error as error from jobs where key = $1', [jobKey]),
    ).toEqual([{ retries: 2, attempts: 1, error: 'later' }]);
    await harness.rows(`update jobs set not_before = clock_timestamp() where key = $1`, [jobKey]);
    await harness.drain(handlers);
    expect(await statusOf(instanceKey)).toBe('completed');
  });

  it('leaves job types without a handler to external workers, and does not offer them again and again', async () => {
    await harness.start('one-job');
    expect(await harness.run(newest(), {})).toBe(false);
    await harness.rows(`update jobs set offered_at = null where status = 'open'`);
    expect(await harness.runtime.reconcile(['other'])).toBe(0);
    await harness.drain(handlers);
  });

  it('fires a timer when business time passes it, and not before', async () => {
    await harness.start('with-deadline');
    await harness.drain(handlers);
    const reminders = () => harness.rows(`select 1 from jobs where type = 'remind'`);
    harness.clock.advance(59 * 60_000);
    await harness.drain(handlers);
    expect(await reminders()).toHaveLength(0);
    harness.clock.advance(2 * 60_000);
    await harness.drain(handlers);
    expect(await reminders()).toHaveLength(1);
    const tasks = await harness.transactions.run((tx) => harness.runtime.listTasks(tx, { ...clerk, groups: [] }, 10));
    expect(tasks.map((task) => task.elementId)).toContain('Wait');
  });

  it('runs a called process once per item and collects the results in order', async () => {
    const instanceKey = await harness.start('parent', { items: [3, 1, 2] });
    await harness.drain(handlers);
    const instance = await harness.transactions.run((tx) => harness.runtime.getInstance(tx, instanceKey));
    expect(instance.status).toBe('completed');
    expect(instance.state.variables[instanceKey]?.['results']).toEqual([6, 2, 4]);
    const children = await harness.rows(`select 1 from process_instances where parent_key = $1`, [instanceKey]);
    expect(children).toHaveLength(3);
  });

  it('raises an incident when the called process does not exist', async () => {
    const orphan = model('orphan')
      .start()
      .call('Call', { process: 'nowhere' })
      .end()
      .path('start', 'Call', 'end')
      .toXml();
    await harness.deploy(orphan);
    const instanceKey = await harness.start('orphan');
    await harness.drain(handlers);
    const incidents = await harness.transactions.run((tx) => harness.runtime.listIncidents(tx, 10));
    expect(incidents).toMatchObject([{ instanceKey, errorType: 'CALLED_ELEMENT_ERROR' }]);
  });

  const publish = (correlationKey: string, messageId: string | null = null) =>
    harness.transactions.run((tx) =>
      harness.runtime.publishMessage(tx, {
        name: 'news',
        correlationKey,
        variables: { heard: correlationKey },
        timeToLiveMs: 60_000,
        messageId,
      }),
    );

  it('correlates a message that came before its subscription', async () => {
    await publish('early');
    const instanceKey = await harness.start('waiting', { topic: 'early' });
    await harness.drain();
    expect(await statusOf(instanceKey)).toBe('completed');
  });

  it('gives two messages to two waiting instances, one each, and a third one waits', async () => {
    const first = await harness.start('waiting', { topic: 'pair' });
    const second = await harness.start('waiting', { topic: 'pair' });
    await Promise.all([publish('pair'), publish('pair'), publish('pair')]);
    await harness.drain();
    expect([await statusOf(first), await statusOf(second)]).toEqual(['completed', 'completed']);
    const third = await harness.start('waiting', { topic: 'pair' });
    await harness.drain();
    expect(await statusOf(third)).toBe('completed');
  });

  it('keeps one of two publications with the same message id', async () => {
    expect(await publish('once', 'id-1')).toBe(true);
    expect(await publish('once', 'id-1')).toBe(false);
  });

  it('forgets a message whose time to live has passed', async () => {
    await publish('stale');
    harness.clock.advance(61_000);
    const instanceKey = await harness.start('waiting', { topic: 'stale' });
    await harness.drain();
    expect(await statusOf(instanceKey)).toBe('active');
  });

  it('does not miss a message published while its subscription is being written', async () => {
    const rounds = Array.from({ length: 20 }, (_, index) => `race-${index}`);
    const started = await Promise.all(
      rounds.map(async (topic) => (await Promise.all([harness.start('waiting', { topic }), publish(topic)]))[0]),
    );
    await harness.drain();
    expect(new Set(await Promise.all(started.map(statusOf)))).toEqual(new Set(['completed']));
  });
});
