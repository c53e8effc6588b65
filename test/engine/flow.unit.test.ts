// Tokens and sequence flows: pass-through elements, implicit ends and forks, exclusive and parallel gateways.

import { describe, expect, it } from 'vitest';
import { model } from '../support/model-builder.ts';
import { runOf, started } from './harness.ts';

describe('sequence', () => {
  it('an instance of pass-through elements completes within its first command', async () => {
    const run = await started(model().start().task('A').manualTask('B').end().path('start', 'A', 'B', 'end'));

    expect(run.status).toBe('completed');
    expect(run.trace).toEqual([
      'instance-started',
      'element-activating start',
      'element-activated start',
      'element-completing start',
      'element-completed start',
      'flow-taken start_A',
      'element-activating A',
      'element-activated A',
      'element-completing A',
      'element-completed A',
      'flow-taken A_B',
      'element-activating B',
      'element-activated B',
      'element-completing B',
      'element-completed B',
      'flow-taken B_end',
      'element-activating end',
      'element-activated end',
      'element-completing end',
      'element-completed end',
      'instance-completed',
    ]);
  });

  it('an element without outgoing flow ends its path', async () => {
    const run = await started(model().start().task('A').path('start', 'A'));

    expect(run.status).toBe('completed');
  });

  it('several outgoing flows of an activity are an implicit fork', async () => {
    const fork = model().start().task('A').userTask('B').userTask('C').path('start', 'A', 'B').path('A', 'C');
    const run = await started(fork);

    expect(run.active).toEqual(['B', 'C']);
  });

  it('an instance goes on until its last path has ended', async () => {
    const fork = model().start().userTask('B').userTask('C').path('start', 'B').path('start', 'C');
    const run = await started(fork);

    run.completeTask('B');
    expect(run.status).toBe('active');
    run.completeTask('C');
    expect(run.status).toBe('completed');
  });

  it('an activity with two incoming flows runs once per token', async () => {
    const merge = model().start().task('A').task('B').userTask('C').path('start', 'A', 'C').path('start', 'B', 'C');
    const run = await started(merge);

    expect(run.active).toEqual(['C', 'C']);
  });

  it('starting an instance twice is refused', async () => {
    const run = await started(model().start().userTask('A').path('start', 'A'));

    const start = { type: 'start-instance', instanceKey: run.state.key, variables: {}, parent: null } as const;
    expect(run.refuse(start).code).toBe('INSTANCE_NOT_ACTIVE');
  });

  it('a command without an instance is refused', async () => {
    const run = await runOf(model().start().userTask('A').path('start', 'A'));

    expect(run.refuse({ type: 'cancel-instance' }).code).toBe('INSTANCE_NOT_ACTIVE');
  });
});

describe('exclusive gateway', () => {
  const choice = () =>
    model()
      .start()
      .exclusive('g', { default: 'g_other' })
      .userTask('big')
      .userTask('huge')
      .userTask('other')
      .path('start', 'g')
      .flow('g', 'huge', '=amount > 100')
      .flow('g', 'big', '=amount > 5')
      .flow('g', 'other');

  it('the first true condition in the order of the model wins', async () => {
    expect((await started(choice(), { amount: 1_000 })).active).toEqual(['huge']);
    expect((await started(choice(), { amount: 6 })).active).toEqual(['big']);
  });

  it('the default flow is taken when no condition is true', async () => {
    expect((await started(choice(), { amount: 5 })).active).toEqual(['other']);
  });

  it('a missing variable in a condition is an incident and never the default flow', async () => {
    const run = await started(choice());

    expect(run.active).toEqual(['g']);
    expect(run.incident.errorType).toBe('EXTRACT_VALUE_ERROR');
    expect(run.incident.message).toContain("'amount > 100' to be boolean, but it is null");
    expect(run.incident.message).toContain("Variable 'amount' not found");
  });

  it('comparing text with a number is an incident and never the default flow', async () => {
    const run = await started(choice(), { amount: 'many' });

    expect(run.incident.message).toContain('Can\'t compare "many" with 100');
  });

  it('resolving after the variable is set evaluates the conditions again', async () => {
    const run = await started(choice());

    run.setVariables({ amount: 6 }).resolve();

    expect(run.active).toEqual(['big']);
    expect(run.state.incidents).toEqual({});
  });

  it('resolving without repair raises a new incident', async () => {
    const run = await started(choice());
    const first = run.incident.incidentKey;

    run.resolve();

    expect(run.incident.incidentKey).not.toBe(first);
    expect(run.eventsOf('incident-resolved')).toHaveLength(1);
  });

  it('no true condition and no default flow is a condition error', async () => {
    const strict = model()
      .start()
      .exclusive('g')
      .userTask('A')
      .userTask('B')
      .path('start', 'g')
      .flow('g', 'A', '=x = 1')
      .flow('g', 'B', '=x = 2');
    const run = await started(strict, { x: 3 });

    expect(run.incident.errorType).toBe('CONDITION_ERROR');
    run.setVariables({ x: 2 }).resolve();
    expect(run.active).toEqual(['B']);
  });

  it('merges without waiting', async () => {
    const merge = model()
      .start()
      .task('A')
      .task('B')
      .exclusive('m')
      .userTask('C')
      .path('start', 'A', 'm')
      .path('start', 'B', 'm', 'C');
    const run = await started(merge);

    expect(run.active).toEqual(['C', 'C']);
  });
});

describe('parallel gateway', () => {
  const forkJoin = () =>
    model()
      .start()
      .parallel('fork')
      .userTask('A')
      .userTask('B')
      .parallel('join')
      .userTask('C')
      .path('start', 'fork', 'A', 'join', 'C')
      .path('fork', 'B', 'join');

  it('forks over all flows and joins when every flow has a token', async () => {
    const run = await started(forkJoin());
    expect(run.active).toEqual(['A', 'B']);

    run.completeTask('A');
    expect(run.active).toEqual(['B']);
    expect(run.completedCount('join')).toBe(0);

    run.completeTask('B');
    expect(run.active).toEqual(['C']);
    expect(run.completedCount('join')).toBe(1);
    expect(run.state.joins).toEqual({});
  });

  it('two tokens of one flow do not make up for a missing one', async () => {
    // given a join whose first flow gets two tokens, one after the other
    const run = await started(
      model()
        .start()
        .parallel('fork')
        .userTask('A1')
        .userTask('A2')
        .exclusive('merge')
        .userTask('B')
        .parallel('join')
        .end()
        .path('start', 'fork', 'A1', 'merge', 'join', 'end')
        .path('fork', 'A2', 'merge')
        .path('fork', 'B', 'join'),
    );

    // when both tokens have arrived over the same flow
    run.completeTask('A1').completeTask('A2');

    // then the join waits for the other flow
    expect(run.completedCount('join')).toBe(0);
    expect(run.state.joins).toEqual({ 77: { join: { tokens: { merge_join: 2 } } } });

    // and uses one token of each; the surplus token keeps the instance active, visibly stuck
    run.completeTask('B');
    expect(run.completedCount('join')).toBe(1);
    expect(run.status).toBe('active');
    expect(run.state.joins).toEqual({ 77: { join: { tokens: { merge_join: 1 } } } });
    run.cancel();
    expect(run.status).toBe('terminated');
  });

  it('joins once per round of a loop', async () => {
    const run = await started(
      model()
        .start()
        .exclusive('again')
        .parallel('fork')
        .userTask('A')
        .userTask('B')
        .parallel('join')
        .exclusive('more', { default: 'more_end' })
        .end()
        .path('start', 'again', 'fork', 'A', 'join', 'more', 'end')
        .path('fork', 'B', 'join')
        .flow('more', 'again', '=round < 3'),
      { round: 1 },
    );

    for (const round of [1, 2, 3]) {
      run.setVariables({ round });
      run.completeTask('A');
      expect(run.completedCount('join')).toBe(round - 1);
      run.completeTask('B');
      expect(run.completedCount('join')).toBe(round);
    }
    expect(run.status).toBe('completed');
  });

  it('tokens that arrive early belong to the next round', async () => {
    // given a fork that is entered twice
    const run = await started(
      model()
        .start()
        .task('X')
        .task('Y')
        .exclusive('merge')
        .parallel('fork')
        .userTask('A')
        .userTask('B')
        .parallel('join')
        .userTask('C')
        .path('start', 'X', 'merge', 'fork', 'A', 'join', 'C')
        .path('start', 'Y', 'merge')
        .path('fork', 'B', 'join'),
    );
    expect(run.active).toEqual(['A', 'A', 'B', 'B']);

    // when both tokens of A arrive before any of B
    run.completeTask('A').completeTask('A');
    expect(run.completedCount('join')).toBe(0);

    // then each token of B completes one round
    run.completeTask('B');
    expect(run.completedCount('join')).toBe(1);
    expect(run.state.joins).toEqual({ 77: { join: { tokens: { A_join: 1 } } } });
    run.completeTask('B');
    expect(run.completedCount('join')).toBe(2);
    expect(run.active).toEqual(['C', 'C']);
  });

  it('a token that waits at a join for ever keeps the instance active', async () => {
    const run = await started(
      model()
        .start()
        .exclusive('g', { default: 'g_B' })
        .task('A')
        .task('B')
        .parallel('join')
        .end()
        .path('start', 'g')
        .flow('g', 'A', '=true')
        .flow('g', 'B')
        .path('A', 'join', 'end')
        .path('B', 'join'),
    );

    expect(run.status).toBe('active');
    expect(run.active).toEqual([]);
    expect(run.state.joins).toEqual({ 77: { join: { tokens: { A_join: 1 } } } });
  });
});

describe('step limit', () => {
  const loop = () =>
    model()
      .start()
      .exclusive('again')
      .serviceTask('each', { each: { of: '=[]' } })
      .path('start', 'again', 'each', 'again');

  it('an endless loop stops with an incident', async () => {
    const run = await started(loop());

    expect(run.incident.errorType).toBe('STEP_LIMIT_EXCEEDED');
    expect(run.eventsOf('element-activating').length).toBe(1_001);
    expect(run.status).toBe('active');
  });

  it('resolving it allows as many steps again', async () => {
    const run = (await runOf(loop(), 10)).start();
    const before = run.history.length;

    run.resolve();

    expect(run.incident.errorType).toBe('STEP_LIMIT_EXCEEDED');
    expect(run.history.length).toBeGreaterThan(before + 20);
  });

  it('a process below the limit does not meet it', async () => {
    const run = (await runOf(model().start().task('A').task('B').path('start', 'A', 'B'), 3)).start();

    expect(run.status).toBe('completed');
  });
});
