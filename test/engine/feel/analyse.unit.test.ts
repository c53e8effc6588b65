// What the editor is told about a text before it runs: types, names that are read, and what can have no result.

import { describe, expect, it } from 'vitest';
import type { AnalysisOptions, FeelNames, FeelType } from '../../../server/engine/expressions/feel/index.ts';
import { analyse, builtInFunctions, messageOf, typeText } from '../../../server/engine/expressions/feel/index.ts';
import { hasResultType } from '../../../server/engine/expressions/feel/functions/result-types.ts';
import { evaluate } from './feel.ts';

const NUMBER: FeelType = { kind: 'number' };
const TEXT: FeelType = { kind: 'string' };
const PERSON: FeelType = { kind: 'context', members: { name: TEXT, age: NUMBER, 'birth day': { kind: 'date' } } };
const NAMES: FeelNames = {
  amount: NUMBER,
  title: TEXT,
  person: PERSON,
  people: { kind: 'list', of: PERSON },
  due: { kind: 'date and time' },
  anything: { kind: 'any' },
};
const CLOSED: AnalysisOptions = { names: NAMES, isClosed: true };

const typeIn = (text: string): string => typeText(analyse(text, CLOSED).type);
const faultsIn = (text: string, options: AnalysisOptions = CLOSED): readonly string[] =>
  analyse(text, options).findings.map((one) => `${one.code} ${text.slice(one.from, one.to)}`);

describe('static types', () => {
  it.each([
    ['amount + 1', 'number'],
    ['title + "x"', 'string'],
    ['amount > 3 and title = "a"', 'boolean'],
    ['person.birth day', 'date'],
    ['people.age', 'list<number>'],
    ['people[age > 18]', 'list<context<name: string, age: number, birth day: date>>'],
    ['people[1].name', 'string'],
    ['people[-1].age * 2', 'number'],
    ['for p in people return p.age', 'list<number>'],
    ['for i in 1..3, d in [due] return d', 'list<date and time>'],
    ['some p in people satisfies p.age > 3', 'boolean'],
    ['if amount > 1 then "a" else title', 'string'],
    ['if amount > 1 then "a" else 1', 'Any'],
    ['{a: 1, b: a + 1, "c d": [b]}', 'context<a: number, b: number, c d: list<number>>'],
    ['function(a: number, b: string) b', 'function<number, string> -> string'],
    ['{f: function(x: number) x > 1, r: f(2)}.r', 'boolean'],
    ['due - due', 'days and time duration'],
    ['date("2020-01-01") + duration("P1D")', 'Any'],
    ['@"2020-01-01" + @"P1Y"', 'date'],
    ['(@"2020-01-01" - @"2019-01-01").days', 'number'],
    ['due.time offset', 'days and time duration'],
    ['[1..3].start', 'number'],
    ['(> amount)', 'range<number>'],
    ['min(people.age)', 'number'],
    ['append(["a"], "b")', 'list<string>'],
    ['substring(string: title, start position: 2)', 'string'],
    ['count(people)', 'number'],
    ['anything + 1', 'Any'],
    ['null', 'Null'],
  ])('%s is %s', (text, type) => {
    expect(typeIn(text)).toBe(type);
    expect(faultsIn(text)).toEqual([]);
  });

  it('every built-in function says what it answers', () => {
    const names = builtInFunctions('camunda').map((one) => one.name);
    expect(names.filter((name) => !hasResultType(name))).toEqual([]);
  });
});

describe('names that are read', () => {
  it('stand with their place, path and type, each time', () => {
    const { reads } = analyse('person.age > amount and person.name = x', { names: NAMES });

    expect(reads.map((read) => [read.name, read.path.join('.'), read.from, typeText(read.type)])).toEqual([
      ['person', 'age', 0, 'context<name: string, age: number, birth day: date>'],
      ['amount', '', 13, 'number'],
      ['person', 'name', 24, 'context<name: string, age: number, birth day: date>'],
      ['x', '', 38, 'Any'],
    ]);
  });

  it('locals, entries, parameters, members of known items and built-in functions are none', () => {
    const text = '{a: 1, b: a, c: for i in [a] return i, d: function(q) q + count(b), e: people[age > 1]}';

    expect(analyse(text, CLOSED).reads.map((read) => read.name)).toEqual(['people']);
    expect(analyse(text, CLOSED).locals.map((local) => local.name)).toEqual([
      'a',
      'b',
      'i',
      'c',
      'q',
      'd',
      'item',
      'e',
    ]);
  });

  it('a name in a filter over unknown items may be one of theirs', () => {
    const { reads, findings } = analyse('anything[age > amount]', CLOSED);

    expect(reads.map((read) => [read.name, read.isCertain])).toEqual([
      ['anything', true],
      ['age', false],
      ['amount', false],
    ]);
    expect(findings).toEqual([]);
  });
});

describe('faults that need no evaluation', () => {
  it.each([
    ['amount + title', 'FEEL_TYPE_OPERANDS amount + title'],
    ['due - title', 'FEEL_TYPE_OPERANDS due - title'],
    ['-title', 'FEEL_TYPE_OPERANDS -title'],
    ['amount = title', 'FEEL_TYPE_COMPARISON amount = title'],
    ['person < person', 'FEEL_TYPE_COMPARISON person < person'],
    ['amount between "a" and 3', 'FEEL_TYPE_COMPARISON "a"'],
    ['amount in ("a", 3)', 'FEEL_TYPE_COMPARISON "a"'],
    ['amount in [1..3]', null],
    ['amount in (> 3, [1..2])', null],
    ['amount in > "a"', 'FEEL_TYPE_COMPARISON > "a"'],
    ['if amount then 1 else 2', 'FEEL_TYPE_BOOLEAN amount'],
    ['amount and true', 'FEEL_TYPE_BOOLEAN amount'],
    ['abs(title)', 'FEEL_TYPE_ARGUMENT title'],
    ['substring(title, "1")', 'FEEL_TYPE_ARGUMENT "1"'],
    ['contains(string: amount, match: "a")', 'FEEL_TYPE_ARGUMENT amount'],
    ['abs(n: 1, m: 2)', 'FEEL_UNKNOWN_PARAMETER abs'],
    ['abs(1, 2)', 'FEEL_WRONG_ARGUMENT_COUNT abs'],
    ['abs([1])', null],
    ['person.agee', 'FEEL_TYPE_PROPERTY agee'],
    ['people.agee', 'FEEL_TYPE_PROPERTY agee'],
    ['due.yeer', 'FEEL_TYPE_PROPERTY yeer'],
    ['amount(3)', 'FEEL_TYPE_NOT_A_FUNCTION amount'],
    ['{f: function(a) a, r: f(1, 2)}', 'FEEL_WRONG_ARGUMENT_COUNT f'],
    ['people[title]', 'FEEL_TYPE_BOOLEAN title'],
    ['null + 1', null],
  ])('%s: %s', (text, fault) => {
    expect(faultsIn(text)).toEqual(fault === null ? [] : [fault]);
  });

  it('what is refused has no result when it is evaluated either', () => {
    const values = { amount: 1, title: 'a', person: { name: 'x', age: 3 } };
    for (const text of ['amount + title', '-title', 'amount = title', 'abs(title)', 'person.agee', 'person < person']) {
      expect(evaluate(text, values).value, text).toBeNull();
    }
  });

  it.each([
    ['amuont + 1', 'amount'],
    ['titel', 'title'],
    ['person.agee', 'age'],
    ['sbustring("a", 1)', 'substring'],
    ['Amount', 'amount'],
    ['zzzzzz', null],
  ])('in %s the nearest name is %s', (text, suggestion) => {
    expect(analyse(text, CLOSED).findings[0]?.suggestion).toBe(suggestion);
  });

  it('unknown names are no fault where other names may exist', () => {
    expect(faultsIn('x + foo(1)', { names: NAMES })).toEqual([]);
    expect(faultsIn('x', CLOSED)).toEqual(['FEEL_UNKNOWN_NAME x']);
  });

  it('the words are Vietnamese, kinds included, and name the suggestion', () => {
    const [first] = analyse('amount + title', CLOSED).findings;
    const [second] = analyse('sum(amuont)', CLOSED).findings;
    const hint = { code: second?.hint ?? '', values: second?.values ?? {} };

    expect(first === undefined ? null : messageOf(first, 'vi')).toBe('Phép “+” không có nghĩa giữa số và chuỗi');
    expect(messageOf(hint, 'vi')).toBe('Có phải ý bạn là “amount”?');
    expect(messageOf(hint)).toBe("Did you mean 'amount'?");
  });

  it('a cell of a table is held against the type of its input', () => {
    expect(faultsIn('> 3, [1..2], 7', { input: NUMBER })).toEqual([]);
    expect(faultsIn('> 3, "a"', { input: NUMBER })).toEqual(['FEEL_TYPE_COMPARISON "a"']);
    expect(faultsIn('starts with(?, "a")', { input: NUMBER })).toEqual(['FEEL_TYPE_ARGUMENT ?']);
    expect(faultsIn('not("a")', { input: TEXT })).toEqual([]);
    expect(faultsIn('-', { input: TEXT })).toEqual([]);
  });

  it('a text that is no FEEL is one error', () => {
    expect(analyse('1 +').findings).toMatchObject([{ code: 'FEEL_SYNTAX_INCOMPLETE', severity: 'error' }]);
  });

  it('types that double at every entry stay small', () => {
    const entries = Array.from({ length: 200 }, (_, at) => `e${at + 1}: {p: e${at}, q: e${at}}`);

    expect(typeText(analyse(`{e0: 1, ${entries.join(', ')}}`).type).length).toBeLessThan(20_000);
  });
});
