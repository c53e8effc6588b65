// Errors and escalations: who catches them, in which order, and what happens when nobody does.

import { describe, expect, it } from 'vitest';
import { model } from '../support/model-builder.ts';
import type { ModelBuilder } from '../support/model-builder.ts';
import { key, runOf, started } from './harness.ts';

const PARENT = { instanceKey: key('5'), elementInstanceKey: key('6') };

const job = (inner: ModelBuilder) => inner.start('s').serviceTask('J').path('s', 'J');
const boom = (code: string) => (inner: ModelBuilder) =>
  inner.start('s').endWith('boom', { error: code }).path('s', 'boom');
const handler = (id: string) => (inner: ModelBuilder) => inner.userTask(`in_${id}`).path(`${id}_start`, `in_${id}`);

describe('errors', () => {
  it('of a job go to the boundary event of its task, with their variables', async () => {
    const run = await started(
      model()
        .start()
        .serviceTask('J')
        .boundary('E', 'J', { error: 'NO' })
        .userTask('H')
        .path('start', 'J')
        .path('E', 'H'),
    );
    const jobKey = run.jobKey('J');

    run.throwError('J', 'NO', { why: 'late' });

    expect(run.active).toEqual(['H']);
    expect(run.terminatedCount('J')).toBe(1);
    expect(run.variables).toEqual({ why: 'late' });
    expect(run.refuse({ type: 'complete-job', jobKey, variables: {} }).code).toBe('JOB_NOT_FOUND');
  });

  it('the matching code wins over an event that catches every code, wherever it stands in the file', async () => {
    const withBoth = () =>
      model()
        .start()
        .serviceTask('J')
        .boundary('All', 'J', { error: null })
        .boundary('One', 'J', { error: 'NO' })
        .userTask('HA')
        .userTask('HO')
        .path('start', 'J')
        .path('All', 'HA')
        .path('One', 'HO');

    expect((await started(withBoth())).throwError('J', 'NO').active).toEqual(['HO']);
    expect((await started(withBoth())).throwError('J', 'OTHER').active).toEqual(['HA']);
  });

  it('look in the event subprocesses of the scope, then at its boundary, then outwards', async () => {
    const withAll = (place: 'inner' | 'boundary' | 'outer') => {
      const builder = model().start().path('start', 'S');
      builder.sub('S', (inner) => {
        job(inner);
        return place === 'inner' ? inner.on('E', { error: 'NO' }, handler('E')) : inner;
      });
      builder
        .boundary('B', 'S', { error: place === 'boundary' ? 'NO' : 'OTHER' })
        .userTask('HB')
        .path('B', 'HB');
      return builder.on('P', { error: null }, handler('P'));
    };

    expect((await started(withAll('inner'))).throwError('J', 'NO').active).toEqual(['E', 'S', 'in_E']);
    expect((await started(withAll('boundary'))).throwError('J', 'NO').active).toEqual(['HB']);
    expect((await started(withAll('outer'))).throwError('J', 'NO').active).toEqual(['P', 'in_P']);
  });

  it('an error end event that is caught ends terminated, with everything else in the scope', async () => {
    const run = await started(
      model()
        .start()
        .sub('outer', (outer) =>
          outer.start('o').sub('inner', boom('NO')).userTask('other').path('o', 'inner').path('o', 'other'),
        )
        .boundary('B', 'outer', { error: 'NO' })
        .end()
        .path('start', 'outer')
        .path('B', 'end'),
    );

    expect(run.status).toBe('completed');
    expect(['boom', 'inner', 'other', 'outer'].map((id) => run.terminatedCount(id))).toEqual([1, 1, 1, 1]);
  });

  it('thrown in an event subprocess are for the scopes around, not for itself', async () => {
    const run = await started(
      model()
        .start()
        .sub('S', (inner) =>
          job(inner).on('E', { error: 'NO' }, (esp) => esp.endWith('again', { error: 'NO' }).path('E_start', 'again')),
        )
        .boundary('B', 'S', { error: 'NO' })
        .userTask('H')
        .path('start', 'S')
        .path('B', 'H'),
    );

    expect(run.throwError('J', 'NO').active).toEqual(['H']);
  });

  it('of one item end the whole multi-instance', async () => {
    const run = await started(
      model()
        .start()
        .serviceTask('J', { each: { of: '=[1, 2, 3]' } })
        .boundary('E', 'J', { error: 'NO' })
        .userTask('H')
        .path('start', 'J')
        .path('E', 'H'),
    );

    expect(run.throwError('J', 'NO', {}, 1).active).toEqual(['H']);
  });

  it('that nobody catches are an incident of the job, which is offered again when it is resolved', async () => {
    const run = await started(model().start().serviceTask('J').path('start', 'J'));
    const jobKey = run.jobKey('J');

    run.throwError('J', 'NO');
    expect(run.incident).toMatchObject({ errorType: 'UNHANDLED_ERROR_EVENT', elementId: 'J', jobKey });
    expect(run.refuse({ type: 'complete-job', jobKey, variables: {} }).code).toBe('JOB_NOT_FOUND');
    expect(run.refuse({ type: 'throw-job-error', jobKey, code: 'NO', message: '', variables: {} }).code).toBe(
      'JOB_NOT_FOUND',
    );
    run.resolve().completeJob('J');

    expect(run.status).toBe('completed');
  });

  it('that nobody catches hold the end event, which throws again when it is resolved', async () => {
    const run = await started(boom('NO')(model()));
    expect(run.incident).toMatchObject({ errorType: 'UNHANDLED_ERROR_EVENT', elementId: 'boom' });

    run.resolve();

    expect(run.eventsOf('incident-raised')).toHaveLength(2);
    expect(run.status).toBe('active');
  });

  it('a code may come from an expression', async () => {
    const run = await started(
      model()
        .start()
        .sub('S', boom('="N" + "O"'))
        .boundary('B', 'S', { error: 'NO' })
        .userTask('H')
        .path('start', 'S')
        .path('B', 'H'),
    );

    expect(run.active).toEqual(['H']);
  });
});

describe('errors of called instances', () => {
  const caller = () =>
    model()
      .start()
      .call('C', { process: 'q' })
      .boundary('E', 'C', { error: 'NO' })
      .userTask('H')
      .path('start', 'C')
      .path('E', 'H');

  it('are handed to the caller, and the job waits meanwhile', async () => {
    const run = (await runOf(job(model()))).start({}, PARENT);
    const jobKey = run.jobKey('J');

    run.throwError('J', 'NO', { why: 1 });

    const [propagated] = run.eventsOf('error-propagated');
    expect(propagated).toMatchObject({ code: 'NO', message: 'no good', variables: { why: 1 }, jobKey, origin: null });
    expect(run.refuse({ type: 'complete-job', jobKey, variables: {} }).code).toBe('JOB_NOT_FOUND');
    run.cancel();
    expect(run.status).toBe('terminated');
  });

  it('caught by the caller end the call activity, and the called instance is cancelled', async () => {
    const run = await started(caller());
    const call = run.instanceOf('C').key;
    const childInstanceKey = run.childKey('C');
    const error = {
      type: 'propagate-error',
      errorKey: key('9'),
      code: 'NO',
      message: '',
      variables: { why: 1 },
    } as const;

    run.give({ ...error, elementInstanceKey: call });

    expect(run.active).toEqual(['H']);
    expect(run.variables).toEqual({ why: 1 });
    expect(run.eventsOf('call-cancelled')).toEqual([{ type: 'call-cancelled', childInstanceKey }]);
    expect(run.refuse({ ...error, elementInstanceKey: call }).code).toBe('ELEMENT_INSTANCE_NOT_FOUND');
  });

  it('caught by nobody go back, and become an incident where they were thrown', async () => {
    const parent = await started(caller());
    const child = (await runOf(job(model()))).start({}, PARENT).throwError('J', 'OTHER');
    const errorKey = child.eventsOf('error-propagated')[0]?.errorKey ?? key('0');

    parent.give({
      type: 'propagate-error',
      elementInstanceKey: parent.instanceOf('C').key,
      errorKey,
      code: 'OTHER',
      message: '',
      variables: {},
    });
    expect(parent.eventsOf('error-rejected')).toEqual([
      { type: 'error-rejected', childInstanceKey: parent.childKey('C'), errorKey },
    ]);
    child.give({ type: 'reject-error', errorKey });

    expect(child.incident).toMatchObject({
      errorType: 'UNHANDLED_ERROR_EVENT',
      elementId: 'J',
      jobKey: child.jobKey('J'),
    });
    expect(child.refuse({ type: 'reject-error', errorKey }).code).toBe('ELEMENT_INSTANCE_NOT_FOUND');
    child.resolve().completeJob('J');
    expect(child.status).toBe('completed');
  });

  it('travel through instances in between, both ways', async () => {
    const middle = (await runOf(caller())).start({}, PARENT);
    const elementInstanceKey = middle.instanceOf('C').key;

    middle.give({
      type: 'propagate-error',
      elementInstanceKey,
      errorKey: key('9'),
      code: 'OTHER',
      message: '',
      variables: {},
    });
    const [propagated] = middle.eventsOf('error-propagated');
    expect(propagated?.origin).toEqual({ childInstanceKey: middle.childKey('C'), errorKey: key('9') });
    middle.give({ type: 'reject-error', errorKey: propagated?.errorKey ?? key('0') });

    expect(middle.eventsOf('error-rejected')).toEqual([
      { type: 'error-rejected', childInstanceKey: middle.childKey('C'), errorKey: key('9') },
    ]);
    middle.completeCall('C');
    expect(middle.status).toBe('completed');
  });
});

describe('escalations', () => {
  const escalating = (inner: ModelBuilder) =>
    inner.start('s').throwing('raise', { escalation: 'UP' }).userTask('A').path('s', 'raise', 'A');

  it('that nobody catches change nothing', async () => {
    const run = await started(escalating(model()));

    expect(run.active).toEqual(['A']);
    expect(run.eventsOf('escalation-thrown')).toHaveLength(1);
    expect(run.eventsOf('escalation-propagated')).toHaveLength(0);
  });

  it('a non-interrupting boundary event runs beside the subprocess that escalates', async () => {
    const run = await started(
      model()
        .start()
        .sub('S', escalating)
        .boundary('B', 'S', { escalation: 'UP' }, { isInterrupting: false })
        .userTask('H')
        .path('start', 'S')
        .path('B', 'H'),
    );

    expect(run.active).toEqual(['A', 'H', 'S']);
  });

  it('an interrupting one ends the throwing event, too', async () => {
    const run = await started(
      model()
        .start()
        .sub('S', escalating)
        .boundary('B', 'S', { escalation: null })
        .userTask('H')
        .path('start', 'S')
        .path('B', 'H'),
    );

    expect(run.active).toEqual(['H']);
    expect([run.terminatedCount('raise'), run.completedCount('raise')]).toEqual([1, 0]);
  });

  it.each([true, false])('an event subprocess of the scope comes first (interrupting: %s)', async (isInterrupting) => {
    const run = await started(
      model()
        .start()
        .sub('S', (inner) => escalating(inner).on('E', { escalation: 'UP' }, handler('E'), { isInterrupting }))
        .boundary('B', 'S', { escalation: 'UP' })
        .path('start', 'S'),
    );

    expect(run.active).toEqual(isInterrupting ? ['E', 'S', 'in_E'] : ['A', 'E', 'S', 'in_E']);
  });

  it('an end event escalates and ends its path', async () => {
    const run = await started(
      model()
        .start()
        .sub('S', (inner) => inner.start('s').endWith('up', { escalation: 'UP' }).path('s', 'up'))
        .boundary('B', 'S', { escalation: 'UP' }, { isInterrupting: false })
        .userTask('H')
        .path('start', 'S')
        .path('B', 'H'),
    );

    expect(run.completedCount('up')).toBe(1);
    expect(run.completedCount('S')).toBe(1);
    expect(run.active).toEqual(['H']);
  });

  it('of a called instance go to the call activity, and the called instance goes on', async () => {
    const child = (await runOf(escalating(model()))).start({}, PARENT);
    expect(child.eventsOf('escalation-propagated')).toEqual([
      { type: 'escalation-propagated', code: 'UP', variables: {} },
    ]);
    expect(child.active).toEqual(['A']);

    const parent = await started(
      model()
        .start()
        .call('C', { process: 'q' })
        .boundary('B', 'C', { escalation: 'UP' }, { isInterrupting: false })
        .userTask('H')
        .path('start', 'C')
        .path('B', 'H'),
    );
    const elementInstanceKey = parent.instanceOf('C').key;
    parent.give({ type: 'propagate-escalation', elementInstanceKey, code: 'UP', variables: {} });
    expect(parent.active).toEqual(['C', 'H']);
    parent.completeCall('C');

    const late = { type: 'propagate-escalation', elementInstanceKey, code: 'UP', variables: {} } as const;
    expect(parent.refuse(late).code).toBe('ELEMENT_INSTANCE_NOT_FOUND');
  });
});
