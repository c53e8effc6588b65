// Scopes: embedded subprocess, terminate end event, event subprocesses of every kind.

import { describe, expect, it } from 'vitest';
import { model } from '../support/model-builder.ts';
import type { EventOptions, ModelBuilder } from '../support/model-builder.ts';
import { started } from './harness.ts';

const userTask = (id: string) => (inner: ModelBuilder) =>
  inner.start(`${id}_in`).userTask(id).end(`${id}_out`).path(`${id}_in`, id, `${id}_out`);

describe('embedded subprocess', () => {
  const nested = () =>
    model()
      .start()
      .sub('outer', (outer) =>
        outer.start('o').sub('inner', userTask('A')).userTask('B').end('oe').path('o', 'inner', 'oe').path('o', 'B'),
      )
      .end()
      .path('start', 'outer', 'end');

  it('completes when nothing is active inside it, from the innermost outwards', async () => {
    const run = await started(nested());
    expect(run.active).toEqual(['A', 'B', 'inner', 'outer']);

    run.completeTask('A');
    expect(run.active).toEqual(['B', 'outer']);
    run.completeTask('B');

    expect(run.status).toBe('completed');
    expect(run.completedCount('outer')).toBe(1);
  });

  it('keeps its locals inside, and propagates results to outer names', async () => {
    const run = await started(
      model()
        .start()
        .sub('S', userTask('A'), { inputs: [['=1', 'local']], outputs: [['=local + 1', 'left']] })
        .end()
        .path('start', 'S', 'end'),
      { outer: 0 },
    );

    run.completeTask('A', { local: 5, outer: 7 });

    expect(run.variables).toEqual({ outer: 7, left: 6 });
  });

  it('a boundary event interrupts everything inside', async () => {
    const run = await started(nested().boundary('T', 'outer', { duration: 'PT1H' }).userTask('late').path('T', 'late'));

    run.fireTimer('T');

    expect(run.active).toEqual(['late']);
    expect(['A', 'B', 'inner', 'outer'].map((id) => run.terminatedCount(id))).toEqual([1, 1, 1, 1]);
  });

  it('a non-interrupting boundary event runs beside it', async () => {
    const run = await started(
      nested()
        .boundary('M', 'outer', { message: 'm', key: '="k"' }, { isInterrupting: false })
        .userTask('N')
        .path('M', 'N'),
    );

    run.correlate('M', { x: 1 }).correlate('M', { x: 2 });

    expect(run.active).toEqual(['A', 'B', 'N', 'N', 'inner', 'outer']);
    expect(run.variables).toEqual({ x: 2 });
  });

  it('runs once per item, sequentially and in parallel, with its own scope', async () => {
    for (const isSequential of [true, false]) {
      const each = { of: '=[1, 2, 3]', as: 'item', isSequential, collect: '=item * factor', into: 'results' };
      const run = await started(
        model()
          .start()
          .sub('S', userTask('A'), { each, inputs: [['=10', 'factor']] })
          .end()
          .path('start', 'S', 'end'),
      );
      for (let index = 0; index < 3; index += 1) run.completeTask('A', { factor: 10 + index });

      expect(run.status).toBe('completed');
      expect(run.variables).toEqual({ results: [10, 22, 36] });
    }
  });

  it('a join inside counts per scope instance', async () => {
    const run = await started(
      model()
        .start()
        .sub(
          'S',
          (inner) =>
            inner
              .start('s')
              .parallel('f')
              .userTask('A')
              .userTask('B')
              .parallel('j')
              .end('e')
              .path('s', 'f', 'A', 'j', 'e')
              .path('f', 'B', 'j'),
          { each: { of: '=[1, 2]' } },
        )
        .end()
        .path('start', 'S', 'end'),
    );

    run.completeTask('A', {}, 0).completeTask('A', {}, 0);
    expect(run.completedCount('j')).toBe(0);
    run.completeTask('B', {}, 0);
    expect(run.completedCount('S')).toBe(1);
    run.completeTask('B');

    expect(run.status).toBe('completed');
  });

  it('an input mapping that fails holds it up before anything inside begins', async () => {
    const run = await started(
      model()
        .start()
        .sub('S', userTask('A'), { inputs: [['=assert(x, x != null)', 'y']] })
        .end()
        .path('start', 'S', 'end'),
    );
    expect(run.incident).toMatchObject({ errorType: 'IO_MAPPING_ERROR', elementId: 'S' });

    run.setVariables({ x: 1 }).resolve().completeTask('A');

    expect(run.status).toBe('completed');
  });

  it('many rounds are ended in one command', async () => {
    const of = '=for i in 1..150 return i';
    const run = await started(
      model()
        .start()
        .sub('S', userTask('A'), { each: { of } })
        .boundary('T', 'S', { duration: 'PT1H' })
        .path('start', 'S'),
    );

    run.fireTimer('T');

    expect(run.terminatedCount('A')).toBe(150);
    expect(run.status).toBe('completed');
  });
});

describe('terminate end event', () => {
  const withStop = (inner: ModelBuilder) =>
    inner
      .start('s')
      .userTask('A')
      .userTask('B')
      .endWith('stop', { terminate: true })
      .path('s', 'A', 'stop')
      .path('s', 'B');

  it('ends everything else in its scope, and the flow goes on behind it', async () => {
    const run = await started(
      model()
        .start()
        .sub('S', withStop)
        .userTask('after')
        .userTask('beside')
        .path('start', 'S', 'after')
        .path('start', 'beside'),
    );

    run.completeTask('A');

    expect(run.active).toEqual(['after', 'beside']);
    expect([run.terminatedCount('B'), run.completedCount('S'), run.completedCount('stop')]).toEqual([1, 1, 1]);
  });

  it('ends the instance when it stands in the process, with tokens that wait at joins', async () => {
    const run = await started(
      model()
        .start()
        .userTask('A')
        .userTask('B')
        .userTask('C')
        .parallel('join')
        .endWith('stop', { terminate: true })
        .path('start', 'A', 'stop')
        .path('start', 'B', 'join')
        .path('start', 'C', 'join'),
    );

    run.completeTask('B').completeTask('A');

    expect(run.status).toBe('completed');
    expect(run.terminatedCount('C')).toBe(1);
    expect(run.eventsOf('tokens-discarded')).toHaveLength(1);
  });

  it('in an event subprocess ends only that', async () => {
    const run = await started(
      model()
        .start()
        .userTask('main')
        .end()
        .path('start', 'main', 'end')
        .on('E', { message: 'm', key: '="k"' }, (inner) => withStopAfter(inner), { isInterrupting: false }),
    );

    run.correlate('E_start').completeTask('A');
    expect(run.active).toEqual(['main']);
    expect(run.terminatedCount('B')).toBe(1);
    run.completeTask('main');

    expect(run.status).toBe('completed');
  });

  const withStopAfter = (inner: ModelBuilder) =>
    inner
      .userTask('A')
      .userTask('B')
      .endWith('stop', { terminate: true })
      .path('E_start', 'A', 'stop')
      .path('E_start', 'B');
});

describe('event subprocess', () => {
  const handling = (event: EventOptions, isInterrupting: boolean) => {
    const inner = (builder: ModelBuilder) => builder.userTask('H').path('E_start', 'H');
    return {
      inProcess: () =>
        model().start().userTask('A').end().path('start', 'A', 'end').on('E', event, inner, { isInterrupting }),
      inSubProcess: () =>
        model()
          .start()
          .sub('S', (sub) => userTask('A')(sub).on('E', event, inner, { isInterrupting }))
          .userTask('after')
          .path('start', 'S', 'after'),
    };
  };

  const EVENTS: readonly (readonly [string, EventOptions, 'timer' | 'message' | 'signal' | 'condition'])[] = [
    ['timer', { duration: 'PT1H' }, 'timer'],
    ['message', { message: 'm', key: '="k"' }, 'message'],
    ['signal', { signal: 's' }, 'signal'],
    ['conditional', { condition: '=x > 1' }, 'condition'],
  ];

  const trigger = (run: Awaited<ReturnType<typeof started>>, kind: (typeof EVENTS)[number][2]): void => {
    if (kind === 'timer') run.fireTimer('E_start');
    else if (kind === 'message') run.correlate('E_start', { x: 2 });
    else if (kind === 'signal') run.signal('E_start', { x: 2 });
    else run.setVariables({ x: 2 });
  };

  it.each(EVENTS)('by %s: interrupting ends everything else in the process', async (_name, event, kind) => {
    const run = await started(handling(event, true).inProcess());
    trigger(run, kind);

    expect(run.active).toEqual(['E', 'H']);
    expect(run.terminatedCount('A')).toBe(1);
    expect(run.state.rootEvents).toBeUndefined();
    run.completeTask('H');
    expect(run.status).toBe('completed');
  });

  it.each(EVENTS)('by %s: non-interrupting runs beside, and the process waits for it', async (_name, event, kind) => {
    const run = await started(handling(event, false).inProcess());
    trigger(run, kind);

    expect(run.active).toEqual(['A', 'E', 'H']);
    run.completeTask('A');
    expect(run.status).toBe('active');
    run.completeTask('H');
    expect(run.status).toBe('completed');
  });

  it.each(EVENTS)(
    'by %s: in a subprocess it interrupts only that, which then completes',
    async (_name, event, kind) => {
      const run = await started(handling(event, true).inSubProcess());
      trigger(run, kind);

      expect(run.active).toEqual(['E', 'H', 'S']);
      run.completeTask('H');
      expect(run.active).toEqual(['after']);
    },
  );

  it.each(EVENTS)('by %s: is disarmed when its subprocess is done', async (_name, event) => {
    const run = await started(handling(event, true).inSubProcess());
    run.completeTask('A');

    expect(run.active).toEqual(['after']);
    expect(run.instanceOf('after').boundaries).toEqual([]);
  });

  it('a message starts a non-interrupting one as often as it comes', async () => {
    const run = await started(handling({ message: 'm', key: '="k"' }, false).inProcess());

    run.correlate('E_start').correlate('E_start');

    expect(run.active).toEqual(['A', 'E', 'E', 'H', 'H']);
  });

  it('a cycle starts a non-interrupting one again and again', async () => {
    const run = await started(handling({ cycle: 'R2/PT1H' }, false).inProcess());

    run.fireTimer('E_start').fireTimer('E_start');

    expect(run.active).toEqual(['A', 'E', 'E', 'H', 'H']);
    expect(() => run.timerKey('E_start')).toThrow();
  });

  it('an interrupting one disarms the others of its scope', async () => {
    const run = await started(
      handling({ message: 'm', key: '="k"' }, true)
        .inProcess()
        .on('F', { signal: 's' }, (inner) => inner.userTask('G').path('F_start', 'G'), { isInterrupting: false }),
    );
    const signalKey = run.signalKey('F_start');

    run.correlate('E_start');

    expect(run.refuse({ type: 'deliver-signal', subscriptionKey: signalKey, variables: {} }).code).toBe(
      'SUBSCRIPTION_NOT_FOUND',
    );
  });

  it('cannot be armed: the incident is on the start event, and nothing has begun', async () => {
    const run = await started(handling({ message: 'm', key: '=key' }, true).inProcess());
    expect(run.incident).toMatchObject({ errorType: 'EXTRACT_VALUE_ERROR', elementId: 'start' });

    run.setVariables({ key: 'k' }).resolve();

    expect(run.active).toEqual(['A']);
    expect(run.eventsOf('message-subscribed')[0]?.correlationKey).toBe('k');
  });

  it('has scope, mappings and event subprocesses of its own', async () => {
    const run = await started(
      model()
        .start()
        .userTask('A')
        .path('start', 'A')
        .sub(
          'E',
          (inner) =>
            inner
              .startOn('E_start', { message: 'm', key: '="k"' }, { outputs: [['=got', 'seen']] })
              .userTask('H')
              .path('E_start', 'H')
              .on('N', { signal: 's' }, (deep) => deep.userTask('D').path('N_start', 'D')),
          { isEvent: true, inputs: [['=40', 'base']], outputs: [['=base + seen', 'sum']] },
        ),
    );

    run.correlate('E_start', { got: 2 });
    expect(run.state.variables[run.instanceOf('E').key]).toEqual({ base: 40 });
    run.signal('N_start');
    expect(run.active).toEqual(['D', 'E', 'N']);
    run.completeTask('D');

    expect(run.status).toBe('completed');
    expect(run.variables).toEqual({ seen: 2, sum: 42 });
  });

  it('an incident in its input mapping can be repaired; what the event brought is not lost', async () => {
    const run = await started(
      model()
        .start()
        .userTask('A')
        .path('start', 'A')
        .sub('E', (inner) => inner.startOn('E_start', { signal: 's' }).userTask('H').path('E_start', 'H'), {
          isEvent: true,
          inputs: [['=assert(base, base != null)', 'copy']],
        }),
    );

    run.signal('E_start', { got: 2 });
    expect(run.incident).toMatchObject({ errorType: 'IO_MAPPING_ERROR', elementId: 'E' });
    run.setVariables({ base: 1 }).resolve();

    expect(run.active).toEqual(['E', 'H']);
    expect(run.variables).toEqual({ base: 1, got: 2 });
  });
});
