// What FEEL says when a text is wrong, when an evaluation goes on with null, and when it is stopped.

import { describe, expect, it } from 'vitest';
import {
  compileExpression,
  compileUnaryTests,
  MESSAGE_CODES,
  messageOf,
  scopeOf,
} from '../../../server/engine/expressions/feel/index.ts';
import { EN } from '../../../server/engine/expressions/feel/texts/en.ts';
import { VI } from '../../../server/engine/expressions/feel/texts/vi.ts';
import { evaluate, literal } from './feel.ts';

const firstError = (text: string) => {
  const compiled = compileExpression(text);
  return compiled.ok ? null : (compiled.error[0] ?? null);
};

describe('texts that are no FEEL', () => {
  it.each([
    ['', 'FEEL_SYNTAX_EMPTY', 1, 1],
    ['1 +', 'FEEL_SYNTAX_INCOMPLETE', 1, 4],
    ['1 +\n  )', 'FEEL_SYNTAX_UNEXPECTED', 2, 3],
    ['a && b', 'FEEL_SYNTAX_UNEXPECTED', 1, 3],
    ['if a then b', 'FEEL_SYNTAX_INCOMPLETE', 1, 12],
    ['1 instance of foo', 'FEEL_UNKNOWN_TYPE', 1, 15],
    ['"\\UFFFFFF"', 'FEEL_SYNTAX_BAD_STRING', 1, 1],
  ])('%j is %s at line %i, column %i', (text, code, line, column) => {
    expect(firstError(text)).toMatchObject({ code, line, column });
  });

  it('what other languages write gets a hint', () => {
    expect(firstError('a && b')?.hint).toBe('FEEL_HINT_AND');
  });

  it('nesting without end is refused before anything recurses into it', () => {
    const deep = '('.repeat(10_000) + '1' + ')'.repeat(10_000);
    expect(firstError(deep)?.code).toBe('FEEL_SYNTAX_TOO_DEEP');
    expect(firstError(`1${' + 1'.repeat(5_000)}`)?.code).toBe('FEEL_SYNTAX_TOO_DEEP');
    expect(firstError('1'.repeat(40_000))?.code).toBe('FEEL_SYNTAX_TOO_LONG');
  });
});

describe('warnings', () => {
  it('name the place and the values', () => {
    const { warnings } = evaluate('x + abs("a")');

    expect(warnings.map((warning) => [warning.code, warning.from, messageOf(warning, 'vi')])).toEqual([
      ['FEEL_VARIABLE_NOT_FOUND', 0, 'Không tìm thấy biến “x”'],
      ['FEEL_WRONG_ARGUMENT', 4, 'Hàm “abs” cần n là số hoặc khoảng thời gian, nhưng nhận được chuỗi "a"'],
      ['FEEL_BAD_OPERANDS', 0, 'Không tính được null + null'],
    ]);
  });

  it('every code has a text in both languages with the same values', () => {
    const valuesIn = (text: string | undefined): readonly string[] =>
      [...(text ?? '').matchAll(/\{\w+\}/g)].map(String);
    for (const code of MESSAGE_CODES)
      expect(valuesIn(VI[code]).toSorted(), code).toEqual(valuesIn(EN[code]).toSorted());
    expect(Object.keys(VI)).toEqual(Object.keys(EN));
  });
});

describe('limits', () => {
  it.each([
    ['for a in 1..2000, b in 1..2000 return 1', 'FEEL_LIMIT_STEPS'],
    ['count(for a in 1..10000000 return a)', 'FEEL_LIMIT_SIZE'],
    ['some a in 1..3000, b in 1..3000 satisfies false', 'FEEL_LIMIT_STEPS'],
    ['{f: function(n) f(n + 1), r: f(1)}.r', 'FEEL_LIMIT_DEPTH'],
    ['{f: function(s, n) if n = 0 then s else f(s + s, n - 1), r: f("xx", 100)}.r', 'FEEL_LIMIT_SIZE'],
  ])('%s ends with %s', (text, code) => {
    expect(evaluate(text)).toMatchObject({ value: null, failure: { code } });
  });

  it('a pattern that would backtrack for ever answers at once', () => {
    expect(literal(`matches("${'a'.repeat(5_000)}b", "^(a+)+$")`)).toBe('false');
  });

  it('a power without end is out of range', () => {
    expect(literal('10 ** 100000')).toBe('null');
  });
});

describe('names', () => {
  it('with blanks, operators and keywords are read when they are known', () => {
    const any = { kind: 'any' } as const;
    const names = {
      'a-b': any,
      'Số tiền': any,
      'x and y': any,
      order: { kind: 'context', members: { 'net+tax': any } },
    } as const;
    const context = { 'a-b': 1, 'Số tiền': 2, 'x and y': 3, order: { 'net+tax': 4 } };

    expect(literal('a-b + Số tiền * x and y', context, { names })).toBe('7');
    expect(literal('order.net + tax', context, { names })).toBe('4');
    expect(literal('a - b', context, { names })).toBe('1');
  });

  it('a compiled text says which names it reads', () => {
    const compiled = compileExpression('a.b + sum(for x in list return x * rate)');

    expect(compiled.ok ? [...compiled.value.reads.keys()] : []).toEqual(['a', 'list', 'rate']);
  });

  it('a function of the scope comes before the built-in one', () => {
    const { value } = evaluate('function(x) x + 1');

    expect(literal('abs(1)', { abs: value })).toBe('2');
    expect(literal('abs(-1)', { abs: 5 })).toBe('1');
  });
});

describe('the dialect of process models', () => {
  const camunda = { dialect: 'camunda' } as const;

  it.each([
    ['is defined(x)', 'false'],
    ['get or else(x, 3)', '3'],
    ['trim("  x ")', '"x"'],
    ['is blank(" ")', 'true'],
    ['is empty([])', 'true'],
    ['partition([1,2,3], 2)', '[[1, 2], [3]]'],
    ['duplicate values([1,2,1])', '[1]'],
    ['extract("a1b22", "[0-9]+")', '["1", "22"]'],
    ['to base64("Đắk")', '"xJDhuq9r"'],
    ['last day of month(date("2024-02-01"))', '2024-02-29'],
    ['number("12.5")', '12.5'],
    ['`a b` + 1', '2'],
    ['get value({a: {b: 1}}, ["a", "b"])', '1'],
  ])('%s is %s', (text, expected) => {
    expect(literal(text, { 'a b': 1 }, camunda)).toBe(expected);
  });

  it('an assertion that fails is a failure with its cause', () => {
    expect(evaluate('assert(x, x != null, "x is needed")', {}, camunda)).toMatchObject({
      value: null,
      failure: { code: 'FEEL_ASSERTION_FAILED', values: { cause: 'x is needed' } },
    });
  });

  it('has no extensions in the standard', () => {
    expect(evaluate('is blank("")').warnings.map((warning) => warning.code)).toContain('FEEL_FUNCTION_NOT_FOUND');
  });
});

describe('plain cells of decision tables', () => {
  it.each(['-', '"a", "b"', '> 5', '[1..10)', 'not("x", 1)', '<= -2.5', 'null', 'true', '!= "a"', '(1..2]'])(
    '%s means the same with and without the grammar',
    (cell) => {
      const inputs = [null, true, false, -3, 1, 2, 5, 5.5, 10, 'a', 'x', 'b'];
      const viaGrammar = `${cell.startsWith('not') || cell === '-' ? '' : ' /* read by the grammar */ '}${cell}`;
      const results = [cell, viaGrammar].map((text) => {
        const compiled = compileUnaryTests(text);
        return inputs.map((input) => (compiled.ok ? compiled.value.test(input, scopeOf({})).value : 'unreadable'));
      });
      expect(results[0]).toEqual(results[1]);
    },
  );
});
