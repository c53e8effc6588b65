// The projector applies every event exactly once: whatever commits late, whoever projects beside it, wherever it stops.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createProjector } from '../../../server/runtime/history/index.ts';
import type { Key } from '../../../server/shared/ids.ts';
import type { Transactions, Tx } from '../../../server/shared/transactions.ts';
import { giveUp } from '../../../server/runtime/index.ts';
import { model } from '../../support/model-builder.ts';
import { createRuntimeHarness, type RuntimeHarness } from '../harness.ts';
import { dumpHistory } from './dump.ts';

const review = model('review')
  .start()
  .userTask('Review', { assignee: '="an"' })
  .serviceTask('Notify', { type: 'notify', retries: '1' })
  .end()
  .path('start', 'Review', 'Notify', 'end')
  .toXml();

const outer = model('outer').start().call('Call', { process: 'review' }).end().path('start', 'Call', 'end').toXml();

/** A promise that a test settles when it wants the other side to go on. */
function createGate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

describe('the projector', () => {
  let harness: RuntimeHarness;
  beforeAll(async () => {
    harness = await createRuntimeHarness();
    await harness.deploy(review, outer);
  });
  afterAll(() => harness.database.drop());

  const projected = async (key: Key): Promise<string | null> => {
    const [row] = await harness.rows<{ state: string }>(`select state from history_instances where key = $1`, [key]);
    return row?.state ?? null;
  };
  const start = (tx: Tx): Promise<Key> =>
    harness.runtime.startInstance(tx, {
      processId: 'review',
      tenantId: 'so-a',
      businessKey: null,
      variables: {},
      actorId: null,
    });
  const completeTaskOf = async (tx: Tx, instanceKey: Key | undefined): Promise<void> => {
    const { rows } = await tx.query<{ key: Key }>(`select key from user_tasks where instance_key = $1`, [instanceKey]);
    const open = await harness.runtime.openTask(
      tx,
      { userId: 'an', tenantId: 'so-a', groups: [] },
      rows[0]?.key as Key,
    );
    await harness.runtime.completeTask(tx, open, { actorId: 'an', variables: { isFine: true } });
  };
  const completeTask = (instanceKey: Key | undefined): Promise<void> =>
    harness.transactions.run((tx) => completeTaskOf(tx, instanceKey));

  it('finds a transaction that commits after a later one was projected', async () => {
    const projector = createProjector(harness);
    const gate = createGate();
    const begun = createGate();
    let late: Key | null = null;
    const slow = harness.transactions.run(async (tx) => {
      late = await start(tx);
      begun.open();
      await gate.opened;
    });
    await begun.opened;
    const early = await harness.transactions.run(start);
    await projector.catchUp();
    expect([await projected(early), await projected(late ?? early)]).toEqual(['ACTIVE', null]);
    gate.open();
    await slow;
    await projector.catchUp();
    expect(await projected(late ?? early)).toBe('ACTIVE');
  });

  it('does not wait for a foreign transaction that stays open', async () => {
    const projector = createProjector(harness);
    const foreign = await harness.database.pool.connect();
    try {
      await foreign.query('begin');
      await foreign.query('select pg_current_xact_id()');
      const key = await harness.transactions.run(start);
      await projector.catchUp();
      expect(await projected(key)).toBe('ACTIVE');
    } finally {
      await foreign.query('rollback');
      foreign.release();
    }
  });

  it('applies the steps of an instance in their order even when their transaction ids are not', async () => {
    const gate = createGate();
    const begun = createGate();
    const keys: Key[] = [];
    const stepper = harness.transactions.run(async (tx) => {
      // Takes its id before the instance exists, and steps it later.
      await tx.query('select pg_current_xact_id()');
      begun.open();
      await gate.opened;
      await completeTaskOf(tx, keys[0]);
    });
    await begun.opened;
    const key = await harness.transactions.run(start);
    keys.push(key);
    gate.open();
    await stepper;
    // Chunks of one event: the boundary falls between any two transactions.
    await createProjector(harness, { chunkEvents: 1 }).catchUp();
    expect(await projected(key)).toBe('ACTIVE');
    expect(await harness.rows(`select state from history_tasks where instance_key = $1`, [key])).toEqual([
      { state: 'COMPLETED' },
    ]);
  });

  it('goes on after it was stopped between two chunks, and derives the same rows as one that never stopped', async () => {
    for (let round = 0; round < 5; round += 1) await completeTask(await harness.transactions.run(start));
    let chunks = 0;
    const dying: Transactions = {
      run: (work) =>
        harness.transactions.run(async (tx) => {
          const result = await work(tx);
          chunks += 1;
          if (chunks === 4) throw new Error('killed before the commit');
          return result;
        }),
    };
    await expect(createProjector({ transactions: dying }, { chunkEvents: 7 }).catchUp()).rejects.toThrow('killed');
    await createProjector(harness, { chunkEvents: 7 }).catchUp();
    const resumed = await dumpHistory(harness);
    await createProjector(harness).rebuild();
    expect(resumed).toEqual(await dumpHistory(harness));
  });

  it('gives the same rows when two projectors work at once while instances move', async () => {
    const projectors = [createProjector(harness, { chunkEvents: 3 }), createProjector(harness, { chunkEvents: 11 })];
    const movers = Array.from({ length: 6 }, async () => completeTask(await harness.transactions.run(start)));
    await Promise.all([...movers, ...projectors.flatMap((projector) => [projector.catchUp(), projector.catchUp()])]);
    await Promise.all(projectors.map((projector) => projector.catchUp()));
    const incremental = await dumpHistory(harness);
    await createProjector(harness).rebuild();
    expect(incremental).toEqual(await dumpHistory(harness));
  });

  it('counts an incident for the instance and for everything that called it, until it is resolved', async () => {
    const projector = createProjector(harness);
    const key = await harness.start('outer');
    await harness.drain();
    const [child] = await harness.rows<{ key: Key }>(`select key from process_instances where parent_key = $1`, [key]);
    await completeTask(child?.key);
    await harness.drain({ notify: { record: () => Promise.resolve(giveUp('no line')) } });
    await projector.catchUp();
    const incidents = (): Promise<readonly unknown[]> =>
      harness.rows(`select open_incidents from history_instances where root_key = $1 order by key`, [key]);
    expect(await incidents()).toEqual([{ open_incidents: 1 }, { open_incidents: 1 }]);
    const [incident] = await harness.transactions.run((tx) => harness.runtime.listIncidents(tx, 1));
    await harness.transactions.run(async (tx) => {
      if (incident !== undefined) await harness.runtime.retryIncident(tx, incident, 'an');
    });
    await projector.catchUp();
    expect(await incidents()).toEqual([{ open_incidents: 0 }, { open_incidents: 0 }]);
    await createProjector(harness).rebuild();
    expect(await incidents()).toEqual([{ open_incidents: 0 }, { open_incidents: 0 }]);
  });

  it('carries what is open to another definition and leaves what has ended, cut anywhere', async () => {
    const version = (first: string, second: string) =>
      model('moving')
        .start()
        .userTask(first, { assignee: '="an"' })
        .userTask(second)
        .end()
        .path('start', first, second, 'end')
        .toXml();
    await harness.deploy(version('A', 'B'));
    const key = await harness.start('moving');
    await createProjector(harness, { chunkEvents: 1 }).catchUp();
    await completeTask(key);
    await harness.deploy(version('C', 'D'));
    const [target] = await harness.rows<{ key: Key }>(
      `select key from process_definitions where process_id = 'moving' and version = 2`,
    );
    await harness.transactions.run((tx) =>
      harness.runtime.operations.migrate(tx, {
        instanceKey: key,
        targetKey: target?.key ?? key,
        mapping: [{ sourceElementId: 'B', targetElementId: 'D' }],
        actorId: 'ops',
      }),
    );
    await createProjector(harness).catchUp();
    const incremental = await dumpHistory(harness);
    const places = (): Promise<readonly unknown[]> =>
      harness.rows(
        `select e.element_id as id, e.state, d.version from history_elements e
         join process_definitions d on d.key = e.definition_key where e.instance_key = $1 order by e.key`,
        [key],
      );
    const expected = [
      { id: 'moving', state: 'ACTIVE', version: 2 },
      { id: 'start', state: 'COMPLETED', version: 1 },
      { id: 'A', state: 'COMPLETED', version: 1 },
      { id: 'D', state: 'ACTIVE', version: 2 },
    ];
    expect(await places()).toEqual(expected);
    for (const chunkEvents of [1, 1_000]) {
      await createProjector(harness, { chunkEvents }).rebuild();
      expect(await dumpHistory(harness)).toEqual(incremental);
    }
  });
});
