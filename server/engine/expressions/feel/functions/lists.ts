// Functions of lists (DMN 1.5, 10.3.4.4), and sorting. Positions count from 1, or from the end below zero.

import { compare, equals } from '../comparison.ts';
import * as numbers from '../numbers.ts';
import type { FeelDecimal, FeelNumber } from '../numbers.ts';
import type { FeelFunction, FeelList, FeelValue, FunctionRun } from '../values.ts';
import { isList, isNumber } from '../values.ts';
import type { BuiltIn } from './define.ts';
import { any, callback, define, list, listOrItems, noResult, number, optional, signature, withRest } from './define.ts';
import { wholeOf } from './strings.ts';

/** Index from 0 of a position; null when the list has no such item. */
function indexOf(items: FeelList, position: FeelNumber): number | null {
  const at = wholeOf(position);
  if (at === 0 || Math.abs(at) > items.length || !Number.isSafeInteger(at)) return null;
  return at > 0 ? at - 1 : items.length + at;
}

/** null when an item is no number. */
function numbersOf(items: FeelList): readonly FeelNumber[] | null {
  const found = items.filter(isNumber);
  return found.length === items.length ? found : null;
}

function total(items: readonly FeelNumber[]): FeelNumber | null {
  return items.reduce<FeelNumber | null>((sum, item) => (sum === null ? null : numbers.add(sum, item)), 0);
}

function mean(items: readonly FeelNumber[]): FeelNumber | null {
  const sum = total(items);
  return sum === null ? null : numbers.divide(sum, items.length);
}

function standardDeviation(items: readonly FeelNumber[]): FeelNumber | null {
  if (items.length < 2) return null;
  const middle = mean(items);
  if (middle === null) return null;
  const squares = items.reduce<FeelDecimal>(
    (sum, item) => sum.plus(numbers.toDecimal(item).minus(numbers.toDecimal(middle)).pow(2)),
    numbers.toDecimal(0),
  );
  return numbers.normalise(squares.dividedBy(items.length - 1).sqrt());
}

function median(items: readonly FeelNumber[]): FeelNumber | null {
  const sorted = [...items].sort(numbers.compareNumbers);
  const middle = sorted.length >> 1;
  const [low, high] = [sorted[middle - 1], sorted[middle]];
  if (high === undefined) return null;
  return sorted.length % 2 === 1 || low === undefined ? high : mean([low, high]);
}

function mode(items: readonly FeelNumber[]): FeelList {
  const counts = new Map<string, { readonly value: FeelNumber; count: number }>();
  for (const value of items) {
    const key = numbers.numberText(value);
    const entry = counts.get(key) ?? { value, count: 0 };
    entry.count += 1;
    counts.set(key, entry);
  }
  const most = Math.max(...[...counts.values()].map((entry) => entry.count));
  const winners = [...counts.values()].filter((entry) => entry.count === most).map((entry) => entry.value);
  return winners.sort(numbers.compareNumbers);
}

/** Functions of numbers only; an empty list has no result, except where `whenEmpty` says so. */
const ofNumbers = (
  name: string,
  apply: (items: readonly FeelNumber[]) => FeelValue,
  whenEmpty: FeelValue = null,
): BuiltIn =>
  define(
    name,
    listOrItems('list', (items, run) => {
      run.spend(items.length);
      const all = numbersOf(items);
      if (all?.length === 0) return whenEmpty;
      return (all === null ? null : apply(all)) ?? noResult(run, name);
    }),
  );

/** The extreme of items of one ordered kind. */
const extreme = (name: string, isBetter: (order: number) => boolean): BuiltIn =>
  define(
    name,
    listOrItems('list', (items, run) => {
      run.spend(items.length);
      let best = items[0] ?? null;
      for (const item of items) {
        const order = compare(item, best);
        if (order === null) return noResult(run, name);
        if (isBetter(order)) best = item;
      }
      return best;
    }),
  );

/** Three-valued: one decisive item wins, otherwise every item must be a boolean. */
const decidedBy = (name: string, decisive: boolean): BuiltIn =>
  define(
    name,
    listOrItems('list', (items, run) => {
      run.spend(items.length);
      if (items.includes(decisive)) return decisive;
      return items.every((item) => typeof item === 'boolean') ? !decisive : noResult(run, name);
    }),
  );

const isEqual = (a: FeelValue, b: FeelValue): boolean => equals(a, b) === true;

function distinct(items: FeelList, run: FunctionRun): FeelList {
  const plain = new Set<FeelValue>();
  const found: FeelValue[] = [];
  for (const item of items) {
    // Numbers and texts have one form per value, so a set finds them; the others are compared.
    const isPlain = item === null || typeof item !== 'object';
    if (isPlain ? plain.has(item) : found.some((other) => isEqual(item, other))) continue;
    run.spend(isPlain ? 1 : found.length + 1);
    if (isPlain) plain.add(item);
    found.push(item);
  }
  return found;
}

function flatten(items: FeelList, run: FunctionRun): FeelList {
  const found: FeelValue[] = [];
  const open: { readonly items: FeelList; at: number }[] = [{ items, at: 0 }];
  for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
    const item = top.items[top.at];
    top.at += 1;
    run.spend(1);
    if (item === undefined) open.pop();
    else if (isList(item)) open.push({ items: item, at: 0 });
    else found.push(item);
  }
  return found;
}

function joined(lists: readonly FeelList[], run: FunctionRun): FeelList {
  run.reserve(lists.reduce((sum, items) => sum + items.length, 0));
  return lists.flat();
}

function sublist(items: FeelList, start: FeelNumber, length: FeelNumber | null): FeelList | null {
  const from = indexOf(items, start);
  const count = length === null ? null : wholeOf(length);
  if (from === null || (count !== null && (count < 1 || from + count > items.length))) return null;
  return items.slice(from, count === null ? undefined : from + count);
}

interface Replacement {
  readonly match: FeelFunction;
  readonly item: FeelValue;
}

/** null when the function answers anything but true or false. */
function replaceMatching(items: FeelList, { match, item }: Replacement, run: FunctionRun): FeelList | null {
  const results: FeelValue[] = [];
  for (const old of items) {
    const isMatch = run.call(match, [old, item]);
    if (typeof isMatch !== 'boolean') return null;
    results.push(isMatch ? item : old);
  }
  return results;
}

function sorted(items: FeelList, precedes: FeelFunction, run: FunctionRun): FeelList | null {
  let isValid = true;
  const isBefore = (a: FeelValue, b: FeelValue): boolean => {
    const result = run.call(precedes, [a, b]);
    if (typeof result !== 'boolean') isValid = false;
    return result === true;
  };
  const result = [...items].sort((a, b) => (isBefore(a, b) ? -1 : isBefore(b, a) ? 1 : 0));
  return isValid ? result : null;
}

/** Items of one ordered kind; null when they have no order. */
function naturallySorted(items: FeelList): FeelList | null {
  const first = items[0] ?? null;
  if (items.some((item) => compare(item, first) === null)) return items.length === 0 ? items : null;
  return [...items].sort((a, b) => compare(a, b) ?? 0);
}

const REPLACING: readonly BuiltIn[] = [
  define(
    'list replace',
    signature([list('list'), number('position'), any('newItem')], ([items, position, item], run) => {
      const index = indexOf(items, position);
      return index === null ? noResult(run, 'list replace') : items.with(index, item);
    }),
    signature([list('list'), callback('match'), any('newItem')], ([items, match, item], run) => {
      return replaceMatching(items, { match, item }, run) ?? noResult(run, 'list replace');
    }),
  ),
  define(
    'insert before',
    signature([list('list'), number('position'), any('newItem')], ([items, position, item], run) => {
      const index = indexOf(items, position);
      return index === null ? noResult(run, 'insert before') : items.toSpliced(index, 0, item);
    }),
  ),
  define(
    'remove',
    signature([list('list'), number('position')], ([items, position], run) => {
      const index = indexOf(items, position);
      return index === null ? noResult(run, 'remove') : items.toSpliced(index, 1);
    }),
  ),
  define(
    'sort',
    signature([list('list'), callback('precedes')], ([items, precedes], run) => {
      return sorted(items, precedes, run) ?? noResult(run, 'sort');
    }),
    signature([list('list')], ([items], run) => naturallySorted(items) ?? noResult(run, 'sort')),
  ),
];

export const LIST_FUNCTIONS: readonly BuiltIn[] = [
  define(
    'list contains',
    signature([list('list'), any('element')], ([items, element]) => items.some((item) => isEqual(item, element))),
  ),
  define(
    'count',
    signature([list('list')], ([items]) => items.length),
  ),
  extreme('min', (order) => order < 0),
  extreme('max', (order) => order > 0),
  ofNumbers('sum', total),
  ofNumbers('mean', mean),
  ofNumbers('product', (items) =>
    items.reduce<FeelNumber | null>((result, item) => (result === null ? null : numbers.multiply(result, item)), 1),
  ),
  ofNumbers('median', median),
  ofNumbers('stddev', standardDeviation),
  ofNumbers('mode', mode, []),
  decidedBy('all', false),
  decidedBy('any', true),
  define(
    'sublist',
    signature([list('list'), number('start position'), optional(number('length'))], ([items, start, length], run) => {
      return sublist(items, start, length) ?? noResult(run, 'sublist');
    }),
  ),
  define(
    'append',
    withRest(list('list'), any('item'), (items, added) => [...(items ?? []), ...added]),
  ),
  define(
    'concatenate',
    withRest(null, list('list'), (_first, lists, run) => (lists.length === 0 ? null : joined(lists, run))),
  ),
  define(
    'union',
    withRest(null, list('list'), (_first, lists, run) =>
      lists.length === 0 ? null : distinct(joined(lists, run), run),
    ),
  ),
  define(
    'reverse',
    signature([list('list')], ([items]) => items.toReversed()),
  ),
  define(
    'index of',
    signature([list('list'), any('match')], ([items, match]) =>
      items.flatMap((item, index) => (isEqual(item, match) ? [index + 1] : [])),
    ),
  ),
  define(
    'distinct values',
    signature([list('list')], ([items], run) => distinct(items, run)),
  ),
  define(
    'flatten',
    signature([list('list')], ([items], run) => flatten(items, run)),
  ),
  ...REPLACING,
];

export const LIST_EXTENSIONS: readonly BuiltIn[] = [
  define(
    'is empty',
    signature([list('list')], ([items]) => items.length === 0),
  ),
  define(
    'duplicate values',
    signature([list('list')], ([items], run) => {
      const repeated = items.filter((item, index) => items.findIndex((other) => isEqual(item, other)) !== index);
      run.spend(items.length * items.length);
      return distinct(repeated, run);
    }),
  ),
  define(
    'partition',
    signature([list('list'), number('size')], ([items, size], run) => {
      const count = wholeOf(size);
      if (count < 1) return noResult(run, 'partition');
      return Array.from({ length: Math.ceil(items.length / count) }, (_, index) =>
        items.slice(index * count, (index + 1) * count),
      );
    }),
  ),
];
