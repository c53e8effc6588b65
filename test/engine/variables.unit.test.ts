// Variable scopes, input and output mappings, and what happens when they fail.

import { describe, expect, it } from 'vitest';
import { visibleVariables } from '../../server/engine/index.ts';
import { model } from '../support/model-builder.ts';
import type { ServiceTaskOptions } from '../support/model-builder.ts';
import { key, started } from './harness.ts';
import type { Run } from './harness.ts';

const withJob = (options: ServiceTaskOptions) =>
  model().start().serviceTask('A', options).userTask('next').path('start', 'A', 'next');

const seenBy = (run: Run, elementId: string) => visibleVariables(run.state, run.instanceOf(elementId).key);

describe('input mappings', () => {
  it('make local variables, in order, each seeing the earlier ones', async () => {
    const inputs = [
      ['=a + 1', 'b'],
      ['=b + 1', 'c'],
      ['fixed', 'd'],
    ] as const;
    const run = await started(withJob({ inputs }), { a: 1 });

    expect(seenBy(run, 'A')).toEqual({ a: 1, b: 2, c: 3, d: 'fixed' });
    expect(run.variables).toEqual({ a: 1 });
  });

  it('a nested target builds an object', async () => {
    const inputs = [
      ['=1', 'doc.id'],
      ['=2', 'doc.meta.pages'],
    ] as const;
    const run = await started(withJob({ inputs }));

    expect(seenBy(run, 'A')).toEqual({ doc: { id: 1, meta: { pages: 2 } } });
  });

  it('a missing variable is null and no failure', async () => {
    const run = await started(withJob({ inputs: [['=nothing.at.all', 'x']] }));

    expect(seenBy(run, 'A')).toEqual({ x: null });
  });

  it('dates and durations are stored as text', async () => {
    const inputs = [
      ['=today()', 'day'],
      ['=duration("P1DT2H")', 'length'],
      ['=now()', 'at'],
    ] as const;
    const run = await started(withJob({ inputs }));

    expect(seenBy(run, 'A')).toEqual({ day: '2019-05-06', length: 'P1DT2H', at: '2019-05-06T08:00:00+07:00' });
  });

  it('their locals are gone with the element', async () => {
    const run = await started(withJob({ inputs: [['=1', 'x']] }));

    run.completeJob('A');

    expect(seenBy(run, 'next')).toEqual({});
  });

  it('when one fails nothing is set, and after repair all run again', async () => {
    // given
    const inputs = [
      ['=a + 1', 'a'],
      ['=assert(must, must != null, "must is needed")', 'b'],
    ] as const;
    const run = await started(withJob({ inputs }), { a: 1 });

    // then there is no local variable and no job
    expect(run.incident).toMatchObject({ errorType: 'IO_MAPPING_ERROR', elementId: 'A' });
    expect(run.incident.message).toContain('must is needed');
    expect(run.state.variables[run.instanceOf('A').key]).toEqual({});
    expect(run.eventsOf('job-created')).toEqual([]);

    // and when repaired the first mapping has not run twice
    run.setVariables({ must: 'm' }).resolve();
    expect(seenBy(run, 'A')).toEqual({ a: 2, b: 'm', must: 'm' });
  });
});

describe('results without output mappings', () => {
  it('go to the root when no scope has the name', async () => {
    const run = await started(withJob({}));

    run.completeJob('A', { x: 1 });

    expect(run.variables).toEqual({ x: 1 });
  });

  it('are caught by an input of the same name', async () => {
    const run = await started(withJob({ inputs: [['=0', 'x']] }), { x: 'outer' });

    run.completeJob('A', { x: 1, y: 2 });

    expect(run.variables).toEqual({ x: 'outer', y: 2 });
  });
});

describe('output mappings', () => {
  it('keep the result local and send out only their targets', async () => {
    const run = await started(withJob({ outputs: [['=result.id', 'documentId']] }));

    run.completeJob('A', { result: { id: 7 }, noise: 1 });

    expect(run.variables).toEqual({ documentId: 7 });
  });

  it('write past an input of the same name', async () => {
    const run = await started(withJob({ inputs: [['=0', 'x']], outputs: [['=y', 'x']] }), { x: 'outer' });

    run.completeJob('A', { y: 1 });

    expect(run.variables).toEqual({ x: 1 });
  });

  it('a nested target extends the variable that it is written to', async () => {
    const outputs = [
      ['=n', 'doc.number'],
      ['=n + 1', 'doc.next'],
    ] as const;
    const run = await started(withJob({ outputs }), { doc: { id: 1 } });

    run.completeJob('A', { n: 12 });

    expect(run.variables).toEqual({ doc: { id: 1, number: 12, next: 13 } });
  });

  it('when one fails nothing leaves; after repair all run again and the job does not', async () => {
    const outputs = [
      ['=1', 'first'],
      ['=assert(late, late != null)', 'second'],
    ] as const;
    const run = await started(withJob({ outputs }));

    run.completeJob('A', { other: 1 });
    expect(run.incident.errorType).toBe('IO_MAPPING_ERROR');
    expect(run.variables).toEqual({});

    run.setVariables({ late: 'l' }).resolve();
    expect(run.variables).toEqual({ late: 'l', first: 1, second: 'l' });
    expect(run.eventsOf('job-created')).toHaveLength(1);
    expect(run.active).toEqual(['next']);
  });

  it('a value without JSON form is refused', async () => {
    const run = await started(withJob({ outputs: [['=10 ** 400', 'x']] }));

    run.completeJob('A');

    expect(run.incident.message).toContain('too large for a number of JSON');
  });
});

describe('set-variables', () => {
  it('local, it writes exactly there', async () => {
    const run = await started(withJob({}), { x: 'root' });

    run.setVariables({ x: 'local' }, run.instanceOf('A').key, true);

    expect(seenBy(run, 'A')).toEqual({ x: 'local' });
    expect(run.variables).toEqual({ x: 'root' });
  });

  it('not local, it writes where the name lives', async () => {
    const run = await started(withJob({ inputs: [['=0', 'mine']] }), { x: 'root' });

    run.setVariables({ x: 1, mine: 2, fresh: 3 }, run.instanceOf('A').key);

    expect(run.variables).toEqual({ x: 1, fresh: 3 });
    expect(seenBy(run, 'A')).toEqual({ x: 1, mine: 2, fresh: 3 });
  });

  it('in a scope that is not active it is refused', async () => {
    const run = await started(withJob({}));
    const command = { type: 'set-variables', scopeKey: key('1'), variables: {}, local: true } as const;

    expect(run.refuse(command).code).toBe('ELEMENT_INSTANCE_NOT_FOUND');
    run.cancel();
    expect(run.refuse({ ...command, scopeKey: run.state.key }).code).toBe('INSTANCE_NOT_ACTIVE');
  });

  it('names of JavaScript are variables like others', async () => {
    const hostile: unknown = JSON.parse('{"__proto__": {"polluted": true}, "constructor": 1}');
    const run = await started(withJob({ inputs: [['=toString', 'x']] }), hostile as Record<string, null>); // parsed JSON

    expect(seenBy(run, 'A')['x']).toBeNull();
    expect(Object.hasOwn(run.variables, '__proto__')).toBe(true);
    expect(Object.getPrototypeOf(run.variables)).toBe(Object.prototype);
    expect(seenBy(run, 'A')['polluted']).toBeUndefined();
  });
});
