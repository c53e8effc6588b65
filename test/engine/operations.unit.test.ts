// Operators change a running instance: modification, migration to another process, suspension.

import { describe, expect, it } from 'vitest';
import { previewMigration, proposeMigration } from '../../server/engine/index.ts';
import type { Command } from '../../server/engine/index.ts';
import { model } from '../support/model-builder.ts';
import type { ModelBuilder } from '../support/model-builder.ts';
import type { Run } from './harness.ts';
import { compile, key, started } from './harness.ts';

describe('modification', () => {
  const process = () =>
    model()
      .start()
      .userTask('A')
      .sub('S', (inner) => inner.start('s').userTask('B').userTask('C').path('s', 'B', 'C'), {
        inputs: [['=assert(x, x != null)', 'y']],
      })
      .boundary('T', 'S', { duration: 'PT1H' })
      .end()
      .path('start', 'A', 'S', 'end');

  it('opens missing scopes without their input mappings, and arms their events', async () => {
    const run = (await started(process())).modify(['C']);

    expect(run.active).toEqual(['A', 'C', 'S']);
    expect(run.instanceOf('S').boundaries).toHaveLength(1);
    expect(run.completeTask('C').active).toEqual(['A']);
  });

  it('reuses the one active scope', async () => {
    const run = (await started(process())).modify(['C']).modify(['B']);

    expect(run.active).toEqual(['A', 'B', 'C', 'S']);
  });

  it('moves: begins at one element and ends another, in one command', async () => {
    const run = await started(process());

    run.modify(['C'], [run.instanceOf('A').key]);

    expect(run.active).toEqual(['C', 'S']);
    expect(run.trace.indexOf('element-activating C')).toBeLessThan(run.trace.indexOf('element-terminated A'));
  });

  it('that ends the last element ends its scopes and the instance', async () => {
    const run = (await started(process())).modify(['C'], []);
    run.modify([], [run.instanceOf('A').key]);
    expect(run.status).toBe('active');

    run.modify([], [run.instanceOf('C').key]);

    expect(run.status).toBe('terminated');
    expect(run.terminatedCount('S')).toBe(1);
  });

  it('sets variables on the instance, or locally', async () => {
    const run = await started(process());
    run.give({
      type: 'modify-instance',
      activate: [
        { elementId: 'C', variables: [{ variables: { g: 1 } }] },
        { elementId: 'B', variables: [{ variables: { l: 1 }, scopeId: 'B' }] },
        { elementId: 'B', variables: [{ variables: { m: 1 }, scopeId: 'S' }] },
      ],
      terminate: [],
    });

    expect(run.variables).toEqual({ g: 1 });
    expect(run.state.variables[run.instanceOf('B').key]).toEqual({ l: 1 });
    expect(run.state.variables[run.instanceOf('S').key]).toEqual({ m: 1 });
  });

  it('does all or nothing', async () => {
    const run = await started(process());
    const refused = (activate: string, terminate = run.instanceOf('A').key) =>
      run.refuse({ type: 'modify-instance', activate: [{ elementId: activate }], terminate: [terminate] }).code;

    expect(refused('nowhere')).toBe('ELEMENT_NOT_FOUND');
    expect(refused('T')).toBe('MODIFICATION_NOT_POSSIBLE');
    expect(refused('C', run.key)).toBe('ELEMENT_INSTANCE_NOT_FOUND');
    run.cancel();
    expect(run.refuse({ type: 'modify-instance', activate: [], terminate: [] }).code).toBe('INSTANCE_NOT_ACTIVE');
  });

  it('needs to know which of several scopes is meant', async () => {
    const run = await started(
      model()
        .start()
        .sub('S', (inner) => inner.start('s').userTask('B').userTask('C').path('s', 'B', 'C'), {
          each: { of: '=[1, 2]' },
        })
        .path('start', 'S'),
    );
    const [first, second] = run.instancesOf('S');
    expect(run.refuse({ type: 'modify-instance', activate: [{ elementId: 'C' }], terminate: [] }).code).toBe(
      'MODIFICATION_NOT_POSSIBLE',
    );

    run.give({
      type: 'modify-instance',
      activate: [{ elementId: 'C', ancestorKey: second?.key ?? run.key }],
      terminate: [],
    });

    expect(run.instanceOf('C').scopeKey).toBe(second?.key);
    run.modify([], [first?.key ?? run.key]);
    expect(run.instancesOf('S').map((round) => round.key)).toEqual([second?.key]);
    expect(run.bodyOf('S').body).toMatchObject({ completed: 0, terminated: 1 });
  });

  it('a named ancestor gets new scopes below it, also when one is active', async () => {
    const run = (await started(process())).modify(['C']);
    run.give({ type: 'modify-instance', activate: [{ elementId: 'B', ancestorKey: run.key }], terminate: [] });

    expect(run.instancesOf('S')).toHaveLength(2);
    expect(run.instanceOf('B').scopeKey).toBe(run.instanceOf('S', 1).key);
  });

  it('moves every instance of an element, and keeps each in its own round', async () => {
    const run = await started(
      model()
        .start()
        .sub('S', (inner) => inner.start('s').userTask('B').userTask('C').path('s', 'B', 'C'), {
          each: { of: '=[1, 2]', as: 'item' },
        })
        .path('start', 'S'),
    );

    run.give({
      type: 'modify-instance',
      activate: [],
      move: [{ source: { elementId: 'B' }, targetElementId: 'C', ancestor: { kind: 'inferred' } }],
      terminate: [],
    });

    expect(run.active).toEqual(['C', 'C', 'S']);
    expect(run.instancesOf('C').map((instance) => instance.scopeKey)).toEqual(
      run.instancesOf('S').map((round) => round.key),
    );
    expect(run.completeTask('C').completeTask('C').status).toBe('completed');
  });

  it('names what it cannot begin at, and says nothing is active of what is not', async () => {
    const run = await started(
      model()
        .start()
        .eventGateway('G')
        .catching('M', { message: 'm', key: '=1' })
        .catching('W', { duration: 'PT1H' })
        .path('start', 'G', 'M')
        .path('G', 'W'),
    );
    const code = (command: Partial<Extract<Command, { type: 'modify-instance' }>>) =>
      run.refuse({ type: 'modify-instance', activate: [], terminate: [], ...command }).code;

    expect(code({ activate: [{ elementId: 'M' }] })).toBe('MODIFICATION_NOT_POSSIBLE');
    expect(code({ activate: [{ elementId: 'start' }] })).toBe('MODIFICATION_NOT_POSSIBLE');
    expect(code({ activate: [{ elementId: 'G', ancestorKey: key('1') }] })).toBe('MODIFICATION_NOT_POSSIBLE');
    expect(code({ terminateElementIds: ['M'] })).toBe('ELEMENT_INSTANCE_NOT_FOUND');
    expect(code({ move: [{ source: { elementId: 'W' }, targetElementId: 'G' }] })).toBe('ELEMENT_INSTANCE_NOT_FOUND');
  });

  it('a sequential loop goes on with the next item, and a loop that lost all its rounds ends with them', async () => {
    const each = (isSequential: boolean) =>
      started(
        model()
          .start()
          .userTask('A', { each: { of: '=[1, 2]', isSequential } })
          .end()
          .path('start', 'A', 'end'),
      );
    const sequential = await each(true);
    sequential.modify([], [sequential.instanceOf('A').key]);
    expect(sequential.instanceOf('A').loopCounter).toBe(2);
    expect(sequential.completeTask('A').status).toBe('completed');

    const parallel = await each(false);
    parallel.modify([], [parallel.instanceOf('A').key]);
    expect(parallel.modify([], [parallel.instanceOf('A').key]).status).toBe('terminated');
  });
});

const migrate = async (run: Run, target: ModelBuilder, mapping: Readonly<Record<string, string>>): Promise<Run> => {
  run.process = await moved(run, target, mapping);
  return run;
};

async function moved(run: Run, target: ModelBuilder, mapping: Readonly<Record<string, string>>) {
  const process = await compile(target);
  run.give(
    {
      type: 'migrate-instance',
      target: process,
      targetKey: key('9'),
      sourceKey: key('8'),
      mapping: Object.entries(mapping).map(([sourceElementId, targetElementId]) => ({
        sourceElementId,
        targetElementId,
      })),
    },
    process,
  );
  return process;
}

const refusedMigration = async (run: Run, target: ModelBuilder, mapping: Readonly<Record<string, string>>) =>
  run.refuse({
    type: 'migrate-instance',
    target: await compile(target),
    targetKey: key('9'),
    sourceKey: key('8'),
    mapping: Object.entries(mapping).map(([sourceElementId, targetElementId]) => ({
      sourceElementId,
      targetElementId,
    })),
  });

describe('migration', () => {
  const before = () => model('old').start().userTask('A').end().path('start', 'A', 'end');
  const after = () => model('new').start().userTask('A2').userTask('B').end().path('start', 'A2', 'B', 'end');

  it('keeps keys, tasks and variables, and goes on in the target', async () => {
    const run = await started(before(), { x: 1 });
    const taskKey = run.taskKey('A');
    await migrate(run, after(), { A: 'A2' });

    expect(run.taskKey('A2')).toBe(taskKey);
    expect(run.eventsOf('instance-migrated')[0]).toMatchObject({
      processId: 'new',
      targetKey: '9',
      sourceKey: '8',
      elements: { A: 'A2' },
    });
    expect(run.completeTask('A2').completeTask('B').status).toBe('completed');
    expect(run.variables).toEqual({ x: 1 });
  });

  it('names everything that has no place, and changes nothing', async () => {
    const run = await started(before());
    const service = model('new').start().serviceTask('A').end().path('start', 'A', 'end');

    expect((await refusedMigration(run, after(), {})).code).toBe('MIGRATION_NOT_POSSIBLE');
    expect((await refusedMigration(run, after(), { A: 'nowhere' })).code).toBe('MIGRATION_MAPPING_INVALID');
    expect((await refusedMigration(run, after(), { A: 'A2', Z: 'B' })).code).toBe('MIGRATION_MAPPING_INVALID');
    expect((await refusedMigration(run, service, { A: 'A' })).message).toContain('its type is userTask');
    expect(run.cancel().status).toBe('terminated');
    expect((await refusedMigration(run, after(), { A: 'A2' })).code).toBe('INSTANCE_NOT_ACTIVE');
  });

  it('a mapped boundary timer keeps its time, an unmapped one is closed, a new one is armed', async () => {
    const timed = (id: string, timer: string, duration: string) =>
      model(id)
        .start()
        .userTask('A')
        .boundary(timer, 'A', { duration })
        .end()
        .path('start', 'A', 'end')
        .path(timer, 'end');
    const kept = await started(timed('old', 'T', 'PT1H'));
    await migrate(kept, timed('new', 'T2', 'PT10H'), { A: 'A', T: 'T2' });
    expect(kept.eventsOf('timer-scheduled')).toHaveLength(1);
    expect(kept.fireTimer('T2').terminatedCount('A')).toBe(1);

    const replaced = await started(timed('old', 'T', 'PT1H'));
    await migrate(replaced, timed('new', 'T2', 'PT10H'), { A: 'A' });
    expect(replaced.eventsOf('timer-cancelled')).toHaveLength(1);
    expect(replaced.eventsOf('timer-scheduled').map((timer) => timer.elementId)).toEqual(['T', 'T2']);
  });

  it('carries scopes, event subprocesses and their subscriptions', async () => {
    const nested = (id: string, task: string) =>
      model(id)
        .start()
        .sub('S', (inner) =>
          inner
            .start('s')
            .userTask(task)
            .path('s', task)
            .on('E', { message: 'm', key: '=1' }, (handler) => handler.userTask('H')),
        )
        .path('start', 'S');
    const run = await started(nested('old', 'A'));
    const armed = run.instanceOf('S').boundaries;
    const starts = armed[0]?.elementId ?? '';
    await migrate(run, nested('new', 'B'), { S: 'S', A: 'B', [starts]: starts });

    expect(run.instanceOf('S').boundaries).toEqual(armed);
    expect((await refusedMigration(run, after(), { B: 'A2', S: 'B' })).message).toContain("'B'");
  });

  it('tokens that wait at a join go on waiting at the mapped flows', async () => {
    const joining = (id: string, a: string) =>
      model(id)
        .start()
        .parallel('F')
        .userTask(a)
        .userTask('B')
        .parallel('J')
        .end()
        .path('start', 'F', a, 'J', 'end')
        .path('F', 'B', 'J');
    const run = (await started(joining('old', 'A'))).completeTask('A');
    await migrate(run, joining('new', 'A2'), { A: 'A2', B: 'B', J: 'J' });

    expect(run.completeTask('B').status).toBe('completed');
  });

  it('a join that would lose a waiting token is refused', async () => {
    const run = await started(
      model('old')
        .start()
        .parallel('F')
        .task('A')
        .userTask('B')
        .parallel('J')
        .end()
        .path('start', 'F', 'A', 'J', 'end')
        .path('F', 'B', 'J'),
    );
    const target = model('new').start().userTask('B').parallel('J').end().path('start', 'B', 'J', 'end');

    expect((await refusedMigration(run, target, { B: 'B', J: 'J' })).message).toContain('at least as many flows');
  });

  it('multi-instance bodies go on with their items', async () => {
    const each = (id: string, isSequential = false) =>
      model(id)
        .start()
        .userTask('A', { each: { of: '=[1, 2]', as: 'item', collect: '=item', into: 'all', isSequential } })
        .end()
        .path('start', 'A', 'end');
    const run = (await started(each('old'))).completeTask('A');
    expect((await refusedMigration(run, each('new', true), { A: 'A' })).message).toContain('its loop');
    await migrate(run, each('new'), { A: 'A' });

    expect(run.completeTask('A').variables).toEqual({ all: [1, 2] });
  });

  it('what was done can be compensated in the target, where the element is the same', async () => {
    const booking = (id: string, handler: string) =>
      model(id)
        .start()
        .task('Book')
        .userTask('Wait')
        .throwing('Undo', { compensate: null })
        .end()
        .path('start', 'Book', 'Wait', 'Undo', 'end')
        .userTask(handler, { isForCompensation: true })
        .undo('Book', handler);
    const run = await started(booking('old', 'Cancel'));
    await migrate(run, booking('new', 'Cancel2'), { Wait: 'Wait' });
    run.completeTask('Wait');

    expect(run.active).toEqual(['Cancel2', 'Undo']);
  });

  it('an instance at an incident repeats the phase with the target', async () => {
    const broken = (id: string, source: string) =>
      model(id)
        .start()
        .userTask('A', { inputs: [[source, 'x']] })
        .end()
        .path('start', 'A', 'end');
    const run = await started(broken('old', '=assert(y, y != null)'));
    await migrate(run, broken('new', '=1'), { A: 'A' });

    expect(run.resolve().state.variables[run.instanceOf('A').key]).toEqual({ x: 1 });
  });

  it('is proposed by id and kind, and the rest is named with the reason', async () => {
    const target = model('new').start().serviceTask('A').userTask('B').end().path('start', 'A', 'B', 'end');
    const source = await compile(before());
    const proposal = proposeMigration(source, await compile(target));

    expect(proposal.mapping.map((instruction) => instruction.sourceElementId)).toEqual(['start', 'end']);
    expect(proposal.unmapped).toEqual([{ elementId: 'A', reason: "its type is userTask, that of 'A' is serviceTask" }]);
    expect(proposal.added).toEqual(['B']);
    const run = await started(before());
    const migration = { source, target: await compile(target), mapping: proposal.mapping };
    expect(previewMigration(run.state, migration)).toMatchObject([{ code: 'MIGRATION_NOT_POSSIBLE', elementId: 'A' }]);
  });
});

describe('suspension', () => {
  const waiting = () =>
    model()
      .start()
      .parallel('F')
      .userTask('A')
      .catching('C', { condition: '=x > 1' })
      .path('start', 'F', 'A')
      .path('F', 'C');

  it('refuses what would let the instance go on, until it is resumed', async () => {
    const run = (await started(waiting(), { x: 0 })).give({ type: 'suspend-instance' });
    const taskKey = run.taskKey('A');
    expect(run.refuse({ type: 'complete-task', taskKey, variables: {} }).code).toBe('INSTANCE_SUSPENDED');
    expect(run.refuse({ type: 'suspend-instance' }).code).toBe('INSTANCE_SUSPENDED');

    run.give({ type: 'resume-instance' });
    expect(run.completeTask('A').active).toEqual(['C']);
    expect(run.refuse({ type: 'resume-instance' }).code).toBe('INSTANCE_NOT_SUSPENDED');
  });

  it('conditions that became true meanwhile are looked at when it is resumed', async () => {
    const run = (await started(waiting(), { x: 0 })).give({ type: 'suspend-instance' });
    run.setVariables({ x: 2 });
    expect(run.active).toEqual(['A', 'C']);

    expect(run.give({ type: 'resume-instance' }).active).toEqual(['A']);
  });

  it('can be cancelled while it is suspended', async () => {
    expect((await started(waiting(), { x: 0 })).give({ type: 'suspend-instance' }).cancel().status).toBe('terminated');
  });
});
