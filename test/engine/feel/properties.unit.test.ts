// Laws instead of examples: decimals against big integers, calendars against their own inverse, and texts of any kind,
// which must never end in an exception.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compileExpression,
  compileUnaryTests,
  literalOf,
  parseDateTime,
  scopeOf,
} from '../../../server/engine/expressions/feel/index.ts';
import { evaluate, literal } from './feel.ts';

/** A decimal with four places, as its text and as ten-thousandths. */
const decimal = fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }).map((units) => {
  const digits = String(units < 0n ? -units : units).padStart(5, '0');
  return { units, text: `${units < 0n ? '-' : ''}${digits.slice(0, -4)}.${digits.slice(-4)}` };
});

const textOfUnits = (units: bigint, places: number): string => {
  const digits = String(units < 0n ? -units : units).padStart(places + 1, '0');
  const text = `${digits.slice(0, -places)}.${digits.slice(-places)}`.replace(/\.?0+$/, '');
  return `${units < 0n && text !== '0' ? '-' : ''}${text}`;
};

describe('decimals', () => {
  it('sums, differences and products are exact', () => {
    fc.assert(
      fc.property(decimal, decimal, (a, b) => {
        expect(literal(`(${a.text}) + (${b.text})`)).toBe(textOfUnits(a.units + b.units, 4));
        expect(literal(`(${a.text}) - (${b.text})`)).toBe(textOfUnits(a.units - b.units, 4));
        expect(literal(`(${a.text}) * (${b.text})`)).toBe(textOfUnits(a.units * b.units, 8));
      }),
      { numRuns: 150 },
    );
  });

  it('are ordered as their values are', () => {
    fc.assert(
      fc.property(decimal, decimal, (a, b) => {
        expect(literal(`(${a.text}) < (${b.text})`)).toBe(String(a.units < b.units));
        expect(literal(`(${a.text}) = (${b.text})`)).toBe(String(a.units === b.units));
      }),
      { numRuns: 150 },
    );
  });

  it('modulo has the sign of the divisor and completes the floor of the quotient', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer().filter((value) => value !== 0),
        (a, b) => {
          expect(literal(`floor(${a} / ${b}) * ${b} + modulo(${a}, ${b}) = ${a}`)).toBe('true');
        },
      ),
      { numRuns: 150 },
    );
  });
});

const dateTime = fc
  .record({
    year: fc.integer({ min: -999_999_998, max: 999_999_998 }),
    month: fc.integer({ min: 1, max: 12 }),
    day: fc.integer({ min: 1, max: 28 }),
    second: fc.integer({ min: 0, max: 86_399 }),
  })
  .map(({ year, month, day, second }) => {
    const two = (value: number): string => String(value).padStart(2, '0');
    const digits = String(Math.abs(year)).padStart(4, '0');
    const clock = `${two(Math.floor(second / 3_600))}:${two(Math.floor(second / 60) % 60)}:${two(second % 60)}`;
    return `${year < 0 ? '-' : ''}${digits}-${two(month)}-${two(day)}T${clock}`;
  });

describe('dates', () => {
  it('are read and written without loss', () => {
    fc.assert(
      fc.property(dateTime, (text) => {
        expect(parseDateTime(text)?.toString()).toBe(text);
      }),
    );
  });

  it('the distance between two moments leads from one to the other', () => {
    fc.assert(
      fc.property(dateTime, dateTime, (a, b) => {
        expect(literal(`@"${a}" + (@"${b}" - @"${a}")`)).toBe(b);
      }),
      { numRuns: 150 },
    );
  });

  it('agree with the calendar of JavaScript where it reaches', () => {
    fc.assert(
      fc.property(fc.integer({ min: -700_000, max: 2_000_000 }), (days) => {
        const expected = new Date(days * 86_400_000);
        const { value } = evaluate(`@"1970-01-01" + duration("P1D") * days`, { days });
        expect(literalOf(value)).toBe(
          expected
            .toISOString()
            .slice(0, -14)
            .replace(/^([+-])0*(\d{4,})/, (_, sign, digits) => `${sign === '-' ? '-' : ''}${digits}`),
        );
      }),
      { numRuns: 150 },
    );
  });
});

describe('whatever the text is', () => {
  const piece = fc.constantFrom(
    ...['a', 'b c', '1', '"x"', '@"2020-01-01"', '[', ']', '(', ')', '{', '}', ',', ':', '.', '..', '+', '-', '*', '/'],
    ...['**', '<', '>=', '=', '!=', 'and', 'or', 'not', 'if', 'then', 'else', 'for', 'in', 'return', 'some', 'every'],
    ...[
      'satisfies',
      'instance of',
      'number',
      'function',
      'between',
      'null',
      'true',
      '?',
      'date',
      'sum',
      'item',
      '\n',
      '\\',
    ],
  );
  const text = fc.oneof(
    fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join(' ')),
    fc.string({ maxLength: 40, unit: 'binary' }),
  );

  it('compiling gives an expression or diagnostics with a place', () => {
    fc.assert(
      fc.property(text, (source) => {
        for (const compiled of [compileExpression(source), compileUnaryTests(source)]) {
          if (compiled.ok) continue;
          expect(compiled.error.length).toBeGreaterThan(0);
          for (const { from, to, line } of compiled.error) {
            expect(from).toBeLessThanOrEqual(to);
            expect(line).toBeGreaterThan(0);
          }
        }
      }),
      { numRuns: 400 },
    );
  });

  it('evaluating what compiles gives a value', () => {
    const limits = { steps: 20_000, depth: 50, size: 10_000 };
    let evaluated = 0;
    fc.assert(
      fc.property(text, (source) => {
        const compiled = compileExpression(source);
        if (!compiled.ok) return;
        evaluated += 1;
        const { value } = compiled.value.evaluate(scopeOf({ a: 1, 'b c': [1, 2] }), { nowMs: 0, limits });
        expect(literalOf(value)).not.toBe('');
      }),
      { numRuns: 400 },
    );
    expect(evaluated).toBeGreaterThan(5);
  });
});
