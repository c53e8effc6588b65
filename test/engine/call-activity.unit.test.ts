// Call activities: request, completion, failure and cancellation of a called instance.

import { describe, expect, it } from 'vitest';
import { model } from '../support/model-builder.ts';
import type { CallOptions } from '../support/model-builder.ts';
import { key, runOf, started } from './harness.ts';

const withCall = (options: Partial<CallOptions> = {}) =>
  model()
    .start()
    .call('A', { process: 'child', ...options })
    .userTask('next')
    .path('start', 'A', 'next');

describe('call activity', () => {
  it('requests an instance with all visible variables', async () => {
    const run = await started(withCall({ inputs: [['=x + 1', 'y']] }), { x: 1 });

    expect(run.eventsOf('call-requested')).toEqual([
      {
        type: 'call-requested',
        childInstanceKey: run.childKey('A'),
        elementInstanceKey: run.instanceOf('A').key,
        elementId: 'A',
        processId: 'child',
        binding: { kind: 'latest', versionTag: null },
        callDepth: 1,
        variables: { x: 1, y: 2 },
      },
    ]);
  });

  it('gives only its own locals when the parent variables are not propagated', async () => {
    const run = await started(withCall({ allParentVariables: false, inputs: [['=x + 1', 'y']] }), { x: 1 });

    expect(run.eventsOf('call-requested')[0]?.variables).toEqual({ y: 2 });
  });

  it('the called process may come from an expression', async () => {
    const run = await started(withCall({ process: '="flow-" + kind' }), { kind: 'out' });

    expect(run.eventsOf('call-requested')[0]?.processId).toBe('flow-out');
  });

  it('an expression that gives no text is an incident', async () => {
    const run = await started(withCall({ process: '=kind' }));

    expect(run.incident.errorType).toBe('EXTRACT_VALUE_ERROR');
  });

  it('takes all variables of the called instance unless the model says otherwise', async () => {
    expect((await started(withCall())).completeCall('A', { r: 1 }).variables).toEqual({ r: 1 });
    expect((await started(withCall({ allChildVariables: false }))).completeCall('A', { r: 1 }).variables).toEqual({});
  });

  it('with output mappings takes only these, even when child variables are not propagated', async () => {
    const run = await started(withCall({ allChildVariables: false, outputs: [['=r', 'answer']] }));

    run.completeCall('A', { r: 1, noise: 2 });

    expect(run.variables).toEqual({ answer: 1 });
  });

  it('completing it twice is refused the second time', async () => {
    const run = await started(withCall());
    const elementInstanceKey = run.instanceOf('A').key;
    run.completeCall('A');

    const again = { type: 'complete-call', elementInstanceKey, variables: {} } as const;
    expect(run.refuse(again).code).toBe('ELEMENT_INSTANCE_NOT_FOUND');
    expect(run.refuse({ type: 'fail-call', elementInstanceKey, message: '' }).code).toBe('ELEMENT_INSTANCE_NOT_FOUND');
  });

  it('a call that cannot be started is an incident, and resolving it calls again under a new key', async () => {
    // given
    const run = await started(withCall());
    const elementInstanceKey = run.instanceOf('A').key;
    const first = run.childKey('A');

    // when
    run.give({ type: 'fail-call', elementInstanceKey, message: 'no process child' });

    // then
    expect(run.incident).toMatchObject({ errorType: 'CALLED_ELEMENT_ERROR', message: 'no process child' });
    const early = { type: 'complete-call', elementInstanceKey, variables: {} } as const;
    expect(run.refuse(early).code).toBe('ELEMENT_INSTANCE_NOT_FOUND');
    run.resolve();
    expect(run.childKey('A')).not.toBe(first);
    run.completeCall('A');
    expect(run.active).toEqual(['next']);
  });

  it('resolving it evaluates the called process again', async () => {
    const run = await started(withCall({ process: '=which' }), { which: 'missing' });
    run.give({ type: 'fail-call', elementInstanceKey: run.instanceOf('A').key, message: 'no' });

    run.setVariables({ which: null }).resolve();
    expect(run.incident.errorType).toBe('EXTRACT_VALUE_ERROR');
    run.setVariables({ which: 'found' }).resolve();

    expect(run.eventsOf('call-requested').map((event) => event.processId)).toEqual(['missing', 'found']);
  });

  it('cancelling the caller cancels the called instance', async () => {
    const run = await started(withCall());
    const childInstanceKey = run.childKey('A');

    run.cancel();

    expect(run.eventsOf('call-cancelled')).toEqual([{ type: 'call-cancelled', childInstanceKey }]);
  });

  it('cancelling a call that never started cancels nothing', async () => {
    const run = await started(withCall());
    run.give({ type: 'fail-call', elementInstanceKey: run.instanceOf('A').key, message: 'no' }).cancel();

    expect(run.eventsOf('call-cancelled')).toEqual([]);
  });

  it('a boundary timer that interrupts the caller cancels the called instance', async () => {
    const run = await started(withCall().boundaryTimer('B', 'A', { duration: 'PT1H' }));

    run.fireTimer('B');

    expect(run.eventsOf('call-cancelled')).toHaveLength(1);
    expect(run.status).toBe('completed');
  });

  it('as multi-instance calls once per item, with the item', async () => {
    const run = await started(
      withCall({
        allParentVariables: false,
        each: { of: '=recipients', as: 'recipient', collect: '=status', into: 'statuses' },
      }),
      { recipients: ['A1', 'B2'] },
    );

    expect(run.eventsOf('call-requested').map((event) => event.variables)).toEqual([
      { status: null, recipient: 'A1', loopCounter: 1 },
      { status: null, recipient: 'B2', loopCounter: 2 },
    ]);
    const second = run.instanceOf('A', 1).key;
    run.give({ type: 'complete-call', elementInstanceKey: second, variables: { status: '06' } });
    run.completeCall('A', { status: '02' });
    expect(run.variables['statuses']).toEqual(['02', '06']);
  });

  it('a called instance remembers its caller', async () => {
    const parent = { instanceKey: key('1'), elementInstanceKey: key('2') };
    const child = (await runOf(model().start().path('start'))).start({ a: 1 }, parent);

    expect(child.state.parent).toEqual(parent);
    expect(child.eventsOf('instance-completed')).toEqual([{ type: 'instance-completed', variables: { a: 1 } }]);
  });
});
