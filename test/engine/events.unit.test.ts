// Catch events and boundary events: timers, messages, interruption, cycles.

import { describe, expect, it } from 'vitest';
import { model } from '../support/model-builder.ts';
import type { TimerOptions } from '../support/model-builder.ts';
import { instant, key, started } from './harness.ts';

const withTimer = (options: TimerOptions) => model().start().catchTimer('T', options).end().path('start', 'T', 'end');

/** A user task with a boundary event that leads to 'remind'. */
const withBoundaryTimer = (options: TimerOptions) =>
  model()
    .start()
    .userTask('A')
    .boundaryTimer('B', 'A', options)
    .userTask('remind')
    .end()
    .path('start', 'A', 'end')
    .path('B', 'remind');

describe('timer catch event', () => {
  it.each([
    ['a duration', { duration: 'PT90M' }, '2019-05-06T02:30:00.000Z'],
    ['a duration of months', { duration: 'P1M' }, '2019-06-06T01:00:00.000Z'],
    ['an expression', { duration: '=days' }, '2019-05-08T01:00:00.000Z'],
    ['a FEEL duration', { duration: '=duration("P1D")' }, '2019-05-07T01:00:00.000Z'],
    ['a date', { date: '2019-05-10T08:00:00+07:00' }, '2019-05-10T01:00:00.000Z'],
    ['a date without zone, which is Vietnamese time', { date: '2019-05-10T08:00:00' }, '2019-05-10T01:00:00.000Z'],
    ['a date in the past, due at once', { date: '2019-05-01T00:00:00Z' }, '2019-05-01T00:00:00.000Z'],
    ['a negative duration, due at once', { duration: '-PT1H' }, '2019-05-06T01:00:00.000Z'],
    ['a zero duration, due at once', { duration: 'PT0S' }, '2019-05-06T01:00:00.000Z'],
  ])('is scheduled by %s', async (_name, options, dueAt) => {
    const run = await started(withTimer(options), { days: 'P2D' });

    expect(run.eventsOf('timer-scheduled')[0]).toMatchObject({ elementId: 'T', dueAt, repetitionsLeft: null });
  });

  it('goes on when it fires, once', async () => {
    const run = await started(withTimer({ duration: 'PT1S' }));
    const timerKey = run.timerKey('T');

    run.fireTimer('T');

    expect(run.status).toBe('completed');
    expect(run.refuse({ type: 'fire-timer', timerKey }).code).toBe('TIMER_NOT_FOUND');
  });

  it.each(['soon', 'P', 'PT', '2019-13-01T00:00:00Z'])('%s is an incident', async (text) => {
    const run = await started(withTimer({ duration: `="${text}"` }));

    expect(run.incident.errorType).toBe('EXTRACT_VALUE_ERROR');
  });
});

describe('message catch event', () => {
  it('maps the message instead of merging it when it has output mappings', async () => {
    const run = await started(
      model()
        .start()
        .catchMessage('M', { message: 'status', key: '=id', outputs: [['=code', 'status']] })
        .userTask('A')
        .path('start', 'M', 'A'),
      { id: 'G-1' },
    );

    run.correlate('M', { code: '06', secret: 1 });

    expect(run.variables).toEqual({ id: 'G-1', status: '06' });
  });
});

describe('interrupting boundary timer', () => {
  it('is armed when its activity is activated and removed when the activity is left', async () => {
    const run = await started(withBoundaryTimer({ duration: 'P1D' }));
    const timerKey = run.timerKey('B');
    expect(run.trace.slice(-3)).toEqual(['element-activated A', 'timer-scheduled B', 'task-created A']);

    run.completeTask('A');

    expect(run.trace).toContain('timer-cancelled');
    expect(run.status).toBe('completed');
    expect(run.refuse({ type: 'fire-timer', timerKey }).code).toBe('TIMER_NOT_FOUND');
  });

  it('ends its activity and takes its own flow', async () => {
    const run = await started(withBoundaryTimer({ duration: 'P1D' }));
    const taskKey = run.taskKey('A');

    run.fireTimer('B');

    expect(run.trace).toEqual([
      'timer-fired',
      'element-terminating A',
      'task-cancelled',
      'element-terminated A',
      'element-activating B',
      'element-activated B',
      'element-completing B',
      'element-completed B',
      'flow-taken B_remind',
      'element-activating remind',
      'element-activated remind',
      'task-created remind',
    ]);
    expect(run.active).toEqual(['remind']);
    expect(run.refuse({ type: 'complete-task', taskKey, variables: {} }).code).toBe('TASK_NOT_OPEN');
  });

  it('of two boundary events the second is disarmed when the first fires', async () => {
    const run = await started(withBoundaryTimer({ duration: 'P1D' }).boundaryTimer('B2', 'A', { duration: 'P2D' }));
    const second = run.timerKey('B2');

    run.fireTimer('B');

    expect(run.refuse({ type: 'fire-timer', timerKey: second }).code).toBe('TIMER_NOT_FOUND');
  });

  it('interrupts an activity that stands at a failed output mapping', async () => {
    const run = await started(
      model()
        .start()
        .userTask('A', { outputs: [['=assert(late, late != null)', 'x']] })
        .boundaryTimer('B', 'A', { duration: 'P1D' })
        .path('start', 'A'),
    );
    run.completeTask('A');
    expect(run.incident.errorType).toBe('IO_MAPPING_ERROR');

    run.fireTimer('B');

    expect(run.status).toBe('completed');
    expect(run.eventsOf('incident-resolved')).toHaveLength(1);
  });

  it('a boundary event that cannot be armed holds up its activity before there is a task', async () => {
    const run = await started(withBoundaryTimer({ duration: '=wait' }));

    expect(run.incident).toMatchObject({ errorType: 'EXTRACT_VALUE_ERROR', elementId: 'A' });
    expect(run.eventsOf('task-created')).toEqual([]);
    expect(run.eventsOf('timer-scheduled')).toEqual([]);

    run.setVariables({ wait: 'PT1H' }).resolve();
    expect(run.eventsOf('task-created')).toHaveLength(1);
    expect(run.eventsOf('timer-scheduled')).toHaveLength(1);
  });
});

describe('non-interrupting boundary timer', () => {
  it('runs beside its activity, once for a duration', async () => {
    const run = await started(withBoundaryTimer({ duration: 'P1D', isInterrupting: false }));

    run.fireTimer('B');

    expect(run.active).toEqual(['A', 'remind']);
    expect(() => run.timerKey('B')).toThrow();
    run.completeTask('A').completeTask('remind');
    expect(run.status).toBe('completed');
  });

  it('a cycle fires as often as it says, counted from the due time', async () => {
    const run = await started(withBoundaryTimer({ cycle: 'R3/PT1H', isInterrupting: false }));
    run.now = instant('2019-05-06T23:00:00+07:00');

    run.fireTimer('B').fireTimer('B').fireTimer('B');

    expect(run.eventsOf('timer-scheduled').map((event) => [event.dueAt, event.repetitionsLeft])).toEqual([
      ['2019-05-06T02:00:00.000Z', 3],
      ['2019-05-06T03:00:00.000Z', 2],
      ['2019-05-06T04:00:00.000Z', 1],
    ]);
    expect(run.active).toEqual(['A', 'remind', 'remind', 'remind']);
    expect(() => run.timerKey('B')).toThrow();
  });

  it('an endless cycle is scheduled again after each firing, until the activity goes', async () => {
    const run = await started(withBoundaryTimer({ cycle: 'R/P1D', isInterrupting: false }));

    for (let day = 0; day < 10; day += 1) run.fireTimer('B');
    expect(run.eventsOf('timer-scheduled')).toHaveLength(11);
    expect(run.eventsOf('timer-scheduled').every((event) => event.repetitionsLeft === null)).toBe(true);

    run.completeTask('A');
    expect(run.eventsOf('timer-cancelled')).toHaveLength(1);
  });

  it('a cycle with a start is first due at the start', async () => {
    const run = await started(withBoundaryTimer({ cycle: 'R2/2019-05-07T08:00:00+07:00/P1D', isInterrupting: false }));
    run.fireTimer('B');

    expect(run.eventsOf('timer-scheduled').map((event) => event.dueAt)).toEqual([
      '2019-05-07T01:00:00.000Z',
      '2019-05-08T01:00:00.000Z',
    ]);
  });

  it('a cycle of no repetitions is not scheduled', async () => {
    const run = await started(withBoundaryTimer({ cycle: 'R0/P1D', isInterrupting: false }));

    expect(run.eventsOf('timer-scheduled')).toEqual([]);
    expect(run.active).toEqual(['A']);
  });

  it('a cycle without a length is an incident', async () => {
    const run = await started(withBoundaryTimer({ cycle: 'R/PT0S', isInterrupting: false }));

    expect(run.incident.errorType).toBe('EXTRACT_VALUE_ERROR');
  });
});

describe('boundary message', () => {
  const withMessage = (isInterrupting: boolean) =>
    model()
      .start()
      .userTask('A')
      .boundaryMessage('M', 'A', { message: 'recall', key: '=id', isInterrupting })
      .userTask('handle')
      .end()
      .path('start', 'A', 'end')
      .path('M', 'handle');

  it('interrupting, it ends the activity and closes its subscription', async () => {
    const run = await started(withMessage(true), { id: 'G-1' });

    run.correlate('M', { reason: 'sai' });

    expect(run.active).toEqual(['handle']);
    expect(run.trace).toContain('subscription-closed');
    expect(run.variables).toEqual({ id: 'G-1', reason: 'sai' });
  });

  it('non-interrupting, it stays open for the next message', async () => {
    const run = await started(withMessage(false), { id: 'G-1' });

    run.correlate('M').correlate('M');

    expect(run.active).toEqual(['A', 'handle', 'handle']);
    expect(run.eventsOf('subscription-closed')).toEqual([]);
    run.completeTask('A');
    expect(run.eventsOf('subscription-closed')).toHaveLength(1);
  });

  it('the key of a timer is no subscription', async () => {
    const run = await started(withBoundaryTimer({ duration: 'P1D' }));

    const command = {
      type: 'correlate-message',
      subscriptionKey: run.timerKey('B'),
      messageKey: key('1'),
      variables: {},
    } as const;
    expect(run.refuse(command).code).toBe('SUBSCRIPTION_NOT_FOUND');
  });
});
