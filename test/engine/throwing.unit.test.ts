// Start events of every kind; message, signal and link events; conditions; multiple events.

import { describe, expect, it } from 'vitest';
import { isStartConditionTrue, nextStartTimer, resolveStarts } from '../../server/engine/index.ts';
import { model } from '../support/model-builder.ts';
import { compile, instant, runOf, started } from './harness.ts';

const STARTED_AT = instant('2019-05-06T01:00:00Z');

describe('start events', () => {
  const several = () =>
    model()
      .start()
      .startOn('M', { message: 'order' }, { outputs: [['=no', 'number']] })
      .startOn('S', { signal: '="go" + "!"' })
      .startOn('T', { cycle: '0 0 9 * * MON-FRI' })
      .startOn('R', { cycle: 'R2/PT1H' })
      .startOn('C', { condition: '=level > 3' })
      .userTask('A')
      .path('start', 'A')
      .path('M', 'A')
      .path('S', 'A')
      .path('T', 'A')
      .path('R', 'A')
      .path('C', 'A');

  it('are subscriptions that the runtime opens when the process is deployed', async () => {
    const resolved = resolveStarts(await compile(several()), { now: STARTED_AT });

    expect(resolved).toEqual({
      ok: true,
      value: [
        { elementId: 'M', kind: 'message', messageName: 'order' },
        { elementId: 'S', kind: 'signal', signalName: 'go!' },
        {
          elementId: 'T',
          kind: 'timer',
          dueAt: '2019-05-06T02:00:00.000Z',
          repetitionsLeft: null,
          period: '0 0 9 * * MON-FRI',
        },
        { elementId: 'R', kind: 'timer', dueAt: '2019-05-06T02:00:00.000Z', repetitionsLeft: 2, period: 'PT1H' },
        { elementId: 'C', kind: 'condition', expression: 'level > 3' },
      ],
    });
  });

  it('with a cycle give the firing after each one', () => {
    const first = { dueAt: STARTED_AT, repetitionsLeft: 2, period: 'PT1H' };
    const second = nextStartTimer(first, STARTED_AT);

    expect(second).toEqual({ dueAt: '2019-05-06T02:00:00.000Z', repetitionsLeft: 1, period: 'PT1H' });
    expect(second === null ? null : nextStartTimer(second, STARTED_AT)).toBeNull();
  });

  it('with a cron expression skip what was missed', () => {
    const missed = { dueAt: instant('2019-05-06T02:00:00Z'), repetitionsLeft: null, period: '0 0 * * * *' };

    expect(nextStartTimer(missed, instant('2019-05-06T05:30:00Z'))?.dueAt).toBe('2019-05-06T06:00:00.000Z');
  });

  it('with a condition are asked with the variables of somebody', () => {
    const ask = (variables: Record<string, number>) =>
      isStartConditionTrue('level > 3', variables, { now: STARTED_AT });

    expect(ask({ level: 4 })).toEqual({ ok: true, value: true });
    expect(ask({ level: 3 })).toEqual({ ok: true, value: false });
    expect(ask({})).toEqual({ ok: true, value: false });
  });

  it('begin at the event that came, with what it brought', async () => {
    const byMessage = (await runOf(several())).startBy('M', { no: 5, other: 1 });
    expect(byMessage.variables).toEqual({ number: 5 });
    expect(byMessage.completedCount('M')).toBe(1);

    const bySignal = (await runOf(several())).startBy('S', { no: 5 });
    expect(bySignal.variables).toEqual({ no: 5 });
    expect(bySignal.active).toEqual(['A']);
  });

  it('arm the event subprocesses of the process with what they brought', async () => {
    const run = (
      await runOf(
        model()
          .startOn('M', { message: 'order' })
          .userTask('A')
          .path('M', 'A')
          .on('E', { message: 'stop', key: '=number' }, (inner) => inner.end('e').path('E_start', 'e')),
      )
    ).startBy('M', { number: 5 });

    expect(run.eventsOf('message-subscribed')[0]).toMatchObject({ messageName: 'stop', correlationKey: '5' });
    run.correlate('E_start');
    expect(run.status).toBe('completed');
  });

  it('that do not exist start nothing', async () => {
    const run = await runOf(model().startOn('M', { message: 'm' }).userTask('A').path('M', 'A'));
    const start = { type: 'start-instance', instanceKey: run.key, variables: {}, parent: null } as const;

    expect(run.refuse(start).code).toBe('ELEMENT_NOT_FOUND');
    expect(run.refuse({ ...start, startElementId: 'A' }).code).toBe('ELEMENT_NOT_FOUND');
  });

  it('may be an instantiating gateway or receive task', async () => {
    const byGateway = () =>
      model()
        .eventGateway('G', { instantiate: true })
        .catching('M1', { message: 'one', key: '=1' })
        .catching('M2', { message: 'two', key: '=1' })
        .userTask('A')
        .userTask('B')
        .path('G', 'M1', 'A')
        .path('G', 'M2', 'B');
    expect((await compile(byGateway())).starts.map((start) => start.elementId)).toEqual(['M1', 'M2']);
    expect((await runOf(byGateway())).startBy('M2', { x: 1 }).active).toEqual(['B']);

    const byTask = model()
      .raw('<bpmn:receiveTask id="R" instantiate="true" messageRef="Message_m"/>')
      .userTask('A')
      .path('R', 'A')
      .catching('unused', { message: 'm', key: '="k"' });
    expect((await runOf(byTask)).startBy('R', { x: 1 }).active).toEqual(['A']);
  });

  it('instances may begin at elements that somebody names', async () => {
    const twoTasks = model()
      .start()
      .userTask('A')
      .sub('S', (inner) => inner.start('s').userTask('B').path('s', 'B'))
      .path('start', 'A', 'S');
    const run = (await runOf(twoTasks)).start({ x: 1 }, null, { activateElementIds: ['B'] });

    expect(run.active).toEqual(['B', 'S']);
    expect(run.completeTask('B').status).toBe('completed');
  });
});

describe('thrown messages', () => {
  it('are jobs of throw event, end event and send task', async () => {
    const run = await started(
      model()
        .start()
        .sendTask('send')
        .throwing('throw', { message: 'm' }, { type: 'mail', inputs: [['=1', 'x']] })
        .endWith('end', { message: 'm' }, { type: 'bye' })
        .path('start', 'send', 'throw', 'end'),
    );

    run.completeJob('send').completeJob('throw').completeJob('end');

    expect(run.eventsOf('job-created').map((event) => event.jobType)).toEqual(['send', 'mail', 'bye']);
    expect(run.status).toBe('completed');
  });
});

describe('thrown messages without a name', () => {
  it('are jobs all the same', async () => {
    const extensions = '<bpmn:extensionElements><zeebe:taskDefinition type="mail"/></bpmn:extensionElements>';
    const run = await started(
      model()
        .start()
        .raw(
          `<bpmn:intermediateThrowEvent id="T">${extensions}<bpmn:messageEventDefinition/></bpmn:intermediateThrowEvent>`,
        )
        .path('start', 'T'),
    );

    expect(run.completeJob('T').status).toBe('completed');
  });
});

describe('signals', () => {
  it('are thrown for the runtime to broadcast, with the inputs of the event', async () => {
    const run = await started(
      model()
        .start()
        .throwing('throw', { signal: 'go' }, { inputs: [['=x + 1', 'y']] })
        .endWith('end', { signal: 'gone' })
        .path('start', 'throw', 'end'),
      { x: 1 },
    );

    expect(run.eventsOf('signal-thrown')).toMatchObject([
      { elementId: 'throw', signalName: 'go', variables: { y: 2 } },
      { elementId: 'end', signalName: 'gone', variables: {} },
    ]);
    expect(run.status).toBe('completed');
  });

  it('are caught by name, with variables, once by a catch event', async () => {
    const run = await started(
      model()
        .start()
        .catching('wait', { signal: 'go' }, { outputs: [['=n', 'got']] })
        .end()
        .path('start', 'wait', 'end'),
    );
    const subscriptionKey = run.signalKey('wait');
    expect(run.eventsOf('signal-subscribed')[0]?.signalName).toBe('go');

    run.signal('wait', { n: 1 });

    expect(run.variables).toEqual({ got: 1 });
    expect(run.refuse({ type: 'deliver-signal', subscriptionKey, variables: {} }).code).toBe('SUBSCRIPTION_NOT_FOUND');
  });

  it.each([true, false])('reach boundary events (interrupting: %s)', async (isInterrupting) => {
    const run = await started(
      model()
        .start()
        .userTask('A')
        .boundary('B', 'A', { signal: 'go' }, { isInterrupting })
        .userTask('H')
        .path('start', 'A')
        .path('B', 'H'),
    );

    run.signal('B');
    if (!isInterrupting) run.signal('B');

    expect(run.active).toEqual(isInterrupting ? ['H'] : ['A', 'H', 'H']);
  });
});

describe('link events', () => {
  it('go on at the catch event of their name in the same scope', async () => {
    const run = await started(
      model()
        .start()
        .exclusive('g', { default: 'g_two' })
        .throwing('one', { link: 'L' })
        .throwing('two', { link: 'L' })
        .catching('land', { link: 'L' })
        .userTask('A')
        .flow('start', 'g')
        .flow('g', 'one', '=x')
        .flow('g', 'two')
        .path('land', 'A'),
      { x: true },
    );

    expect(run.active).toEqual(['A']);
    expect([run.completedCount('one'), run.completedCount('land')]).toEqual([1, 1]);
  });
});

describe('conditions', () => {
  const waiting = () => model().start().catching('wait', { condition: '=x > 1' }).end().path('start', 'wait', 'end');

  it('hold a catch event until a variable makes them true', async () => {
    const run = await started(waiting());
    expect(run.active).toEqual(['wait']);
    run.setVariables({ x: 1 });
    expect(run.active).toEqual(['wait']);
    run.setVariables({ y: 5 });
    expect(run.active).toEqual(['wait']);

    run.setVariables({ x: 2 });

    expect(run.status).toBe('completed');
  });

  it('that are true already do not wait', async () => {
    expect((await started(waiting(), { x: 2 })).status).toBe('completed');
  });

  it('see the result of another element in the same command', async () => {
    const run = await started(
      model()
        .start()
        .userTask('A')
        .catching('wait', { condition: '=x > 1' })
        .end()
        .path('start', 'A')
        .path('start', 'wait', 'end'),
    );

    expect(run.completeTask('A', { x: 3 }).status).toBe('completed');
  });

  it.each([true, false])('fire boundary events (interrupting: %s)', async (isInterrupting) => {
    const run = await started(
      model()
        .start()
        .userTask('A')
        .boundary('B', 'A', { condition: '=x > 1' }, { isInterrupting })
        .userTask('H')
        .path('start', 'A')
        .path('B', 'H'),
    );

    run.setVariables({ x: 2 });
    if (!isInterrupting) run.setVariables({ x: 3 });

    expect(run.active).toEqual(isInterrupting ? ['H'] : ['A', 'H', 'H']);
  });

  it('see only variables of their own scopes', async () => {
    const run = await started(
      model()
        .start()
        .userTask('A', { inputs: [['=0', 'x']] })
        .boundary('B', 'A', { condition: '=x > 1' })
        .userTask('C', { inputs: [['=0', 'x']] })
        .userTask('H')
        .path('start', 'A')
        .path('start', 'C')
        .path('B', 'H'),
    );

    run.setVariables({ x: 5 }, run.instanceOf('C').key, true);
    expect(run.active).toEqual(['A', 'C']);
    run.setVariables({ x: 5 }, run.instanceOf('A').key, true);
    expect(run.active).toEqual(['C', 'H']);
  });

  it('may ask for creations or updates only', async () => {
    const run = await started(
      model()
        .start()
        .userTask('A')
        .boundary('B', 'A', { condition: '=x > 1', changes: 'update' }, { isInterrupting: false })
        .userTask('H')
        .path('start', 'A')
        .path('B', 'H'),
    );

    run.setVariables({ x: 2 });
    expect(run.active).toEqual(['A']);
    run.setVariables({ x: 2 });
    expect(run.active).toEqual(['A', 'H']);
  });

  it('do not feed themselves for ever', async () => {
    const run = await started(
      model()
        .start()
        .userTask('A')
        .path('start', 'A')
        .on('E', { condition: '=x > 0' }, (inner) => inner.script('more', '=x + 1', 'x').path('E_start', 'more'), {
          isInterrupting: false,
        }),
    );

    run.setVariables({ x: 1 });

    expect(run.variables).toEqual({ x: 2 });
    expect(run.completedCount('E')).toBe(1);
  });

  it('that are no conditions hold up the activation', async () => {
    const run = await started(model().start().catching('wait', { condition: '="text"' }).path('start', 'wait'));

    expect(run.incident).toMatchObject({ errorType: 'EXTRACT_VALUE_ERROR', elementId: 'wait' });
  });
});

describe('multiple events', () => {
  const BOTH = [{ message: 'm', key: '="k"' }, { signal: 's' }, { duration: 'PT1H' }] as const;

  it('wait for the first of their definitions', async () => {
    const run = await started(model().start().catching('wait', BOTH).end().path('start', 'wait', 'end'));

    run.signal('wait', { x: 1 });

    expect(run.status).toBe('completed');
    expect(run.eventsOf('timer-cancelled')).toHaveLength(1);
    expect(run.eventsOf('subscription-closed')).toHaveLength(2);
  });

  it('that are parallel wait for all of them', async () => {
    const run = await started(
      model()
        .start()
        .catching('wait', BOTH, { isParallel: true, outputs: [['=a + b', 'sum']] })
        .end()
        .path('start', 'wait', 'end'),
    );

    run.correlate('wait', { a: 1 }).fireTimer('wait');
    expect(run.active).toEqual(['wait']);
    run.signal('wait', { b: 2 });

    expect(run.status).toBe('completed');
    expect(run.variables).toEqual({ sum: 3 });
  });

  it('at a boundary fire at the first, or at the last of all', async () => {
    const withBoundary = (isParallel: boolean) =>
      model()
        .start()
        .userTask('A')
        .boundary('B', 'A', BOTH, { isParallel })
        .userTask('H')
        .path('start', 'A')
        .path('B', 'H');

    expect((await started(withBoundary(false))).fireTimer('B').active).toEqual(['H']);
    const all = (await started(withBoundary(true))).fireTimer('B').correlate('B', { a: 1 });
    expect(all.active).toEqual(['A']);
    expect(all.signal('B', { b: 2 }).active).toEqual(['H']);
    expect(all.variables).toEqual({ a: 1, b: 2 });
  });

  it('throw everything that they carry', async () => {
    const run = await started(
      model()
        .start()
        .endWith('end', [{ signal: 'a' }, { signal: 'b' }, { escalation: 'UP' }])
        .path('start', 'end'),
    );

    expect(run.eventsOf('signal-thrown').map((event) => event.signalName)).toEqual(['a', 'b']);
    expect(run.eventsOf('escalation-thrown')).toHaveLength(1);
  });

  it('may refer to definitions at the root of the file', async () => {
    const xml = model()
      .start()
      .raw(
        '<bpmn:intermediateCatchEvent id="wait"><bpmn:eventDefinitionRef>D</bpmn:eventDefinitionRef></bpmn:intermediateCatchEvent>',
      )
      .path('start', 'wait');
    const definition =
      '<bpmn:timerEventDefinition id="D"><bpmn:timeDuration>PT1H</bpmn:timeDuration></bpmn:timerEventDefinition>';
    const run = await started(xml.atRoot(definition));

    expect(run.fireTimer('wait').status).toBe('completed');
  });
});
