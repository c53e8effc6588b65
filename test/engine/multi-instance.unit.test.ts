// Multi-instance activities, parallel and sequential.

import { describe, expect, it } from 'vitest';
import { decide, visibleVariables } from '../../server/engine/index.ts';
import { model } from '../support/model-builder.ts';
import type { MultiInstanceOptions, ServiceTaskOptions } from '../support/model-builder.ts';
import { STARTED_AT, compile, key, runOf, started } from './harness.ts';

const EACH: MultiInstanceOptions = { of: '=items', as: 'item', collect: '=result', into: 'results' };

const withItems = (each: Partial<MultiInstanceOptions> = {}, options: ServiceTaskOptions = {}) =>
  model()
    .start()
    .serviceTask('A', { ...options, each: { ...EACH, ...each } })
    .userTask('next')
    .path('start', 'A', 'next');

describe.each([
  ['parallel', false],
  ['sequential', true],
])('%s multi-instance', (_name, isSequential) => {
  it('over no items completes at once with an empty list', async () => {
    const run = await started(withItems({ isSequential }), { items: [] });

    expect(run.active).toEqual(['next']);
    expect(run.variables).toEqual({ items: [], results: [] });
  });

  it('over one item runs once', async () => {
    const run = await started(withItems({ isSequential }), { items: ['x'] });

    run.completeJob('A', { result: 'X' });

    expect(run.active).toEqual(['next']);
    expect(run.variables['results']).toEqual(['X']);
  });

  it.each([['text'], [null], [5]])('over %s is an incident on the body', async (items) => {
    const run = await started(withItems({ isSequential }), { items });

    expect(run.incident).toMatchObject({ errorType: 'EXTRACT_VALUE_ERROR', elementId: 'A' });
    expect(run.incident.elementInstanceKey).toBe(run.bodyOf('A').key);
    run.setVariables({ items: [1] }).resolve();
    run.completeJob('A', { result: 1 });
    expect(run.variables['results']).toEqual([1]);
  });

  it('each inner instance sees its item and its counter', async () => {
    const run = await started(withItems({ isSequential }), { items: ['x', 'y'] });

    const inner = run.instanceOf('A');
    expect(visibleVariables(run.state, inner.key)).toEqual({
      items: ['x', 'y'],
      item: 'x',
      loopCounter: 1,
      result: null,
    });
  });

  it('keeps a result under the name of the output element inside', async () => {
    const run = await started(withItems({ isSequential }), { items: [1, 2] });

    run.completeJob('A', { result: 'secret' });

    expect(run.variables['result']).toBeUndefined();
  });

  it('cancelling ends all inner instances', async () => {
    const run = await started(withItems({ isSequential }), { items: [1, 2, 3] });

    run.cancel();

    expect(run.eventsOf('job-cancelled')).toHaveLength(isSequential ? 1 : 3);
    expect(run.status).toBe('terminated');
  });

  it('runs input and output mappings per inner instance', async () => {
    const options: ServiceTaskOptions = { inputs: [['=item * 10', 'tenfold']], outputs: [['=tenfold + x', 'result']] };
    const run = await started(withItems({ isSequential }, options), { items: [1, 2] });

    run.completeJob('A', { x: 1 }).completeJob('A', { x: 2 });

    expect(run.variables).toEqual({ items: [1, 2], results: [11, 22] });
  });

  it('of pass-through tasks completes within the command', async () => {
    const run = await started(
      model()
        .start()
        .task('A', { each: { ...EACH, collect: '=item', isSequential } })
        .userTask('next')
        .path('start', 'A', 'next'),
      { items: [3, 1, 2] },
    );

    expect(run.variables['results']).toEqual([3, 1, 2]);
    expect(run.active).toEqual(['next']);
  });
});

describe('a loop cardinality', () => {
  const counted = (cardinality: string) =>
    model()
      .start()
      .raw(
        '<bpmn:task id="A"><bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>' +
          `${cardinality}</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics></bpmn:task>`,
      )
      .end()
      .path('start', 'A', 'end');

  it.each([
    ['3', 3],
    ['=count(items)', 2],
    ['=0', 0],
  ])('of %s makes %i rounds', async (cardinality, rounds) => {
    const run = await started(counted(cardinality), { items: ['a', 'b'] });

    // The body is counted too.
    expect(run.completedCount('A')).toBe(rounds + 1);
    expect(run.status).toBe('completed');
  });

  it('that is no number is an incident', async () => {
    expect((await started(counted('="many"'))).incident.errorType).toBe('EXTRACT_VALUE_ERROR');
  });
});

describe('parallel multi-instance only', () => {
  it('starts all at once and keeps results in input order whatever the order of completion', async () => {
    const run = await started(withItems(), { items: ['a', 'b', 'c'] });
    expect(run.instancesOf('A')).toHaveLength(3);

    run.completeJob('A', { result: 'C' }, 2);
    run.completeJob('A', { result: 'A' }, 0);
    expect(run.active).toEqual(['A']);
    run.completeJob('A', { result: 'B' }, 0);

    expect(run.variables['results']).toEqual(['A', 'B', 'C']);
    expect(run.active).toEqual(['next']);
  });

  it('a completion condition ends the rest and keeps the results so far', async () => {
    const run = await started(withItems({ until: '=numberOfCompletedInstances >= 2' }), { items: [1, 2, 3, 4] });

    run.completeJob('A', { result: 'yes' }, 1);
    const late = run.jobKey('A', 0);
    run.completeJob('A', { result: 'no' }, 2);

    expect(run.variables['results']).toEqual([null, 'yes', null, 'no']);
    expect(run.eventsOf('job-cancelled')).toHaveLength(2);
    expect(run.active).toEqual(['next']);
    expect(run.refuse({ type: 'complete-job', jobKey: late, variables: {} }).code).toBe('JOB_NOT_FOUND');
  });

  it('the completion condition sees the counters and the result', async () => {
    const until =
      '=numberOfInstances = 3 and numberOfActiveInstances = 1 and numberOfTerminatedInstances = 0 and result = "stop"';
    const run = await started(withItems({ until }), { items: [1, 2, 3] });

    run.completeJob('A', { result: 'go' });
    expect(run.active).toEqual(['A']);
    run.completeJob('A', { result: 'stop' });

    expect(run.active).toEqual(['next']);
  });

  it('a completion condition that is not boolean is an incident on the inner instance', async () => {
    const run = await started(withItems({ until: '=enough' }), { items: [1, 2] });

    run.completeJob('A', { result: 1 });
    expect(run.incident.errorType).toBe('EXTRACT_VALUE_ERROR');
    run.setVariables({ enough: true }).resolve();

    expect(run.variables['results']).toEqual([1, null]);
    expect(run.active).toEqual(['next']);
  });

  it('a completion condition ends pass-through items that have not begun', async () => {
    const run = await started(
      model()
        .start()
        .task('A', { each: { ...EACH, collect: '=item', until: '=loopCounter = 2' } })
        .userTask('next')
        .path('start', 'A', 'next'),
      { items: [1, 2, 3] },
    );

    expect(run.variables['results']).toEqual([1, 2, null]);
  });

  it('many items do not meet the step limit, and completing one writes only its own result', async () => {
    const items = Array.from({ length: 200 }, (_, index) => index);
    const run = (await runOf(withItems(), 10)).start({ items });
    expect(run.instancesOf('A')).toHaveLength(200);

    run.completeJob('A', { result: 'last' }, 199);

    expect(run.last.length).toBeLessThan(8);
    expect(JSON.stringify(run.last).length).toBeLessThan(1_000);
  });

  it('ten thousand pass-through items keep their order', async () => {
    const process = await compile(
      model()
        .start()
        .task('A', { each: { ...EACH, collect: '=item' } })
        .path('start', 'A'),
    );
    const items = Array.from({ length: 10_000 }, (_, index) => index);
    let last = 100;
    const command = { type: 'start-instance', instanceKey: key('77'), variables: { items }, parent: null } as const;

    const decision = decide(process, null, command, { now: STARTED_AT, nextKey: () => key(String((last += 1))) });

    expect(decision.ok && decision.value.state.status).toBe('completed');
    expect(decision.ok && decision.value.state.variables['77']?.['results']).toEqual(items);
  });

  it('a user task per item is a task per item', async () => {
    const run = await started(
      model()
        .start()
        .userTask('A', { assignee: '=person', each: { of: '=people', as: 'person' } })
        .path('start', 'A'),
      { people: ['an', 'bình'] },
    );

    expect(run.eventsOf('task-created').map((event) => event.assignee)).toEqual(['an', 'bình']);
    run.completeTask('A', {}, 1).completeTask('A');
    expect(run.status).toBe('completed');
    expect(run.variables['results']).toBeUndefined();
  });

  it('an incident of one inner instance leaves the others alone', async () => {
    const run = await started(withItems(), { items: [1, 2] });

    run.failJob('A', 0).completeJob('A', { result: 'ok' }, 1);

    expect(run.instancesOf('A')).toHaveLength(1);
    run.give({ type: 'update-job-retries', jobKey: run.jobKey('A'), retries: 1 }).resolve();
    run.completeJob('A', { result: 'late' });
    expect(run.variables['results']).toEqual(['late', 'ok']);
  });
});

describe('sequential multi-instance only', () => {
  it('starts the next item after the last', async () => {
    const run = await started(withItems({ isSequential: true }), { items: ['a', 'b'] });
    expect(run.instancesOf('A')).toHaveLength(1);

    run.completeJob('A', { result: 1 });
    expect(visibleVariables(run.state, run.instanceOf('A').key)).toMatchObject({ item: 'b', loopCounter: 2 });
    run.completeJob('A', { result: 2 });

    expect(run.variables['results']).toEqual([1, 2]);
  });

  it('a completion condition ends it before the next item', async () => {
    const run = await started(withItems({ isSequential: true, until: '=result = "no"' }), { items: [1, 2, 3] });

    run.completeJob('A', { result: 'yes' }).completeJob('A', { result: 'no' });

    expect(run.variables['results']).toEqual(['yes', 'no', null]);
    expect(run.eventsOf('job-created')).toHaveLength(2);
  });
});

describe('boundary event of a multi-instance', () => {
  const withBoundary = (isInterrupting: boolean) =>
    withItems().boundaryTimer('B', 'A', { duration: 'P1D', isInterrupting }).userTask('late').path('B', 'late');

  it('sits on the body: one timer, whatever the number of items', async () => {
    const run = await started(withBoundary(true), { items: [1, 2, 3] });

    expect(run.eventsOf('timer-scheduled')).toHaveLength(1);
    expect(run.bodyOf('A').boundaries).toHaveLength(1);
  });

  it('interrupting, it ends all items and gives no output', async () => {
    const run = await started(withBoundary(true), { items: [1, 2, 3] });
    run.completeJob('A', { result: 1 });

    run.fireTimer('B');

    expect(run.active).toEqual(['late']);
    expect(run.eventsOf('job-cancelled')).toHaveLength(2);
    expect(run.variables['results']).toBeUndefined();
  });

  it('non-interrupting, it runs beside all items', async () => {
    const run = await started(withBoundary(false), { items: [1, 2] });

    run.fireTimer('B');

    expect(run.active).toEqual(['A', 'late']);
    run.completeJob('A').completeJob('A');
    expect(run.active).toEqual(['late', 'next']);
  });

  it('is disarmed when the body completes', async () => {
    const run = await started(withBoundary(true), { items: [1] });

    run.completeJob('A');

    expect(run.trace).toContain('timer-cancelled');
  });

  it('over no items is armed and disarmed in one command', async () => {
    const run = (await runOf(withBoundary(true))).start({ items: [] });

    expect(run.eventsOf('timer-cancelled')).toHaveLength(1);
    expect(run.active).toEqual(['next']);
  });
});
