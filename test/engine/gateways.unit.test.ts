// Inclusive, event-based and complex gateways; conditional flows from activities; token quantities; loops; ad-hoc.

import { describe, expect, it } from 'vitest';
import { model } from '../support/model-builder.ts';
import type { ModelBuilder } from '../support/model-builder.ts';
import { started } from './harness.ts';

describe('inclusive gateway', () => {
  const fork = () =>
    model()
      .start()
      .inclusive('or', { default: 'or_C' })
      .userTask('A')
      .userTask('B')
      .userTask('C')
      .inclusive('join')
      .userTask('after')
      .flow('start', 'or')
      .flow('or', 'A', '=a')
      .flow('or', 'B', '=b')
      .flow('or', 'C')
      .path('A', 'join', 'after')
      .path('B', 'join')
      .path('C', 'join');

  it('takes every flow whose condition is true, and joins those that were taken', async () => {
    const run = await started(fork(), { a: true, b: true });
    expect(run.active).toEqual(['A', 'B']);

    run.completeTask('A');
    expect(run.active).toEqual(['B']);
    run.completeTask('B');

    expect(run.active).toEqual(['after']);
    expect(run.completedCount('join')).toBe(1);
  });

  it('takes the default flow when no condition is true, and the join does not wait', async () => {
    const run = await started(fork(), { a: false, b: false });

    expect(run.active).toEqual(['C']);
    expect(run.completeTask('C').active).toEqual(['after']);
  });

  it('without a true condition or default flow is an incident', async () => {
    const run = await started(model().start().inclusive('or').task('A').flow('start', 'or').flow('or', 'A', '=a'), {
      a: false,
    });

    expect(run.incident).toMatchObject({ errorType: 'CONDITION_ERROR', elementId: 'or' });
  });

  it('looks again when a token that could have come dies', async () => {
    const run = await started(
      fork().boundary('T', 'B', { duration: 'PT1H' }).endWith('gone', { signal: 's' }).path('T', 'gone'),
      { a: true, b: true },
    );

    run.completeTask('A').fireTimer('T');

    expect(run.active).toEqual(['after']);
  });

  it('looks again when a token takes another way', async () => {
    const run = await started(
      model()
        .start()
        .parallel('f')
        .userTask('A')
        .userTask('B')
        .exclusive('x', { default: 'x_away' })
        .task('near')
        .userTask('away')
        .inclusive('join')
        .userTask('after')
        .path('start', 'f', 'A', 'join', 'after')
        .path('f', 'B', 'x', 'away')
        .flow('x', 'near', '=stay')
        .path('near', 'join'),
      { stay: false },
    );

    run.completeTask('A');
    expect(run.active).toEqual(['B']);
    run.completeTask('B');

    expect(run.active).toEqual(['after', 'away']);
  });

  it('waits for a token that is still far upstream, also in a subprocess or at another join', async () => {
    const run = await started(
      model()
        .start()
        .parallel('f')
        .userTask('A')
        .sub('S', (inner) => inner.start('s').userTask('B').path('s', 'B'))
        .userTask('C')
        .parallel('and')
        .inclusive('join')
        .userTask('after')
        .path('start', 'f', 'A', 'join', 'after')
        .path('f', 'S', 'and', 'join')
        .path('f', 'C', 'and'),
    );

    run.completeTask('A').completeTask('C');
    expect(run.active).toEqual(['B', 'S']);
    run.completeTask('B');

    expect(run.active).toEqual(['after']);
    expect(run.completedCount('join')).toBe(1);
  });

  it('joins once per round of a loop', async () => {
    const run = await started(
      model()
        .start()
        .exclusive('again')
        .inclusive('or')
        .userTask('A')
        .userTask('B')
        .inclusive('join')
        .exclusive('more', { default: 'more_end' })
        .end()
        .path('start', 'again', 'or')
        .flow('or', 'A', '=true')
        .flow('or', 'B', '=b')
        .path('A', 'join', 'more', 'end')
        .path('B', 'join')
        .flow('more', 'again', '=again'),
      { b: true, again: true },
    );

    run.completeTask('A').completeTask('B').setVariables({ b: false, again: false }).completeTask('A');
    expect(run.completedCount('join')).toBe(1);
    run.completeTask('B');

    expect(run.completedCount('join')).toBe(2);
    expect(run.status).toBe('completed');
  });

  it('two joins of one loop do not wait for each other', async () => {
    const run = await started(
      model()
        .start()
        .exclusive('again')
        .inclusive('outer')
        .inclusive('inner', { default: 'inner_C' })
        .userTask('A')
        .userTask('B')
        .userTask('C')
        .inclusive('innerJoin')
        .inclusive('outerJoin')
        .exclusive('more', { default: 'more_end' })
        .end()
        .path('start', 'again', 'outer')
        .flow('outer', 'A', '=true')
        .flow('outer', 'inner', '=true')
        .flow('inner', 'B', '=true')
        .flow('inner', 'C')
        .path('B', 'innerJoin', 'outerJoin', 'more', 'end')
        .path('C', 'innerJoin')
        .path('A', 'outerJoin')
        .flow('more', 'again', '=again'),
      { again: false },
    );

    run.completeTask('A').completeTask('B');

    expect(run.status).toBe('completed');
  });

  it('fires in one command when nothing waits upstream', async () => {
    const run = await started(
      model()
        .start()
        .inclusive('or', { default: 'or_B' })
        .task('A')
        .task('B')
        .inclusive('join')
        .flow('start', 'or')
        .flow('or', 'A', '=true')
        .flow('or', 'B')
        .path('A', 'join')
        .path('B', 'join'),
    );

    expect(run.status).toBe('completed');
    expect(run.completedCount('join')).toBe(1);
  });
});

describe('event-based gateway', () => {
  const choice = () =>
    model()
      .start()
      .eventGateway('G')
      .catching('M', { message: 'm', key: '="k"' }, { outputs: [['=x', 'got']] })
      .catching('T', { duration: 'PT1H' })
      .catching('S', { signal: 's' })
      .catching('C', { condition: '=level > 3' })
      .receiveTask('R', { message: 'r', key: '="k"' })
      .userTask('byM')
      .userTask('byOther')
      .path('start', 'G', 'M', 'byM')
      .path('G', 'T', 'byOther')
      .path('G', 'S', 'byOther')
      .path('G', 'C', 'byOther')
      .path('G', 'R', 'byOther');

  it('waits for all events behind it', async () => {
    const run = await started(choice());

    expect(run.active).toEqual(['G']);
    expect(run.instanceOf('G').boundaries).toHaveLength(5);
  });

  it('takes the way of the event that comes first, and disarms the others', async () => {
    const run = await started(choice());
    const timerKey = run.timerKey('T');

    run.correlate('M', { x: 7 });

    expect(run.active).toEqual(['byM']);
    expect(run.variables).toEqual({ got: 7 });
    expect(run.completedCount('G')).toBe(1);
    expect(run.trace).toContain('flow-taken G_M');
    expect(run.refuse({ type: 'fire-timer', timerKey }).code).toBe('TIMER_NOT_FOUND');
  });

  it.each(['timer', 'signal', 'condition', 'receive'] as const)('may be left by a %s', async (kind) => {
    const run = await started(choice());
    if (kind === 'timer') run.fireTimer('T');
    else if (kind === 'signal') run.signal('S');
    else if (kind === 'condition') run.setVariables({ level: 4 });
    else run.correlate('R');

    expect(run.active).toEqual(['byOther']);
  });
});

describe('complex gateway', () => {
  const twoOfThree = (when: string, afterwards = 'again') =>
    model()
      .end()
      .start()
      .exclusive('again')
      .parallel('f')
      .userTask('A')
      .userTask('B')
      .userTask('C')
      .complex('cx', { when })
      .userTask('after')
      .path('start', 'again', 'f', 'A', 'cx', 'after', afterwards)
      .path('f', 'B', 'cx')
      .path('f', 'C', 'cx');

  it('fires when its condition is true, and swallows what comes later', async () => {
    const run = await started(twoOfThree('=activationCount >= 2'));

    run.completeTask('A');
    expect(run.active).toEqual(['B', 'C']);
    run.completeTask('C');
    expect(run.active).toEqual(['B', 'after']);
    run.completeTask('B');

    expect(run.active).toEqual(['after']);
    expect(run.state.joins).toEqual({});
  });

  it('is ready for the next round after its reset', async () => {
    const run = await started(twoOfThree('=activationCount >= 2'));
    for (let round = 0; round < 2; round += 1) {
      run.completeTask('A').completeTask('B').completeTask('C').completeTask('after');
    }

    expect(run.completedCount('cx')).toBe(2);
    expect(run.active).toEqual(['A', 'B', 'C']);
  });

  it('knows which flows have brought a token', async () => {
    const run = await started(twoOfThree('=list contains(arrivedFlows, "C_cx")'));

    run.completeTask('A').completeTask('B');
    expect(run.active).toEqual(['C']);

    expect(run.completeTask('C').active).toEqual(['after']);
  });

  it('does not wait for what cannot come any more', async () => {
    const run = await started(
      twoOfThree('=activationCount >= 2', 'end').boundary('T', 'C', { duration: 'PT1H' }).end('gone').path('T', 'gone'),
    );

    run.completeTask('A').completeTask('B').fireTimer('T');

    expect(run.state.joins).toEqual({});
  });

  it('chooses its outgoing flows like an inclusive gateway', async () => {
    const run = await started(
      model()
        .start()
        .complex('cx')
        .userTask('A')
        .userTask('B')
        .flow('start', 'cx')
        .flow('cx', 'A', '=a')
        .flow('cx', 'B', '=b'),
      { a: true, b: false },
    );

    expect(run.active).toEqual(['A']);
  });
});

describe('conditional flows from activities', () => {
  const withFlows = () =>
    model()
      .start()
      .userTask('A', { default: 'A_D' })
      .userTask('B')
      .userTask('C')
      .userTask('D')
      .flow('start', 'A')
      .flow('A', 'B', '=b')
      .flow('A', 'C', '=c')
      .flow('A', 'D');

  it('are taken when they are true; the default flow only when none is', async () => {
    expect((await started(withFlows())).completeTask('A', { b: true, c: true }).active).toEqual(['B', 'C']);
    expect((await started(withFlows())).completeTask('A', { b: false, c: false }).active).toEqual(['D']);
  });

  it('that are all false without a default flow are an incident', async () => {
    const run = await started(model().start().userTask('A').task('B').flow('start', 'A').flow('A', 'B', '=b'));
    run.completeTask('A', { b: false });
    expect(run.incident).toMatchObject({ errorType: 'CONDITION_ERROR', elementId: 'A' });

    expect(run.setVariables({ b: true }).resolve().status).toBe('completed');
  });

  it('of a loop are looked at once, and see what was collected', async () => {
    const each = { of: '=[1, 2]', as: 'item', collect: '=item', into: 'results' };
    const run = await started(
      model()
        .start()
        .userTask('A', { each, default: 'A_C' })
        .userTask('B')
        .userTask('C')
        .flow('start', 'A')
        .flow('A', 'B', '=count(results) = 2')
        .flow('A', 'C'),
    );

    expect(run.completeTask('A').completeTask('A').active).toEqual(['B']);
  });
});

describe('token quantities', () => {
  it('an activity begins when enough tokens have come, and gives several', async () => {
    const run = await started(
      model()
        .start()
        .userTask('A')
        .userTask('B')
        .userTask('both', { startQuantity: 2, completionQuantity: 3 })
        .userTask('after')
        .path('start', 'A', 'both', 'after')
        .path('start', 'B', 'both'),
    );

    run.completeTask('A');
    expect(run.active).toEqual(['B']);
    run.completeTask('B').completeTask('both');

    expect(run.active).toEqual(['after', 'after', 'after']);
  });
});

describe('standard loop', () => {
  const loop = (options: { readonly while?: string; readonly max?: number; readonly testBefore?: boolean }) =>
    model()
      .start()
      .userTask('A', { loop: options })
      .boundary('T', 'A', { duration: 'PT1H' })
      .userTask('after')
      .path('start', 'A', 'after');

  it('goes on while its condition is true, tested after each round', async () => {
    const run = await started(loop({ while: '=more' }));
    expect(run.instanceOf('A').loopCounter).toBe(1);

    run.completeTask('A', { more: true });
    expect(run.instanceOf('A').loopCounter).toBe(2);
    run.completeTask('A', { more: false });

    expect(run.active).toEqual(['after']);
  });

  it('may be tested before, and then not run at all', async () => {
    expect((await started(loop({ while: '=more', testBefore: true }), { more: false })).active).toEqual(['after']);
  });

  it('stops at its maximum', async () => {
    const run = await started(loop({ max: 2 }));

    expect(run.completeTask('A').completeTask('A').active).toEqual(['after']);
  });

  it('is interrupted as a whole', async () => {
    expect((await started(loop({ max: 2 }))).completeTask('A').fireTimer('T').status).toBe('completed');
  });

  it('that never waits and never ends stops with an incident', async () => {
    const run = await started(
      model()
        .start()
        .task('A', { loop: { while: '=true' } })
        .path('start', 'A'),
    );

    expect(run.incident.errorType).toBe('STEP_LIMIT_EXCEEDED');
  });
});

describe('ad-hoc subprocess', () => {
  const content = (inner: ModelBuilder) => inner.userTask('A').userTask('B').userTask('C').path('A', 'B');
  const adHoc = (options: Parameters<ModelBuilder['sub']>[2]) =>
    model()
      .start()
      .sub('H', content, { kind: 'adHocSubProcess', ...options })
      .userTask('after')
      .path('start', 'H', 'after');

  it('activates the elements of its list and ends with them', async () => {
    const run = await started(adHoc({ activate: '=todo' }), { todo: ['A', 'C'] });
    expect(run.active).toEqual(['A', 'C', 'H']);

    run.completeTask('A').completeTask('C');
    expect(run.active).toEqual(['B', 'H']);

    expect(run.completeTask('B').active).toEqual(['after']);
  });

  it('with an empty list ends at once', async () => {
    expect((await started(adHoc({ activate: '=[]' }))).active).toEqual(['after']);
  });

  it('with an unknown element in the list is an incident', async () => {
    expect((await started(adHoc({ activate: '=["X"]' }))).incident.errorType).toBe('EXTRACT_VALUE_ERROR');
  });

  it('without a list waits until somebody chooses', async () => {
    const run = await started(adHoc({}));
    expect(run.active).toEqual(['H']);
    const elementInstanceKey = run.instanceOf('H').key;
    const choose = { type: 'activate-ad-hoc-elements', elementInstanceKey } as const;

    run.give({ ...choose, elementIds: ['C', 'C'] });
    expect(run.active).toEqual(['C', 'C', 'H']);
    run.give({ ...choose, elementIds: ['A'], cancelsRemaining: true });
    expect(run.active).toEqual(['A', 'H']);
    expect(run.refuse({ ...choose, elementIds: ['after'] }).code).toBe('ELEMENT_NOT_FOUND');
    run.completeTask('A').completeTask('B');

    expect(run.active).toEqual(['after']);
    expect(run.refuse({ ...choose, elementIds: ['A'] }).code).toBe('ELEMENT_INSTANCE_NOT_FOUND');
  });

  it('ends when its condition is true, and cancels the rest', async () => {
    const run = await started(adHoc({ activate: '=["A", "C"]', until: '=done' }));

    run.completeTask('A', { done: false });
    expect(run.active).toEqual(['B', 'C', 'H']);
    run.completeTask('B', { done: true });

    expect(run.active).toEqual(['after']);
    expect(run.terminatedCount('C')).toBe(1);
  });

  it('may wait for the rest', async () => {
    const run = await started(adHoc({ activate: '=["C", "B"]', until: '=done', cancelsRemaining: false }));

    run.completeTask('C', { done: true });
    expect(run.active).toEqual(['B', 'H']);

    expect(run.completeTask('B').active).toEqual(['after']);
  });

  it('a condition that cannot be evaluated is an incident', async () => {
    const run = await started(adHoc({ activate: '=["C"]', until: '=done' }));
    run.completeTask('C');
    expect(run.incident).toMatchObject({ errorType: 'EXTRACT_VALUE_ERROR', elementId: 'H' });

    expect(run.setVariables({ done: true }).resolve().active).toEqual(['after']);
  });
});
