// Operators, literals, control and collections of FEEL: one line per case, the expression and its value as a literal.

import { describe, expect, it } from 'vitest';
import { codesOf, literal, passes } from './feel.ts';

describe('numbers', () => {
  it.each([
    ['1+2*3', '7'],
    ['0.1+0.2', '0.3'],
    ['0.1*3', '0.3'],
    ['1/3', '0.3333333333333333333333333333333333'],
    ['2/3', '0.6666666666666666666666666666666667'],
    ['10 ** 20 + 0.5', '100000000000000000000.5'],
    ['9007199254740993 - 1', '9007199254740992'],
    ['123456789012345678901234567890.1234', '123456789012345678901234567890.1234'],
    ['-5 ** 2', '25'],
    ['2 ** -1', '0.5'],
    ['2 ** 0.5', '1.414213562373095048801688724209698'],
    ['1e3', '1000'],
    ['.5 + 1', '1.5'],
    ['1e-7', '0.0000001'],
    ['1 / 0', 'null'],
    ['0 * -1', '0'],
    ['10 ** 400 - 10 ** 400', '0'],
    ['1.10 = 1.1', 'true'],
    ['0.1 + 0.2 = 0.3', 'true'],
    ['-(3)', '-3'],
    ['null + 1', 'null'],
    ['1 + "a"', 'null'],
  ])('%s is %s', (text, expected) => {
    expect(literal(text)).toBe(expected);
  });
});

describe('texts', () => {
  it.each([
    ['"a" + "b"', '"ab"'],
    ['"\\U01F40E"', '"🐎"'],
    ['"\\uD83D\\uDC0E"', '"🐎"'],
    ['"\\"" + "\\\\"', '"\\"\\\\"'],
    ['"a" < "b"', 'true'],
    ['"\\uFF5E" < "🐎"', 'true'],
    ['"a" + null', 'null'],
  ])('%s is %s', (text, expected) => {
    expect(literal(text)).toBe(expected);
  });
});

describe('dates, times and durations', () => {
  it.each([
    ['date("2024-02-29") + duration("P1Y")', '2025-02-28'],
    ['date("2024-01-31") + @"P1M"', '2024-02-29'],
    ['@"2024-01-31T10:00:00@Europe/Paris" + @"P1M"', '2024-02-29T10:00:00@Europe/Paris'],
    ['@"2024-03-30T10:00:00@Europe/Paris" + @"P1D"', '2024-03-31T11:00:00@Europe/Paris'],
    ['@"2018-12-10T10:30:00" - @"2018-12-10T10:31:00"', '-PT1M'],
    ['@"2021-01-02" - @"2021-01-01"', 'P1D'],
    ['@"-999999999-12-31" + @"P1D"', '-999999998-01-01'],
    ['@"999999999-12-31" + @"P1D"', 'null'],
    ['@"0000-03-01" - @"P1D"', '0000-02-29'],
    ['@"10:00:00" + @"PT15H"', '01:00:00'],
    ['@"10:00:00Z" - @"10:00:00+02:00"', 'PT2H'],
    ['@"10:00:00Z" - @"10:00:00"', 'null'],
    ['@"P1D" * 1.5', 'P1DT12H'],
    ['3 * @"P1M"', 'P3M'],
    ['@"P1Y" / 5', 'P2M'],
    ['@"P1D" / @"PT1H"', '24'],
    ['@"P1Y" / @"P1D"', 'null'],
    ['@"P1D" / 0', 'null'],
    ['@"P1D" + @"P1M"', 'null'],
    ['-@"P1D"', '-P1D'],
    ['@"P1D" < @"P2D"', 'true'],
    ['@"P1Y" < @"P400D"', 'null'],
    ['@"2020-01-01T00:00:00Z" = @"2020-01-01T07:00:00+07:00"', 'true'],
    ['@"2020-01-01T00:00:00" = @"2020-01-01T00:00:00Z"', 'false'],
    ['@"2020-01-01" < @"2020-01-02"', 'true'],
    ['date("2020-01-01").weekday', '3'],
    ['@"2020-01-01T10:20:30+07:00".time offset', 'PT7H'],
    ['@"10:00:00@Asia/Ho_Chi_Minh".timezone', '"Asia/Ho_Chi_Minh"'],
    ['@"-P1DT2H".hours', '-2'],
    ['@"P1Y2M".months', '2'],
    ['@"nonsense"', 'null'],
  ])('%s is %s', (text, expected) => {
    expect(literal(text)).toBe(expected);
  });
});

describe('logic', () => {
  it.each([
    ['true and null', 'null'],
    ['false and null', 'false'],
    ['true or null', 'true'],
    ['false or null', 'null'],
    ['true and 1', 'null'],
    ['not(null)', 'null'],
    ['null = null', 'true'],
    ['null = 1', 'false'],
    ['1 = "1"', 'null'],
    ['1 < null', 'null'],
    ['"a" > 5', 'null'],
    ['true < false', 'null'],
    ['[1] = 1', 'true'],
    ['[1,2] = [1,2]', 'true'],
    ['{a:1,b:2} = {b:2,a:1}', 'true'],
    ['[1..3] = [1..3]', 'true'],
    ['1 between 0 and 2', 'true'],
    ['if 1 then 2 else 3', '3'],
    ['if null then 2 else 3', '3'],
  ])('%s is %s', (text, expected) => {
    expect(literal(text)).toBe(expected);
  });

  it('a comparison without an order leaves a warning', () => {
    expect(codesOf('"a" > 5')).toEqual(['FEEL_NOT_COMPARABLE']);
    expect(codesOf('x')).toEqual(['FEEL_VARIABLE_NOT_FOUND']);
    expect(codesOf('1 + "a"')).toEqual(['FEEL_BAD_OPERANDS']);
  });
});

describe('membership', () => {
  it.each([
    ['5 in (>3, <1)', 'true'],
    ['5 in [1..5)', 'false'],
    ['5 in [1..5]', 'true'],
    ['5 in ]1..6[', 'true'],
    ['5 in [1, 5]', 'true'],
    ['5 in [[1..3], [4..6]]', 'true'],
    ['[1,2,3] in ([1,2,3], 4)', 'true'],
    ['[1,2] in [[1,2]]', 'true'],
    ['"a" in ("a", "b")', 'true'],
    ['null in (1, null)', 'true'],
    ['5 in > 3', 'true'],
    ['@"2020-01-05" in [@"2020-01-01"..@"2020-01-31"]', 'true'],
    ['5 in "a"', 'null'],
  ])('%s is %s', (text, expected) => {
    expect(literal(text)).toBe(expected);
  });

  it.each<[string, Parameters<typeof passes>[1], unknown]>([
    ['-', 1, true],
    ['> 5, < 3', 4, false],
    ['> 5, < 3', 2, true],
    ['not(1, 2)', 3, true],
    ['not(1, 2)', 2, false],
    ['"a", "b"', 'b', true],
    ['[1..3]', 3, true],
    ['? > 5 and ? < 7', 6, true],
    ['starts with(?, "a")', 'abc', true],
    ['null', null, true],
    ['not(null)', 1, true],
    ['true', false, false],
    ['> 5', null, null],
    ['!= 5', 4, true],
  ])('the test %s of %j is %s', (tests, input, expected) => {
    expect(passes(tests, input)).toBe(expected);
  });
});

describe('loops', () => {
  it.each([
    ['for i in 1..3 return i*i', '[1, 4, 9]'],
    ['for i in 3..1 return i', '[3, 2, 1]'],
    ['for i in 2..1, j in 1..i return i*j', '[2, 4, 1]'],
    ['for i in [1..3) return i', '[1, 2]'],
    ['for d in @"2020-02-28"..@"2020-03-01" return d', '[2020-02-28, 2020-02-29, 2020-03-01]'],
    ['for i in 0..4 return if i = 0 then 1 else i * partial[-1]', '[1, 1, 2, 6, 24]'],
    ['for i in null return i', 'null'],
    ['for i in 5 return i', '[5]'],
    ['some x in [1,2] satisfies x > 1', 'true'],
    ['some x in [] satisfies true', 'false'],
    ['every x in [] satisfies false', 'true'],
    ['every x in [1, null] satisfies x > 0', 'null'],
    ['some x in [1,2], y in [3] satisfies x + y = 5', 'true'],
  ])('%s is %s', (text, expected) => {
    expect(literal(text)).toBe(expected);
  });
});

describe('lists, contexts and functions', () => {
  it.each([
    ['[1,2,3][item > 1]', '[2, 3]'],
    ['[{a:1,b:2},{a:2,b:3}][a=2].b', '[3]'],
    ['[1,2,3][-1]', '3'],
    ['[1,2,3][4]', 'null'],
    ['[1,2,3][0]', 'null'],
    ['5[1]', '5'],
    ['null[1]', 'null'],
    ['[true, false][item]', '[true]'],
    ['{a: 1, b: a + 1}.b', '2'],
    ['{"a b": 1}.a b', '1'],
    ['{a+b: 5, c: a+b}.c', '5'],
    ['{a: 1, a: 2}', 'null'],
    ['{a: 1}.b', 'null'],
    ['{fact: function(n) if n < 2 then 1 else n * fact(n - 1), r: fact(20)}.r', '2432902008176640000'],
    ['{add: function(x) function(y) x + y, r: add(1)(2)}.r', '3'],
    ['(function(a: number, b) a + b)(b: 1, a: 2)', '3'],
    ['(function(a: number) a)("x")', 'null'],
    ['[1..3].start included', 'true'],
    ['(1..3).end', '3'],
  ])('%s is %s', (text, expected) => {
    expect(literal(text)).toBe(expected);
  });

  it('an entry does not see itself, unless it is a function', () => {
    expect(literal('{a: a + 1}.a', { a: 1 })).toBe('2');
  });
});

describe('types', () => {
  it.each([
    ['[1,2] instance of list<number>', 'true'],
    ['[1,"a"] instance of list<number>', 'false'],
    ['[1..2] instance of range<number>', 'true'],
    ['["a".."b"] instance of range<number>', 'false'],
    ['{a: "x"} instance of context<a: string>', 'true'],
    ['{a: 1} instance of context<a: string>', 'false'],
    ['1 instance of Any', 'true'],
    ['null instance of Any', 'false'],
    ['null instance of number', 'false'],
    ['@"P1D" instance of days and time duration', 'true'],
    ['@"P1D" instance of years and months duration', 'false'],
    ['@"2020-01-01T00:00:00" instance of date and time', 'true'],
    ['abs instance of function<number>->number', 'true'],
  ])('%s is %s', (text, expected) => {
    expect(literal(text)).toBe(expected);
  });
});
