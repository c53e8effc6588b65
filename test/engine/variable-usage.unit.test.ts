// Who writes and who reads the variables of a process.

import { describe, expect, it } from 'vitest';
import { findProcessVariables } from '../../server/engine/index.ts';
import type { ProcessVariables } from '../../server/engine/index.ts';
import { model } from '../support/model-builder.ts';
import { compile } from './harness.ts';

const inScope = ({ variables }: ProcessVariables, name: string, scopeId: string | null) =>
  variables.find((variable) => variable.name === name && variable.scopeId === scopeId);

function usage(found: ProcessVariables, name: string, scopeId: string | null = null) {
  const variable = inScope(found, name, scopeId);
  return {
    writes: variable?.writes.map((write) => `${write.elementId} ${write.by}`),
    reads: variable?.reads.map((read) => `${read.elementId} ${read.use}`),
  };
}

describe('who writes, who reads', () => {
  it('results, mappings, conditions, dates and assignments are found with their elements', async () => {
    const process = await compile(
      model('p')
        .start()
        .script('Add', '=a + 1', 'total')
        .exclusive('Big', { default: 'f-small' })
        .userTask('Sign', { assignee: '=signer', dueDate: '=due', inputs: [['=total * 2', 'amount']] })
        .serviceTask('Send', { type: 'mail', outputs: [['=answer.id', 'order.sent']] })
        .end()
        .path('start', 'Add', 'Big')
        .flow('Big', 'Sign', '=total > 3')
        .path('Sign', 'Send', 'end'),
    );
    const found = findProcessVariables(process);

    expect(usage(found, 'total')).toEqual({
      writes: ['Add script'],
      reads: [expect.stringContaining('condition'), 'Sign input'],
    });
    expect(usage(found, 'amount', 'Sign')).toEqual({ writes: ['Sign input'], reads: [] });
    expect(usage(found, 'order')).toEqual({ writes: ['Send output'], reads: [] });
    expect(inScope(found, 'order', null)?.writes[0]?.path).toEqual(['sent']);
    expect(inScope(found, 'answer', null)?.reads[0]).toMatchObject({ path: ['id'], from: 0, to: 6, isCertain: true });
    expect(usage(found, 'signer').reads).toEqual(['Sign assignment']);
    expect(usage(found, 'due').reads).toEqual(['Sign dates']);
    expect(inScope(found, 'amount', 'Sign')?.writes[0]?.type).toEqual({ kind: 'any' });
    expect(found.openWriters.map((one) => `${one.elementId} ${one.by}`)).toEqual(['start start', 'Sign task']);
  });

  it('items and counters are local to the activity, collected results are not', async () => {
    const process = await compile(
      model('p')
        .start()
        .script('Each', '=doc.pages + loopCounter + rate', 'pages', {
          each: { of: '=docs', as: 'doc', collect: '=pages', into: 'allPages', until: '=doc.last' },
        })
        .end()
        .path('start', 'Each', 'end'),
    );
    const found = findProcessVariables(process);

    expect(usage(found, 'docs').reads).toEqual(['Each collection']);
    expect(usage(found, 'doc', 'Each')).toEqual({
      writes: ['Each item'],
      reads: ['Each script', 'Each completionCondition'],
    });
    expect(usage(found, 'loopCounter', 'Each').writes).toEqual(['Each loopCounter']);
    expect(usage(found, 'pages', 'Each')).toEqual({ writes: ['Each script'], reads: ['Each outputElement'] });
    expect(usage(found, 'allPages').writes).toEqual(['Each outputCollection']);
    expect(usage(found, 'rate').reads).toEqual(['Each script']);
  });

  it('what an element in a subprocess reads may be local to the subprocess', async () => {
    const process = await compile(
      model('p')
        .start()
        .sub(
          'Sub',
          (inner) => inner.start('s').script('Calc', '=rate * base', 'rate').end('e').path('s', 'Calc', 'e'),
          { inputs: [['=1.5', 'rate']] },
        )
        .end()
        .path('start', 'Sub', 'end'),
    );
    const found = findProcessVariables(process);

    expect(usage(found, 'rate', 'Sub')).toEqual({ writes: ['Sub input', 'Calc script'], reads: ['Calc script'] });
    expect(usage(found, 'base').reads).toEqual(['Calc script']);
    expect(inScope(found, 'rate', 'Sub')?.writes[0]?.type).toEqual({ kind: 'number' });
  });

  it('an input that reads its own name reads the one outside', async () => {
    const process = await compile(
      model('p')
        .start()
        .task('Step', {
          inputs: [
            ['=x + 1', 'x'],
            ['=x + 2', 'y'],
          ],
        })
        .end()
        .path('start', 'Step', 'end'),
    );
    const found = findProcessVariables(process);

    expect(usage(found, 'x').reads).toEqual(['Step input']);
    expect(usage(found, 'x', 'Step')).toEqual({ writes: ['Step input'], reads: ['Step input'] });
  });
});
