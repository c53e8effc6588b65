// Pitfalls that have no better home: clocks that jump, summer time, large variables. docs/engine.md lists all of them.

import { describe, expect, it } from 'vitest';
import { model } from '../support/model-builder.ts';
import { instant, started } from './harness.ts';

const reminded = (cycle: string) =>
  model()
    .start()
    .userTask('A')
    .boundary('T', 'A', { cycle }, { isInterrupting: false })
    .task('R')
    .end()
    .path('start', 'A', 'end')
    .path('T', 'R');

describe('a clock that jumps', () => {
  it('ahead: an interval makes up for what was missed, one by one, a cron expression goes on from now', async () => {
    const interval = await started(reminded('R/PT1H'));
    const cron = await started(reminded('0 0 * * * *'));
    interval.now = instant('2019-05-07T08:30:00+07:00');
    cron.now = interval.now;

    interval.fireTimer('T');
    cron.fireTimer('T');

    expect(interval.eventsOf('timer-scheduled').at(-1)?.dueAt).toBe('2019-05-06T03:00:00.000Z');
    expect(cron.eventsOf('timer-scheduled').at(-1)?.dueAt).toBe('2019-05-07T02:00:00.000Z');
  });

  it('back: the next firing still counts from the last one, so none comes twice', async () => {
    const run = await started(reminded('R/PT1H'));
    run.now = instant('2019-05-01T00:00:00+07:00');

    run.fireTimer('T');

    expect(run.eventsOf('timer-scheduled').map((timer) => timer.dueAt)).toEqual([
      '2019-05-06T02:00:00.000Z',
      '2019-05-06T03:00:00.000Z',
    ]);
  });

  it('over a change to summer time: a cycle that begins in such a zone keeps its length', async () => {
    const run = await started(reminded('R3/2019-03-30T02:30:00[Europe/Berlin]/P1D'));

    run.fireTimer('T').fireTimer('T');

    expect(run.eventsOf('timer-scheduled').map((timer) => timer.dueAt)).toEqual([
      '2019-03-30T01:30:00.000Z',
      '2019-03-31T01:30:00.000Z',
      '2019-04-01T01:30:00.000Z',
    ]);
  });
});

describe('a large variable', () => {
  it('of a megabyte passes through and is written once per change', async () => {
    const text = 'x'.repeat(1_000_000);
    const run = await started(model().start().userTask('A').userTask('B').end().path('start', 'A', 'B', 'end'));

    run.completeTask('A', { text }).completeTask('B');

    expect(run.variables).toEqual({ text });
    const written = run.eventsOf('variables-set').filter((event) => 'text' in event.variables);
    expect(written).toHaveLength(1);
  });
});
