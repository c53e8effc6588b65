// Compensation: what is undone, by whom, in which order; transactions and cancel events.

import { describe, expect, it } from 'vitest';
import { model } from '../support/model-builder.ts';
import type { ModelBuilder } from '../support/model-builder.ts';
import { started } from './harness.ts';

const undoable = (builder: ModelBuilder, ...ids: readonly string[]): ModelBuilder => {
  for (const id of ids) {
    builder.serviceTask(id).serviceTask(`undo${id}`, { isForCompensation: true }).undo(id, `undo${id}`);
  }
  return builder;
};

describe('compensation', () => {
  const twoSteps = (activityRef: string | null = null) =>
    undoable(model().start(), 'A', 'B')
      .throwing('undo', { compensate: activityRef })
      .userTask('after')
      .path('start', 'A', 'B', 'undo', 'after');

  it('begins the handlers of completed activities at once, newest first, and waits for all of them', async () => {
    const run = await started(twoSteps());
    run.completeJob('A').completeJob('B');

    expect(run.active).toEqual(['undo', 'undoA', 'undoB']);
    const jobs = run.eventsOf('job-created').map((event) => event.elementId);
    expect(jobs).toEqual(['A', 'B', 'undoB', 'undoA']);
    expect(run.completedCount('comp_A')).toBe(1);

    run.completeJob('undoA');
    expect(run.active).toEqual(['undo', 'undoB']);
    run.completeJob('undoB');
    expect(run.active).toEqual(['after']);
  });

  it('of one activity leaves the others alone', async () => {
    const run = await started(twoSteps('A'));
    run.completeJob('A').completeJob('B').completeJob('undoA');

    expect(run.active).toEqual(['after']);
    expect(run.completedCount('undoB')).toBe(0);
    expect(run.state.compensations?.map((record) => record.elementId)).toEqual(['B']);
  });

  it('goes on at once when there is nothing to undo', async () => {
    const run = await started(
      undoable(model().start(), 'A')
        .throwing('undo', { compensate: null })
        .userTask('after')
        .path('start', 'undo', 'after')
        .path('start', 'A'),
    );

    expect(run.active).toEqual(['A', 'after']);
  });

  it('leaves out what is active or was terminated, and undoes once for each completion', async () => {
    const run = await started(
      undoable(model().start(), 'A', 'B')
        .exclusive('again', { default: 'again_end' })
        .userTask('check')
        .endWith('end', { compensate: null })
        .path('start', 'A', 'check', 'again', 'end')
        .flow('again', 'A', '=again')
        .path('start', 'B'),
    );

    run
      .completeJob('A')
      .completeTask('check', { again: true })
      .completeJob('A')
      .completeTask('check', { again: false });

    expect(run.active).toEqual(['B', 'end', 'undoA', 'undoA']);
    run.completeJob('undoA').completeJob('undoA').completeJob('B');
    expect(run.status).toBe('completed');
  });

  it('undoes an activity once', async () => {
    const run = await started(
      undoable(model().start(), 'A')
        .throwing('one', { compensate: null })
        .throwing('two', { compensate: null })
        .end()
        .path('start', 'A', 'one', 'two', 'end'),
    );

    run.completeJob('A').completeJob('undoA');

    expect(run.status).toBe('completed');
    expect(run.completedCount('undoA')).toBe(1);
  });

  it('reaches into completed subprocesses, and the handler sees what the activity saw', async () => {
    const run = await started(
      model()
        .start()
        .sub('S', (inner) => undoable(inner.start('s'), 'A', 'B').path('s', 'A', 'B'), { inputs: [['=7', 'box']] })
        .throwing('undo', { compensate: null })
        .end()
        .path('start', 'S', 'undo', 'end'),
    );

    run.completeJob('A').completeJob('B');

    expect(run.active).toEqual(['undo', 'undoA', 'undoB']);
    expect(run.state.variables[run.instanceOf('undoA').key]).toEqual({ box: 7 });
    run.completeJob('undoA').completeJob('undoB');
    expect(run.status).toBe('completed');
  });

  it('a subprocess with a handler of its own is undone by that alone', async () => {
    const run = await started(
      model()
        .start()
        .sub('S', (inner) => undoable(inner.start('s'), 'A').path('s', 'A'))
        .serviceTask('undoS', { isForCompensation: true })
        .undo('S', 'undoS')
        .throwing('undo', { compensate: 'S' })
        .path('start', 'S', 'undo'),
    );

    run.completeJob('A');

    expect(run.active).toEqual(['undo', 'undoS']);
  });

  it('a handler of a multi-instance is called once; what its rounds hold is undone for each', async () => {
    const each = { of: '=[1, 2]', as: 'item' };
    const once = await started(
      model()
        .start()
        .serviceTask('A', { each })
        .serviceTask('undoA', { isForCompensation: true })
        .undo('A', 'undoA')
        .throwing('undo', { compensate: null })
        .path('start', 'A', 'undo'),
    );
    once.completeJob('A').completeJob('A');
    expect(once.active).toEqual(['undo', 'undoA']);

    const inside = await started(
      model()
        .start()
        .sub('S', (inner) => undoable(inner.start('s'), 'A').path('s', 'A'), { each })
        .throwing('undo', { compensate: null })
        .path('start', 'S', 'undo'),
    );
    inside.completeJob('A').completeJob('A');
    expect(inside.active).toEqual(['undo', 'undoA', 'undoA']);
    const items = inside.instancesOf('undoA').map(({ key }) => inside.state.variables[key]?.['item']);
    expect(items).toEqual([2, 1]);
  });

  it('thrown in an event subprocess covers the scope around', async () => {
    const run = await started(
      undoable(model().start(), 'A')
        .serviceTask('B')
        .path('start', 'A', 'B')
        .on('E', { error: 'NO' }, (inner) => inner.endWith('undo', { compensate: null }).path('E_start', 'undo')),
    );

    run.completeJob('A').throwError('B', 'NO');
    expect(run.active).toEqual(['E', 'undo', 'undoA']);
    run.completeJob('undoA');

    expect(run.status).toBe('completed');
  });

  it('a compensation event subprocess undoes its completed subprocess, also by undoing what is inside', async () => {
    const run = await started(
      model()
        .start()
        .sub('S', (inner) =>
          undoable(inner.start('s'), 'A')
            .path('s', 'A')
            .on('C', { compensate: null }, (esp) =>
              esp.serviceTask('tell').endWith('inside', { compensate: null }).path('C_start', 'tell', 'inside'),
            ),
        )
        .throwing('undo', { compensate: null })
        .end()
        .path('start', 'S', 'undo', 'end'),
    );

    run.completeJob('A');
    expect(run.active).toEqual(['C', 'tell', 'undo']);
    run.completeJob('tell');
    expect(run.active).toEqual(['C', 'inside', 'undo', 'undoA']);
    run.completeJob('undoA');

    expect(run.status).toBe('completed');
    expect(run.completedCount('C')).toBe(1);
  });

  it('a subprocess or call activity may be the handler', async () => {
    const run = await started(
      model()
        .start()
        .serviceTask('A')
        .serviceTask('B')
        .sub('undoA', (inner) => inner.start('s').userTask('U').path('s', 'U'), { isForCompensation: true })
        .call('undoB', { process: 'q', isForCompensation: true })
        .undo('A', 'undoA')
        .undo('B', 'undoB')
        .endWith('undo', { compensate: null })
        .path('start', 'A', 'B', 'undo'),
    );

    run.completeJob('A').completeJob('B').completeTask('U').completeCall('undoB');

    expect(run.status).toBe('completed');
  });

  it('goes on when an operator ends a handler', async () => {
    const run = await started(twoSteps('A'));
    run.completeJob('A').completeJob('B');

    run.modify([], [run.instanceOf('undoA').key]);

    expect(run.active).toEqual(['after']);
  });

  it('ends with the scope when that is terminated', async () => {
    const run = await started(twoSteps());
    run.completeJob('A').completeJob('B');

    run.cancel();

    expect(run.status).toBe('terminated');
  });
});

describe('transaction', () => {
  const withTransaction = (options: { readonly each?: { readonly of: string } } = {}) =>
    model()
      .start()
      .sub(
        'T',
        (inner) =>
          undoable(inner.start('s'), 'A')
            .userTask('check')
            .userTask('beside')
            .exclusive('g', { default: 'g_done' })
            .end('done')
            .endWith('stop', { cancel: true })
            .path('s', 'A', 'check', 'g', 'done')
            .flow('g', 'stop', '=stop')
            .path('s', 'beside'),
        { kind: 'transaction', ...options },
      )
      .boundary('C', 'T', { cancel: true })
      .userTask('cancelled')
      .userTask('after')
      .path('start', 'T', 'after')
      .path('C', 'cancelled');

  it('that is not cancelled is a subprocess', async () => {
    const run = await started(withTransaction());
    run.completeJob('A').completeTask('check', { stop: false }).completeTask('beside');

    expect(run.active).toEqual(['after']);
  });

  it('that is cancelled ends what is active, undoes what is complete, and leaves by the cancel event', async () => {
    const run = await started(withTransaction());
    run.completeJob('A').completeTask('check', { stop: true });

    expect(run.active).toEqual(['T', 'stop', 'undoA']);
    expect(run.terminatedCount('beside')).toBe(1);
    run.completeJob('undoA');

    expect(run.active).toEqual(['cancelled']);
    expect(run.terminatedCount('T')).toBe(1);
  });

  it('one round cancels all', async () => {
    const run = await started(withTransaction({ each: { of: '=[1, 2]' } }));
    run.completeJob('A').completeTask('check', { stop: true }).completeJob('undoA');

    expect(run.active).toEqual(['cancelled']);
  });
});
