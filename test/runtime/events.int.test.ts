// What reaches beyond one instance, on real rows: start events, signals, errors and escalations through called
// processes, bindings of calls. The elements themselves are tested in test/engine; here their traces in the database.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bpmnError, completed, type JobHandlers } from '../../server/runtime/index.ts';
import type { Key } from '../../server/shared/ids.ts';
import { model } from '../support/model-builder.ts';
import { createRuntimeHarness, type RuntimeHarness } from './harness.ts';

const NOTHING: JobHandlers = {};

describe('events beyond one instance', () => {
  let harness: RuntimeHarness;
  beforeAll(async () => {
    harness = await createRuntimeHarness();
  });
  afterAll(() => harness.database.drop());

  const publish = (name: string, correlationKey: string, variables = {}) =>
    harness.transactions.run((tx) =>
      harness.runtime.publishMessage(tx, { name, correlationKey, variables, timeToLiveMs: 3_600_000, messageId: null }),
    );
  const instancesOf = (processId: string) =>
    harness.rows<{ key: Key; status: string }>(
      'select key, status from process_instances where process_id = $1 order by key',
      [processId],
    );
  const statusesOf = async (processId: string) => (await instancesOf(processId)).map(({ status }) => status);
  const completeTask = async (instanceKey: Key) => {
    const [task] = await harness.rows<{ key: Key; tenant: string }>(
      `select key, tenant_id as tenant from user_tasks where instance_key = $1 and status = 'open'`,
      [instanceKey],
    );
    await harness.transactions.run(async (tx) => {
      const actor = { userId: 'an', tenantId: task?.tenant ?? '', groups: [] };
      const open = await harness.runtime.openTask(tx, actor, task?.key ?? ('' as Key));
      await harness.runtime.completeTask(tx, open, { actorId: 'an', variables: {} });
    });
  };
  const incidents = () => harness.transactions.run((tx) => harness.runtime.listIncidents(tx, 50));

  describe('message start events', () => {
    const onOrder = (version: string) =>
      model('on-order')
        .startOn('ordered', { message: 'order' })
        .userTask('Wait', { assignee: 'an', name: version })
        .end()
        .path('ordered', 'Wait', 'end')
        .toXml();

    it('start one instance per message, with its variables', async () => {
      await harness.deploy(onOrder('v1'));
      await publish('order', '', { item: 'pen' });
      await publish('order', '', { item: 'ink' });
      await harness.drain(NOTHING);
      const keys = (await instancesOf('on-order')).map(({ key }) => key);
      const items = await Promise.all(
        keys.map(
          async (key) =>
            (await harness.transactions.run((tx) => harness.runtime.getInstance(tx, key))).state.variables[key],
        ),
      );
      expect(items).toEqual([{ item: 'pen' }, { item: 'ink' }]);
    });

    it('keep later messages of a key back until the instance that it started has ended', async () => {
      const before = (await instancesOf('on-order')).length;
      await publish('order', 'customer-1');
      await publish('order', 'customer-1');
      await harness.drain(NOTHING);
      const [first, ...others] = (await instancesOf('on-order')).slice(before);
      expect(others).toEqual([]);
      await completeTask(first?.key ?? ('' as Key));
      await harness.drain(NOTHING);
      expect(await statusesOf('on-order')).toHaveLength(before + 2);
    });

    it('belong to the newest version alone', async () => {
      await harness.deploy(onOrder('v2'));
      const before = (await instancesOf('on-order')).length;
      await publish('order', '');
      await harness.drain(NOTHING);
      expect(await instancesOf('on-order')).toHaveLength(before + 1);
      const [task] = await harness.rows<{ name: string }>('select name from user_tasks order by key desc limit 1');
      expect(task?.name).toBe('v2');
    });
  });

  it('a timer start event begins an instance at each of its times, and a new version takes over', async () => {
    const every = (cycle: string) => model('hourly').startOn('tick', { cycle }).end().path('tick', 'end').toXml();
    await harness.deploy(every('R3/PT1H'));
    for (let hour = 0; hour < 5; hour += 1) {
      harness.clock.advance(3_600_001);
      await harness.drain(NOTHING);
    }
    expect(await statusesOf('hourly')).toEqual(['completed', 'completed', 'completed']);
    await harness.deploy(every('R5/PT1H'));
    await harness.deploy(every('R1/PT2H'));
    harness.clock.advance(2 * 3_600_001);
    await harness.drain(NOTHING);
    expect(await statusesOf('hourly')).toHaveLength(4);
  });

  it(
    'a signal reaches all that wait, in chunks, starts processes, and is not kept for later ones',
    { timeout: 180_000 },
    async () => {
      await harness.deploy(
        model('listener').start().catching('Hear', { signal: 'alarm' }).end().path('start', 'Hear', 'end').toXml(),
        model('thrower').start().throwing('Shout', { signal: 'alarm' }).end().path('start', 'Shout', 'end').toXml(),
        model('helper').startOn('called', { signal: 'alarm' }).end().path('called', 'end').toXml(),
      );
      for (let index = 0; index < 501; index += 1) await harness.start('listener');
      await harness.start('thrower');
      for (let round = 0; round < 10; round += 1) await harness.drain(NOTHING).catch(() => undefined);
      expect(new Set(await statusesOf('listener'))).toEqual(new Set(['completed']));
      expect(await statusesOf('helper')).toEqual(['completed']);
      await harness.start('listener');
      await harness.drain(NOTHING);
      expect((await statusesOf('listener')).at(-1)).toBe('active');
    },
  );

  describe('errors of called processes', () => {
    const failing = model('failing').start().endWith('boom', { error: 'E1' }).path('start', 'boom').toXml();
    const calling = (boundary: boolean) => {
      const builder = model(boundary ? 'catching' : 'letting')
        .start()
        .call('Call', { process: 'failing' })
        .end()
        .path('start', 'Call', 'end');
      return (
        boundary
          ? builder.boundary('caught', 'Call', { error: 'E1' }).end('rescued').path('caught', 'rescued')
          : builder
      ).toXml();
    };
    beforeAll(() => harness.deploy(failing, calling(true), calling(false)));

    it('are caught by the boundary event of the call, and the called instance is terminated', async () => {
      const key = await harness.start('catching');
      await harness.drain(NOTHING);
      expect(await harness.rows('select status from process_instances where key = $1', [key])).toEqual([
        { status: 'completed' },
      ]);
      expect(await harness.rows('select status from process_instances where parent_key = $1', [key])).toEqual([
        { status: 'terminated' },
      ]);
    });

    it('become an incident in the called instance when nobody catches them', async () => {
      const key = await harness.start('letting');
      await harness.drain(NOTHING);
      const [child] = await harness.rows<{ key: Key }>('select key from process_instances where parent_key = $1', [
        key,
      ]);
      expect(await incidents()).toMatchObject([{ instanceKey: child?.key, errorType: 'UNHANDLED_ERROR_EVENT' }]);
      await harness.rows(`update incidents set status = 'resolved'`);
    });
  });

  describe('errors of handlers', () => {
    const work = (boundary: boolean) => {
      const builder = model(boundary ? 'guarded' : 'unguarded')
        .start()
        .serviceTask('Work', { type: 'work' })
        .end()
        .path('start', 'Work', 'end');
      return (
        boundary
          ? builder.boundary('caught', 'Work', { error: 'REFUSED' }).end('rescued').path('caught', 'rescued')
          : builder
      ).toXml();
    };
    const refusing: JobHandlers = { work: { record: () => Promise.resolve(bpmnError('REFUSED', 'not today')) } };
    beforeAll(() => harness.deploy(work(true), work(false)));

    it('take the way of the matching boundary event', async () => {
      const key = await harness.start('guarded');
      await harness.drain(refusing);
      const history = await harness.transactions.run((tx) => harness.runtime.listHistory(tx, key));
      const flows = history.flatMap(({ event }) => (event.type === 'element-completed' ? [event.elementId] : []));
      expect(flows).toContain('rescued');
      expect(await harness.rows(`select status from jobs where instance_key = $1`, [key])).toEqual([
        { status: 'cancelled' },
      ]);
    });

    it('become an incident when nobody catches them, and the job runs again after it is resolved', async () => {
      const key = await harness.start('unguarded');
      await harness.drain(refusing);
      const [incident] = await incidents();
      expect(incident).toMatchObject({ instanceKey: key, errorType: 'UNHANDLED_ERROR_EVENT' });
      await harness.transactions.run(async (tx) => {
        if (incident !== undefined) await harness.runtime.retryIncident(tx, incident, 'operator');
      });
      await harness.drain({ work: { record: () => Promise.resolve(completed()) } });
      expect(await statusesOf('unguarded')).toEqual(['completed']);
    });
  });

  it('an escalation of a called process reaches the boundary event of the call, and the called process goes on', async () => {
    await harness.deploy(
      model('escalating')
        .start()
        .throwing('Up', { escalation: 'LATE' })
        .userTask('Go', { assignee: 'an' })
        .end()
        .path('start', 'Up', 'Go', 'end')
        .toXml(),
      model('supervised')
        .start()
        .call('Call', { process: 'escalating' })
        .boundary('told', 'Call', { escalation: 'LATE' }, { isInterrupting: false })
        .end()
        .end('noted')
        .path('start', 'Call', 'end')
        .path('told', 'noted')
        .toXml(),
    );
    const key = await harness.start('supervised');
    await harness.drain(NOTHING);
    const history = await harness.transactions.run((tx) => harness.runtime.listHistory(tx, key));
    expect(history.some(({ event }) => event.type === 'element-completed' && event.elementId === 'noted')).toBe(true);
    expect(await statusesOf('escalating')).toEqual(['active']);
  });

  it('a decision that nobody has deployed is an incident, never a made-up result', async () => {
    await harness.deploy(
      model('deciding').start().decide('Decide', 'route', 'way').end().path('start', 'Decide', 'end').toXml(),
    );
    const key = await harness.start('deciding');
    await harness.drain(NOTHING);
    expect(await incidents()).toMatchObject([{ instanceKey: key, errorType: 'CALLED_DECISION_ERROR' }]);
    await harness.rows(`update incidents set status = 'resolved'`);
  });

  it('a task stays hidden until its creating listeners have answered', async () => {
    await harness.deploy(
      model('listened')
        .start()
        .userTask('Check', { assignee: 'an', taskListeners: [['creating', 'prepare']] })
        .end()
        .path('start', 'Check', 'end')
        .toXml(),
    );
    const key = await harness.start('listened');
    const seen = () => harness.rows<{ status: string }>('select status from user_tasks where instance_key = $1', [key]);
    expect(await seen()).toEqual([{ status: 'creating' }]);
    const an = { userId: 'an', tenantId: 'so-a', groups: [] };
    const listed = () => harness.transactions.run((tx) => harness.runtime.listTasksOf(tx, an, 'doc-1'));
    expect((await listed()).filter((task) => task.instanceKey === key)).toEqual([]);
    await harness.drain({ prepare: { record: () => Promise.resolve(completed()) } });
    expect(await seen()).toEqual([{ status: 'open' }]);
    expect((await listed()).filter((task) => task.instanceKey === key)).toHaveLength(1);
  });

  it('a call runs the version that its binding means', async () => {
    const tagged = (tag: string) =>
      model('part')
        .raw(`<bpmn:extensionElements><zeebe:versionTag value="${tag}"/></bpmn:extensionElements>`)
        .start()
        .userTask('Wait', { assignee: 'an', name: tag })
        .end()
        .path('start', 'Wait', 'end')
        .toXml();
    const caller = (id: string, binding: string) =>
      model(id)
        .start()
        .call('Call', { process: 'part' })
        .end()
        .path('start', 'Call', 'end')
        .toXml()
        .replace('<zeebe:calledElement ', `<zeebe:calledElement ${binding} `);
    await harness.deploy(
      tagged('one'),
      caller('call-tagged', 'bindingType="versionTag" versionTag="one"'),
      caller('call-together', 'bindingType="deployment"'),
    );
    await harness.deploy(tagged('two'), caller('call-latest', 'bindingType="latest"'));
    const nameOf = async (processId: string): Promise<string | undefined> => {
      const key = await harness.start(processId);
      await harness.drain(NOTHING);
      const [task] = await harness.rows<{ name: string }>(
        `select t.name from user_tasks t join process_instances i on i.key = t.instance_key where i.parent_key = $1`,
        [key],
      );
      return task?.name;
    };
    expect([await nameOf('call-tagged'), await nameOf('call-together'), await nameOf('call-latest')]).toEqual([
      'one',
      'one',
      'two',
    ]);
  });

  it('compensation runs the handler of everything that was done, once', async () => {
    const done: string[] = [];
    const note = (name: string) => ({
      record: () => {
        done.push(name);
        return Promise.resolve(completed());
      },
    });
    await harness.deploy(
      model('saga')
        .start()
        .serviceTask('Book', { type: 'book' })
        .serviceTask('Pay', { type: 'pay' })
        .undo('Book', 'Unbook')
        .undo('Pay', 'Refund')
        .raw(
          '<bpmn:serviceTask id="Unbook" isForCompensation="true"><bpmn:extensionElements><zeebe:taskDefinition type="unbook"/></bpmn:extensionElements></bpmn:serviceTask>',
        )
        .raw(
          '<bpmn:serviceTask id="Refund" isForCompensation="true"><bpmn:extensionElements><zeebe:taskDefinition type="refund"/></bpmn:extensionElements></bpmn:serviceTask>',
        )
        .endWith('undo', { compensate: null })
        .path('start', 'Book', 'Pay', 'undo')
        .toXml(),
    );
    await harness.start('saga');
    await harness.drain({ book: note('book'), pay: note('pay'), unbook: note('unbook'), refund: note('refund') });
    expect(await statusesOf('saga')).toEqual(['completed']);
    expect(done.slice(0, 2)).toEqual(['book', 'pay']);
    expect(done.slice(2).sort()).toEqual(['refund', 'unbook']);
  });
});
