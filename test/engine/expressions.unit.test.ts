// FEEL as the engine uses it (feelin is the oracle for conditions), typed reading, and ISO 8601 for timers.

import { evaluate } from 'feelin';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { extractBoolean, extractKeyText, extractNames } from '../../server/engine/expressions/extract.ts';
import { toJson } from '../../server/engine/expressions/feel/index.ts';
import { checkSyntax, evaluateFeel } from '../../server/engine/expressions/feel.ts';
import { scopeOfVariables } from '../../server/engine/expressions/scope.ts';
import { parseCycle, parseDateTime, parseDuration, plusDuration } from '../../server/engine/expressions/temporal.ts';
import type { Json, Variables } from '../../server/engine/index.ts';
import { STARTED_AT, instant } from './harness.ts';

const at = (variables: Variables) => ({ scope: scopeOfVariables(variables), now: STARTED_AT });

function valueOf(expression: string, variables: Variables = {}): unknown {
  const result = evaluateFeel(expression, at(variables));
  if (!result.ok) throw new Error(result.error);
  const json = toJson(result.value.value);
  return json.ok ? json.value : json.error;
}

describe('evaluation', () => {
  const documents = { doc: { type: 'CV', pages: 3, tags: ['a', 'b'] }, urgent: true, n: 7, no: null };

  it.each<[string, unknown]>([
    ['n', 7],
    ['doc.type', 'CV'],
    ['doc.missing', null],
    ['doc.type.deeper', null],
    ['missing', null],
    ['missing.property', null],
    ['"text"', 'text'],
    ['"a\\"b"', 'a"b'],
    ['1.5', 1.5],
    ['n > 5 and urgent', true],
    ['n > 5 and not(urgent)', false],
    ['n < 5 or doc.type = "CV"', true],
    ['no = null', true],
    ['missing = null', true],
    ['n != 7', false],
    ['missing > 5', null],
    ['"a" > 5', null],
    ['"a" = 5', null],
    ['urgent = "true"', null],
    ['not(n)', null],
    ['n and false', false],
    ['n and true', null],
    ['n or true', true],
    ['(n)', 7],
    ['n + 1', 8],
    ['doc.tags[1]', 'a'],
    ['count(doc.tags)', 2],
    ['if urgent then "hoả tốc" else "thường"', 'hoả tốc'],
    ['for t in doc.tags return t + "!"', ['a!', 'b!']],
    ['{a: n, b: doc.type}', { a: 7, b: 'CV' }],
    ['doc.tags', ['a', 'b']],
    ['string length(doc.type)', 2],
    ['is defined(missing)', false],
    ['is defined(n)', true],
    ['get or else(missing, 3)', 3],
    ['trim("  x ")', 'x'],
    ['is blank(" ")', true],
    ['assert(n, n = 7)', 7],
    ['today()', '2019-05-06'],
    ['string(now())', '2019-05-06T08:00:00+07:00'],
    ['date("2019-05-06") + duration("P1M")', '2019-06-06'],
    ['duration("PT90M")', 'PT1H30M'],
  ])('%s', (expression, expected) => {
    expect(valueOf(expression, documents)).toEqual(expected);
  });

  it('a variable with blanks in its name is read in backticks', () => {
    expect(valueOf('`số hiệu` + 1', { 'số hiệu': 1 })).toBe(2);
    expect(valueOf('a-b', { 'a-b': 9, a: 3, b: 1 })).toBe(2);
  });

  it('names of Vietnamese words are names', () => {
    expect(valueOf('độ_khẩn = "hoả tốc"', { độ_khẩn: 'hoả tốc' })).toBe(true);
  });

  it('a failed assertion is a failure with its cause', () => {
    const result = evaluateFeel('assert(x, x != null, "x is needed")', at({}));

    expect(result).toEqual({ ok: false, error: 'x is needed' });
  });

  it('unreadable text is a failure and no exception', () => {
    expect(evaluateFeel('a +', at({})).ok).toBe(false);
  });

  it('warnings name what was missing', () => {
    expect(evaluateFeel('a = 1', at({}))).toMatchObject({ value: { warnings: ["Variable 'a' not found"] } });
    expect(evaluateFeel('a + 1', at({}))).toMatchObject({ value: { value: null } });
  });

  it('the same arguments give the same value, whatever the time', () => {
    const first = valueOf('string(now())');
    expect(valueOf('string(now())')).toBe(first);
  });
});

describe('against feelin', () => {
  const scalar = fc.oneof(
    fc.constant(null),
    fc.boolean(),
    fc.integer({ min: 0, max: 3 }),
    fc.constantFrom('a', 'b', ''),
  );
  const leaf = fc.oneof(
    fc.constantFrom('x', 'y', 'missing', 'obj.p', 'obj.q.r', 'obj.none', 'true', 'false', 'null', '"a"', '2', '1.5'),
  );
  const { expression } = fc.letrec<{ expression: string; nested: string }>((tie) => ({
    nested: fc.oneof({ maxDepth: 3 }, leaf, tie('expression')),
    expression: fc.oneof(
      { maxDepth: 3 },
      leaf,
      fc
        .tuple(tie('nested'), fc.constantFrom('=', '!=', '<', '<=', '>', '>=', 'and', 'or'), tie('nested'))
        .map(([left, operator, right]) => `(${left}) ${operator} (${right})`),
      tie('nested').map((operand) => `not(${operand})`),
    ),
  }));

  /** feelin answers false where values of different types are ordered; ours answers null, as Zeebe does. */
  const isMistyped = (warnings: readonly string[]): boolean =>
    warnings.some((warning) => warning.startsWith("Can't compare"));

  /** feelin throws where true or false is ordered; ours does not reach such a part when the other side has decided. */
  function evaluateWithFeelin(text: string, variables: Variables): { readonly value: unknown } | 'refused' {
    try {
      return { value: evaluate(text, { ...variables }, 'camunda').value };
    } catch (error) {
      if (error instanceof Error && error.message.startsWith('unsupported range')) return 'refused';
      throw error;
    }
  }

  it('conditions mean the same, except where values of different types are compared', () => {
    let compared = 0;
    fc.assert(
      fc.property(expression, scalar, scalar, scalar, (text, x, y, p) => {
        const variables: Readonly<Record<string, Json>> = { x, y, obj: { p, q: { r: x } } };
        const result = evaluateFeel(text, at(variables));
        if (!result.ok || isMistyped(result.value.warnings)) return;
        const theirs = evaluateWithFeelin(text, variables);
        if (theirs === 'refused') return;
        compared += 1;
        expect(result.value.value, text).toEqual(theirs.value);
      }),
      { numRuns: 600 },
    );
    expect(compared).toBeGreaterThan(200);
  });
});

describe('lists and objects', () => {
  it('are compared by their items, and a path reads every item', () => {
    expect(valueOf('a = b', { a: [1], b: [1] })).toBe(true);
    expect(valueOf('a.x', { a: [{ x: 1 }, { x: 2 }] })).toEqual([1, 2]);
  });
});

describe('syntax', () => {
  it.each(['1 +', '', 'a = ', 'if x then', '(a'])('%j is refused', (expression) => {
    expect(checkSyntax(expression)).not.toBeNull();
  });

  it.each(['a', 'a.b > 1', 'assert(x, x != null)', 'get or else(a, 1)', 'is defined(x)', '`a b`'])(
    '%s is accepted',
    (expression) => {
      expect(checkSyntax(expression)).toBeNull();
    },
  );
});

describe('typed reading', () => {
  it('says what was expected, what came, and why', () => {
    expect(extractBoolean('approved', at({}))).toEqual({
      ok: false,
      error: {
        errorType: 'EXTRACT_VALUE_ERROR',
        message:
          "Expected the result of the expression 'approved' to be boolean, but it is null." +
          " Warnings: Variable 'approved' not found.",
      },
    });
  });

  it('shortens large values', () => {
    const result = extractBoolean('list', at({ list: Array.from({ length: 1_000 }, () => 'x') }));

    expect(result.ok ? '' : result.error.message.length).toBeLessThan(200);
  });

  it('correlation keys are text or numbers', () => {
    expect(extractKeyText('k', at({ k: 1.5 }))).toEqual({ ok: true, value: '1.5' });
    expect(extractKeyText('k', at({ k: true })).ok).toBe(false);
  });

  it('names are a list or one text with commas', () => {
    const text = { kind: 'static', text: ' a, ,b ' } as const;
    expect(extractNames(text, at({}))).toEqual({ ok: true, value: ['a', 'b'] });
    expect(extractNames({ kind: 'feel', expression: '["a"]' }, at({}))).toEqual({ ok: true, value: ['a'] });
    expect(extractNames(null, at({}))).toEqual({ ok: true, value: [] });
    expect(extractNames({ kind: 'feel', expression: '1' }, at({})).ok).toBe(false);
  });

  it('functions have no JSON form', () => {
    expect(valueOf('function(x) x')).toBe('a function cannot be stored');
  });
});

describe('durations', () => {
  it.each([
    ['P1Y2M', { months: 14, ms: 0 }],
    ['P1W', { months: 0, ms: 604_800_000 }],
    ['P1DT1H1M1.5S', { months: 0, ms: 90_061_500 }],
    ['-P1D', { months: 0, ms: -86_400_000 }],
    ['PT0S', { months: 0, ms: 0 }],
  ])('%s', (text, expected) => {
    expect(parseDuration(text)).toEqual(expected);
  });

  it.each(['P', 'PT', '1D', 'P1H', 'PT1D', 'P1.5D', 'soon', ''])('%j is none', (text) => {
    expect(parseDuration(text)).toBeNull();
  });

  it('months end at the last day of a shorter month', () => {
    const january31 = instant('2020-01-31T09:00:00+07:00');
    expect(plusDuration(january31, { months: 1, ms: 0 })).toBe(instant('2020-02-29T09:00:00+07:00'));
    expect(plusDuration(january31, { months: -2, ms: 0 })).toBe(instant('2019-11-30T09:00:00+07:00'));
  });

  it('months are counted on the Vietnamese calendar', () => {
    // 01:00 on 1 March in Vietnam is still 28 February in UTC
    const march1 = instant('2019-03-01T01:00:00+07:00');
    expect(plusDuration(march1, { months: 1, ms: 0 })).toBe(instant('2019-04-01T01:00:00+07:00'));
  });

  it('beyond the year 9999 there is no instant', () => {
    expect(plusDuration(STARTED_AT, { months: 12 * 9_000, ms: 0 })).toBeNull();
  });
});

describe('dates and cycles', () => {
  it.each([
    ['2019-05-06T08:00:00+07:00', '2019-05-06T01:00:00.000Z'],
    ['2019-05-06T08:00:00', '2019-05-06T01:00:00.000Z'],
    ['2019-05-06T01:00:00Z', '2019-05-06T01:00:00.000Z'],
    ['2019-05-06T03:00:00+02:00[Europe/Berlin]', '2019-05-06T01:00:00.000Z'],
    ['2019-05-06T03:00:00[Europe/Berlin]', '2019-05-06T01:00:00.000Z'],
    ['2019-01-06T03:00:00[Europe/Berlin]', '2019-01-06T02:00:00.000Z'],
    ['2019-03-31T02:30:00[Europe/Berlin]', '2019-03-31T01:30:00.000Z'],
    ['2019-05-06T08:00:00[Asia/Ho_Chi_Minh]', '2019-05-06T01:00:00.000Z'],
  ])('%s is an instant', (text, expected) => {
    expect(parseDateTime(text)).toBe(expected);
  });

  it.each(['2019-05-06', '2019-05-06T03:00:00[Europe/Nowhere]', 'now'])('%s is no instant', (text) => {
    expect(parseDateTime(text)).toBeNull();
  });

  it.each([
    ['R3/PT1H', { repetitions: 3, startAt: null, period: 'PT1H' }],
    ['R/P1D', { repetitions: null, startAt: null, period: 'P1D' }],
    ['R-1/P1D', { repetitions: null, startAt: null, period: 'P1D' }],
    ['R2/2019-05-06T01:00:00Z/P1M', { repetitions: 2, startAt: '2019-05-06T01:00:00.000Z', period: 'P1M' }],
  ])('%s is a cycle', (text, expected) => {
    expect(parseCycle(text)).toEqual(expected);
  });

  it.each(['PT1H', 'R3', 'Rx/PT1H', 'R3/PT0S', 'R3/-PT1H', 'R3/nonsense/PT1H', 'R3/a/b/PT1H'])('%s is none', (text) => {
    expect(parseCycle(text)).toBeNull();
  });
});
