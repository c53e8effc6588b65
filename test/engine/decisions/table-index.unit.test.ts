// The index of a decision table and FEEL give the same rows, for every kind of cell and every kind of value: random tables
// are evaluated both ways. A second implementation of comparisons is only allowed to be faster.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileDecisions } from '../../../server/engine/decisions/index.ts';
import {
  compileFeel,
  compileFeelTests,
  createStaticScope,
  NO_SCOPE,
  type Value,
} from '../../../server/engine/decisions/feel.ts';
import { readCell } from '../../../server/engine/decisions/table/read-cell.ts';
import type { Instant } from '../../../server/shared/time.ts';
import { tableXml } from './table-model.ts';

const NOW = '2026-01-15T08:00:00.000Z' as Instant;
const scope = createStaticScope([], () => null);
const valueOf = (text: string): Value => {
  const compiled = compileFeel(text, scope);
  if (!compiled.ok) throw new Error(compiled.error.message);
  return compiled.value.evaluate(NO_SCOPE);
};

const NUMBERS = ['-1', '0', '1', '1.5', '2', '10', '0.1', '1e2'];
const DATES = ['date("2024-02-28")', '@"2024-02-29"', 'date("2024-03-01")'];
const STRINGS = ['"a"', '"b"', '""', '"A"'];
const ordered = (among: readonly string[]) => {
  const one = fc.constantFrom(...among);
  const interval = fc
    .tuple(one, one, fc.constantFrom('[', '(', ']'), fc.constantFrom(']', ')', '['))
    .map(([low, high, open, close]) => `${open}${low}..${high}${close}`);
  const comparison = fc.tuple(fc.constantFrom('<', '<=', '>', '>='), one).map(([sign, value]) => `${sign} ${value}`);
  return fc.oneof(one, interval, comparison);
};
const positive = fc.oneof(
  fc.array(ordered(NUMBERS), { minLength: 1, maxLength: 3 }).map((tests) => tests.join(', ')),
  fc.array(ordered(DATES), { minLength: 1, maxLength: 2 }).map((tests) => tests.join(',')),
  fc.array(fc.constantFrom(...STRINGS), { minLength: 1, maxLength: 3 }).map((tests) => tests.join(',')),
  fc.constantFrom('true', 'false'),
);
const cell = fc.oneof(
  { weight: 5, arbitrary: positive },
  { weight: 2, arbitrary: positive.map((tests) => `not(${tests})`) },
  { weight: 1, arbitrary: fc.constantFrom('-', '', 'null', '? > 1', '"a", 1', '1 + 1') },
);
const VALUES = [
  ...NUMBERS,
  ...DATES,
  ...STRINGS,
  'true',
  'null',
  '[1]',
  '[1, 2]',
  '{a: 1}',
  '5',
  '0.3 - 0.2',
  '@"P1D"',
];

describe('the index of a decision table', () => {
  it('finds the same rows as FEEL, row by row', () => {
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1, maxLength: 40 }), fc.constantFrom(...VALUES), (cells, text) => {
        const rows = cells.map((one, row) => [one, String(row)]);
        const compiled = compileDecisions({
          resourceName: 't.dmn',
          xml: tableXml({ inputs: ['x'], rows, hitPolicy: 'COLLECT' }),
        });
        if (!compiled.ok) throw new Error(compiled.error[0]?.message);
        const value = valueOf(text);
        const inputs = new Map([['x', value]]);
        const evaluated = compiled.value.evaluate({ decision: 'd', inputs, now: NOW, isOpen: true });
        const expected = cells.flatMap((one, row) => {
          const test = compileFeelTests(one === '' ? '-' : one, scope);
          return test.ok && test.value(value, NO_SCOPE) === true ? [row] : [];
        });
        expect(evaluated.ok && evaluated.value.value).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['-', 'any'],
    ['', 'any'],
    ['"a", "b"', 'tests'],
    ['not(< 5)', 'tests'],
    [']1..2[', 'tests'],
    ['@"2024-02-29"', 'tests'],
    ['date("2023-02-29")', 'opaque'],
    ['[5..1]', 'opaque'],
    ['"a\\n"', 'opaque'],
    ['1, "a"', 'opaque'],
    ['1.2.3', 'opaque'],
    ['1abc', 'opaque'],
    ['trueish', 'opaque'],
    ['12345678901234567890', 'opaque'],
    ['not("a"), not("b")', 'opaque'],
    ['> limit', 'opaque'],
  ])('reads the cell %j as %s', (text, kind) => {
    expect(readCell(text).kind).toBe(kind);
  });
});
