// State: the lifecycle table, folding, lookups, and that the invariants really notice broken states.

import { describe, expect, it } from 'vitest';
import { apply, assertInvariants, findElementByWait, visibleVariables } from '../../server/engine/index.ts';
import type { ElementInstance, InstanceState } from '../../server/engine/index.ts';
import { compareKeys } from '../../server/engine/state/draft.ts';
import { canStep } from '../../server/engine/state/lifecycle.ts';
import { model } from '../support/model-builder.ts';
import { key, started } from './harness.ts';

const twoTasks = () =>
  model()
    .start()
    .userTask('A')
    .boundaryTimer('B', 'A', { duration: 'P1D' })
    .serviceTask('C', { inputs: [['=1', 'x']] })
    .parallel('join')
    .end()
    .path('start', 'A', 'join', 'end')
    .path('start', 'C', 'join');

describe('lifecycle', () => {
  it.each([
    ['new', 'activating'],
    ['activating', 'activated'],
    ['activated', 'completing'],
    ['completing', 'ended'],
    ['activating', 'terminating'],
    ['completing', 'terminating'],
    ['terminating', 'ended'],
  ] as const)('%s may become %s', (from, to) => {
    expect(canStep(from, to)).toBe(true);
  });

  it.each([
    ['new', 'activated'],
    ['activating', 'completing'],
    ['activated', 'ended'],
    ['terminating', 'completing'],
    ['completing', 'activated'],
    ['ended', 'activating'],
  ] as const)('%s never becomes %s', (from, to) => {
    expect(canStep(from, to)).toBe(false);
  });
});

describe('apply', () => {
  it('leaves the given state alone', async () => {
    const { state } = await started(twoTasks());
    const before = JSON.stringify(state);

    apply(state, { type: 'variables-set', scopeKey: state.key, variables: { y: 1 } });

    expect(JSON.stringify(state)).toBe(before);
  });

  it('a history that does not begin at the start is a bug', () => {
    expect(() => apply(null, { type: 'instance-terminated' })).toThrow("begins with 'instance-started'");
  });

  it('a step outside of the lifecycle is a bug', async () => {
    const run = await started(twoTasks());
    const event = { type: 'element-completed', key: run.instanceOf('A').key, elementId: 'A' } as const;

    expect(() => apply(run.state, event)).toThrow("cannot go from 'activated' to 'ended'");
  });
});

describe('lookups', () => {
  it('find who waits for a task, a job, a boundary timer', async () => {
    const run = await started(twoTasks());

    expect(findElementByWait(run.state, run.taskKey('A'))?.elementId).toBe('A');
    expect(findElementByWait(run.state, run.jobKey('C'))?.elementId).toBe('C');
    expect(findElementByWait(run.state, run.timerKey('B'))?.elementId).toBe('A');
    expect(findElementByWait(run.state, key('1'))).toBeNull();
  });

  it('the visible variables of the root are its own', async () => {
    const run = await started(twoTasks(), { a: 1 });

    expect(visibleVariables(run.state, run.state.key)).toEqual({ a: 1 });
    expect(visibleVariables(run.state, run.instanceOf('C').key)).toEqual({ a: 1, x: 1 });
  });

  it('keys are ordered as numbers', () => {
    expect(['100', '99', '9007199254740993', '9007199254740992'].sort(compareKeys)).toEqual([
      '99',
      '100',
      '9007199254740992',
      '9007199254740993',
    ]);
  });
});

describe('invariants', () => {
  const change = (state: InstanceState, instance: ElementInstance, patch: Partial<ElementInstance>): InstanceState => ({
    ...state,
    elements: { ...state.elements, [instance.key]: { ...instance, ...patch } },
  });

  it('hold for a state that the engine made', async () => {
    const run = await started(twoTasks());

    expect(() => assertInvariants(run.process, run.state)).not.toThrow();
  });

  it('notice every kind of damage', async () => {
    const run = await started(twoTasks());
    const { state, process } = run;
    const a = run.instanceOf('A');
    const c = run.instanceOf('C');
    const broken: readonly (readonly [string, InstanceState])[] = [
      ['an ended instance with elements', { ...state, status: 'completed' }],
      ['an active instance with nothing', { ...state, elements: {}, variables: { [state.key]: {} } }],
      ['an unknown scope', change(state, a, { scopeKey: key('1') })],
      ['a phase that cannot last', change(state, a, { phase: 'activating' })],
      ['an element that waits for nothing', change(state, a, { waits: [] })],
      ['one key for two waits', change(state, c, { waits: a.waits })],
      ['an incident that is not there', change(state, a, { incidentKey: key('1') })],
      ['a boundary event of another activity', change(state, c, { boundaries: a.boundaries })],
      ['an inner instance without body', change(state, c, { loopCounter: 1 })],
      ['variables of nobody', { ...state, variables: { ...state.variables, 1: {} } }],
      [
        'a join that should have fired',
        { ...state, joins: { [state.key]: { join: { tokens: { A_join: 1, C_join: 1 } } } } },
      ],
      ['a join of unknown flows', { ...state, joins: { [state.key]: { join: { tokens: { nowhere: 1 } } } } }],
      ['another process', { ...state, processId: 'q' }],
    ];
    for (const [name, damaged] of broken) expect(() => assertInvariants(process, damaged), name).toThrow();
  });
});
