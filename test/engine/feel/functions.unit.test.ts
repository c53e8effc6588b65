// Every built-in function of the standard: by position, by name, with null, wrong kinds and ends of its domain. The
// value is written as a FEEL literal.

import { describe, expect, it } from 'vitest';
import { literal } from './feel.ts';

describe('conversion functions', () => {
  it.each([
    ['date("2012-12-24")', '2012-12-24'],
    ['date("998-12-31")', 'null'],
    ['date("01211-12-31")', 'null'],
    ['date("-99999-02-28")', '-99999-02-28'],
    ['date("2017-02-29")', 'null'],
    ['date("2012-12-24T23:59:00")', 'null'],
    ['date(2017, 12, 31)', '2017-12-31'],
    ['date(2017, 13, 31)', 'null'],
    ['date(year: 2017, month: 1, day: 2)', '2017-01-02'],
    ['date(date and time("2017-08-14T14:25:00"))', '2017-08-14'],
    ['date(null)', 'null'],
    ['date()', 'null'],
    ['time("23:59:00.123456789")', '23:59:00.123456789'],
    ['time("23:59:00@Etc/UTC")', '23:59:00@Etc/UTC'],
    ['time("24:00:00")', 'null'],
    ['time("23:59:60")', 'null'],
    ['time("23:59")', 'null'],
    ['time("23:59:00+18:01")', 'null'],
    ['time("13:20:00+02:00@Europe/Paris")', 'null'],
    ['time("10:00:00@Nowhere/City")', 'null'],
    ['time(11, 59, 45, @"-PT2H")', '11:59:45-02:00'],
    ['time(11, 59, 45.5)', '11:59:45.5'],
    ['time(date("2017-08-10"))', '00:00:00Z'],
    ['time(from: "10:00:00Z")', '10:00:00Z'],
    ['date and time("2012-12-24")', '2012-12-24T00:00:00'],
    ['date and time("2017-12-31T24:00:00")', 'null'],
    ['date and time("-99999-12-31T11:22:33")', '-99999-12-31T11:22:33'],
    ['date and time(date("2017-01-01"), time("10:00:00Z"))', '2017-01-01T10:00:00Z'],
    ['date and time(date and time("2017-01-01T08:00:00"), time("10:00:00"))', '2017-01-01T10:00:00'],
    ['date and time(date("2017-01-01"), null)', 'null'],
    ['duration("P1Y13M")', 'P2Y1M'],
    ['duration("PT24H")', 'P1D'],
    ['duration("-PT1.5S")', '-PT1.5S'],
    ['duration("P1Y1D")', 'null'],
    ['duration("P")', 'null'],
    ['duration("P1DT")', 'null'],
    ['years and months duration(date("2011-12-22"), date("2013-08-24"))', 'P1Y8M'],
    ['years and months duration(date("2013-08-24"), date("2011-12-22"))', '-P1Y8M'],
    ['years and months duration(date("2017-01-31"), date("2017-02-28"))', 'P0M'],
    ['number("1 000,5", " ", ",")', '1000.5'],
    ['number("1.000,5", ".", ",")', '1000.5'],
    ['number("1,000.5", ",", ".")', '1000.5'],
    ['number("1", ".", ".")', 'null'],
    ['number("x", null, null)', 'null'],
    ['number("1.5", null, null)', '1.5'],
    ['number("1.5")', 'null'],
    ['string(1.10)', '"1.1"'],
    ['string(null)', 'null'],
    ['string([1, "a", null])', '"[1, \\"a\\", null]"'],
    ['string({a: "b"})', '"{a: \\"b\\"}"'],
    ['string(@"P1D")', '"P1D"'],
    ['string([1..3])', '"[1..3]"'],
  ])('%s is %s', (text, expected) => {
    expect(literal(text)).toBe(expected);
  });
});

describe('text functions', () => {
  it.each([
    ['substring("foobar", 3)', '"obar"'],
    ['substring("foobar", -2, 1)', '"a"'],
    ['substring("foobar", 0)', 'null'],
    ['substring("foobar", 8)', 'null'],
    ['substring("🐎ab", 2)', '"ab"'],
    ['substring(string: "foobar", start position: 2, length: 2)', '"oo"'],
    ['substring(1, 1)', 'null'],
    ['string length("🐎ab")', '3'],
    ['string length(["abc"])', '3'],
    ['upper case("aBc4")', '"ABC4"'],
    ['lower case("ĐẮK LẮK")', '"đắk lắk"'],
    ['substring before("foobar", "bar")', '"foo"'],
    ['substring before("foobar", "x")', '""'],
    ['substring after("foobar", "ob")', '"ar"'],
    ['substring after("foobar", "")', '"foobar"'],
    ['contains("foobar", "of")', 'false'],
    ['contains("foobar", null)', 'null'],
    ['starts with("foobar", "fo")', 'true'],
    ['ends with("foobar", "r")', 'true'],
    ['replace("abracadabra", "a.*?a", "*")', '"*c*bra"'],
    ['replace("0123456789", "(\\\\d{3})(\\\\d{3})(\\\\d{4})", "($1) $2-$3")', '"(012) 345-6789"'],
    ['replace("a.b.c", ".", "#", "q")', '"a#b#c"'],
    ['replace("abc", "B", "x", "i")', '"axc"'],
    ['replace("abc", "a b", "x", "x")', '"xc"'],
    ['replace("abc", "b", "$")', 'null'],
    ['replace("abc", "x*", "-")', 'null'],
    ['matches("foobar", "^fo*b")', 'true'],
    ['matches("a\\nb", "a.b")', 'false'],
    ['matches("a\\nb", "a.b", "s")', 'true'],
    ['matches("a\\nb", "^b$", "m")', 'true'],
    ['matches("abc", "[a-c]{3}")', 'true'],
    ['matches("foobar", "[")', 'null'],
    ['matches("foobar", "fo", "p")', 'null'],
    ['matches("aa", "(a)\\\\1")', 'null'],
    ['matches("Đắk", "^\\\\w+$")', 'true'],
    ['split("John Doe", "\\\\s")', '["John", "Doe"]'],
    ['split("a;b;;", ";")', '["a", "b", "", ""]'],
    ['string join(["a", "b"], "-")', '"a-b"'],
    ['string join(["a", null, "b"], "-")', '"a-b"'],
    ['string join(["a", 1])', 'null'],
  ])('%s is %s', (text, expected) => {
    expect(literal(text)).toBe(expected);
  });
});

describe('list functions', () => {
  it.each([
    ['list contains([1, null], null)', 'true'],
    ['list contains([[1]], [1])', 'true'],
    ['count([1, 2])', '2'],
    ['count(null)', 'null'],
    ['min(3, 1, 2)', '1'],
    ['min(["b", "a"])', '"a"'],
    ['min([1, null])', 'null'],
    ['max([])', 'null'],
    ['max(@"P1D", @"PT25H")', 'P1DT1H'],
    ['sum([0.1, 0.2])', '0.3'],
    ['sum([])', 'null'],
    ['sum([1, "a"])', 'null'],
    ['mean(1, 2, 3)', '2'],
    ['all([true, null])', 'null'],
    ['all([false, null])', 'false'],
    ['all([])', 'true'],
    ['any([true, null])', 'true'],
    ['any([])', 'false'],
    ['sublist([4, 5, 6], 1, 2)', '[4, 5]'],
    ['sublist([4, 5, 6], -2)', '[5, 6]'],
    ['sublist([4, 5, 6], 1, 5)', 'null'],
    ['append([1], 2, 3)', '[1, 2, 3]'],
    ['append(list: [1], item: 2)', '[1, 2]'],
    ['concatenate([1], [2, 3])', '[1, 2, 3]'],
    ['concatenate([1], null)', 'null'],
    ['insert before([1, 3], 1, 2)', '[2, 1, 3]'],
    ['insert before([1, 3], 3, 2)', 'null'],
    ['remove([1, 2, 3], -1)', '[1, 2]'],
    ['reverse([1, 2, 3])', '[3, 2, 1]'],
    ['index of([1, 2, 3, 2], 2)', '[2, 4]'],
    ['union([1, 2], [2, 3])', '[1, 2, 3]'],
    ['distinct values([1, 2, 1, null, null])', '[1, 2, null]'],
    ['flatten([[1, 2], [[3]], 4])', '[1, 2, 3, 4]'],
    ['product([2, 3, 4])', '24'],
    ['median([6, 1, 2, 3])', '2.5'],
    ['stddev(2, 4, 7, 5)', '2.081665999466132735282297706979931'],
    ['stddev([1])', 'null'],
    ['mode([6, 1, 9, 6, 1])', '[1, 6]'],
    ['mode([])', '[]'],
    ['list replace([2, 4, 7, 8], 3, 6)', '[2, 4, 6, 8]'],
    ['list replace([2, 4, 7, 8], function(item, newItem) item < newItem, 5)', '[5, 5, 7, 8]'],
    ['list replace(list: [2, 4], position: -1, newItem: 6)', '[2, 6]'],
    ['list replace([1], 2, 3)', 'null'],
    ['sort([3, 1, 2], function(x, y) x < y)', '[1, 2, 3]'],
    ['sort([3, 1, 2], function(x, y) 5)', 'null'],
    ['sort(["b", "a"])', '["a", "b"]'],
  ])('%s is %s', (text, expected) => {
    expect(literal(text)).toBe(expected);
  });
});

describe('number functions', () => {
  it.each([
    ['decimal(1/3, 2)', '0.33'],
    ['decimal(2.5, 0)', '2'],
    ['decimal(125, -1)', '120'],
    ['floor(-1.56, 1)', '-1.6'],
    ['floor(1.5)', '1'],
    ['floor(1.5, null)', 'null'],
    ['ceiling(1.5)', '2'],
    ['ceiling(-1.56, 1)', '-1.5'],
    ['round up(-5.5, 0)', '-6'],
    ['round down(-5.5, 0)', '-5'],
    ['round half up(-5.5, 0)', '-6'],
    ['round half up(1.125, 2)', '1.13'],
    ['round half down(5.5, 0)', '5'],
    ['round half down(1.126, 2)', '1.13'],
    ['abs(-10)', '10'],
    ['abs(@"-PT5H")', 'PT5H'],
    ['modulo(-12, 5)', '3'],
    ['modulo(12, -5)', '-3'],
    ['modulo(-10.1, 4.5)', '3.4'],
    ['modulo(10, 0)', 'null'],
    ['sqrt(16)', '4'],
    ['sqrt(-1)', 'null'],
    ['log(1)', '0'],
    ['log(0)', 'null'],
    ['exp(0)', '1'],
    ['exp(10 ** 9)', 'null'],
    ['odd(-5)', 'true'],
    ['even(2.5)', 'false'],
  ])('%s is %s', (text, expected) => {
    expect(literal(text)).toBe(expected);
  });
});

describe('date functions', () => {
  it.each([
    ['day of year(date(2019, 9, 17))', '260'],
    ['day of week(date(2019, 9, 17))', '"Tuesday"'],
    ['month of year(date(2019, 9, 17))', '"September"'],
    ['week of year(date(2005, 1, 1))', '53'],
    ['week of year(date(2003, 12, 29))', '1'],
    ['now()', '2019-05-06T08:00:00+07:00'],
    ['today()', '2019-05-06'],
    ['is(@"10:00:00Z", @"10:00:00+00:00")', 'true'],
    ['is(@"10:00:00Z", @"10:00:00")', 'false'],
    ['is(1, "1")', 'false'],
  ])('%s is %s', (text, expected) => {
    expect(literal(text)).toBe(expected);
  });
});

describe('range functions', () => {
  it.each([
    ['before(1, [2..3])', 'true'],
    ['before([1..10), 10)', 'true'],
    ['before([1..10], [10..20])', 'false'],
    ['after([11..20], [1..11))', 'true'],
    ['meets([1..5], [5..10])', 'true'],
    ['met by([5..10], [1..5])', 'true'],
    ['overlaps([1..5], [5..8])', 'true'],
    ['overlaps([1..5], (5..8])', 'false'],
    ['overlaps before([1..5], [3..8])', 'true'],
    ['overlaps before([1..5], [1..5])', 'false'],
    ['overlaps after([3..8], [1..5])', 'true'],
    ['finishes(10, [1..10])', 'true'],
    ['finishes([5..10], [1..10])', 'true'],
    ['finished by([1..10], 10)', 'true'],
    ['includes([1..10], 5)', 'true'],
    ['includes((1..10], [1..5])', 'false'],
    ['during([4..6], [1..10])', 'true'],
    ['starts(1, [1..10])', 'true'],
    ['started by([1..10], [1..5])', 'true'],
    ['coincides([1..5], [1..5])', 'true'],
    ['coincides(5, 6)', 'false'],
    ['before(point1: 1, point2: 2)', 'true'],
    ['before(1, null)', 'null'],
    ['range("[18..21]")', '[18..21]'],
    ['range("(..2]")', '(null..2]'],
    ['range("[21..18]")', 'null'],
    ['range("[@\\"2019-01-01\\"..@\\"2020-01-01\\"]")', '[@"2019-01-01"..@"2020-01-01"]'],
    ['range("[..2]")', 'null'],
  ])('%s is %s', (text, expected) => {
    expect(literal(text)).toBe(expected);
  });
});

describe('context functions', () => {
  it.each([
    ['get value({a: 1}, "a")', '1'],
    ['get value({a: 1}, "b")', 'null'],
    ['get entries({a: 1})', '[{key: "a", value: 1}]'],
    ['context([{key: "a", value: 1}])', '{a: 1}'],
    ['context([{key: "a", value: 1}, {key: "a", value: 2}])', 'null'],
    ['context put({a: 1}, "a", 2)', '{a: 2}'],
    ['context put({a: {b: 1}}, ["a", "b"], 2)', '{a: {b: 2}}'],
    ['context put({a: 1}, ["a", "b"], 2)', 'null'],
    ['context merge([{a: 1}, {a: 2, b: 3}])', '{a: 2, b: 3}'],
  ])('%s is %s', (text, expected) => {
    expect(literal(text)).toBe(expected);
  });
});

describe('logic functions', () => {
  it.each([
    ['not(true)', 'false'],
    ['not(1)', 'null'],
  ])('%s is %s', (text, expected) => {
    expect(literal(text)).toBe(expected);
  });
});
