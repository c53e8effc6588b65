// What built-in functions answer, for the static types of the editor. A function without a row answers anything; a test
// demands a row for every function.

import { ANY, commonType } from '../types.ts';
import type { FeelType, SimpleTypeName } from '../type-model.ts';

type ResultOf = (args: readonly FeelType[]) => FeelType;

const always = (kind: SimpleTypeName): ResultOf => {
  const type: FeelType = { kind };
  return () => type;
};

const listOf = (of: FeelType): FeelType => ({ kind: 'list', of });
const itemOf = (type: FeelType | undefined): FeelType => (type?.kind === 'list' ? type.of : (type ?? ANY));
const TEXTS = listOf({ kind: 'string' });
const NUMBERS = listOf({ kind: 'number' });

const anything: ResultOf = () => ANY;
const first: ResultOf = ([type]) => type ?? ANY;
/** A list of what the first argument holds. */
const sameList: ResultOf = ([type]) => listOf(itemOf(type));
/** All arguments are lists, or values that stand for a list of one. */
const joinedLists: ResultOf = (args) => listOf(commonKind(args.map(itemOf)));
/** `min(list)` or `min(a, b, c)`. */
const oneOf: ResultOf = (args) => (args.length === 1 ? itemOf(args[0]) : commonKind(args));
const listAndItem: ResultOf = ([list, ...items]) => listOf(commonKind([itemOf(list), ...items]));

/** `Any` as soon as one of them is not known. */
const commonKind = (types: readonly FeelType[]): FeelType =>
  types.some((type) => type.kind === 'any') ? ANY : commonType(types);

const ENTRY: FeelType = { kind: 'context', members: { key: { kind: 'string' }, value: ANY } };

const replaced: ResultOf = ([list, , item]) => listOf(commonKind([itemOf(list), item ?? ANY]));

const group = (result: ResultOf, ...names: readonly string[]): readonly (readonly [string, ResultOf])[] =>
  names.map((name) => [name, result]);

const RESULTS: ReadonlyMap<string, ResultOf> = new Map([
  ...group(always('boolean'), 'not', 'contains', 'starts with', 'ends with', 'matches', 'list contains', 'all', 'any'),
  ...group(always('boolean'), 'is', 'odd', 'even', 'before', 'after', 'meets', 'met by', 'overlaps', 'overlaps before'),
  ...group(
    always('boolean'),
    'overlaps after',
    'finishes',
    'finished by',
    'includes',
    'during',
    'starts',
    'started by',
  ),
  ...group(always('boolean'), 'coincides', 'is defined', 'is blank', 'is empty'),
  ...group(always('number'), 'number', 'string length', 'count', 'sum', 'mean', 'product', 'median', 'stddev'),
  ...group(always('number'), 'decimal', 'floor', 'ceiling', 'round up', 'round down', 'round half up', 'modulo'),
  ...group(always('number'), 'round half down', 'sqrt', 'log', 'exp', 'day of year', 'week of year'),
  ...group(always('string'), 'string', 'substring', 'upper case', 'lower case', 'substring before', 'substring after'),
  ...group(always('string'), 'replace', 'string join', 'day of week', 'month of year', 'trim', 'to base64'),
  ...group(always('date'), 'date', 'today', 'last day of month'),
  ...group(always('time'), 'time'),
  ...group(always('date and time'), 'date and time', 'now'),
  ...group(always('years and months duration'), 'years and months duration'),
  ...group(() => TEXTS, 'split', 'extract'),
  ...group(() => NUMBERS, 'mode', 'index of'),
  ...group(() => listOf(ENTRY), 'get entries'),
  ...group(() => ({ kind: 'context', members: {} }), 'context', 'context put', 'context merge'),
  ...group(() => ({ kind: 'range', of: ANY }), 'range'),
  ...group(() => listOf(ANY), 'flatten'),
  ...group((args) => listOf(sameList(args)), 'partition'),
  ...group(sameList, 'sublist', 'reverse', 'distinct values', 'duplicate values', 'remove', 'sort'),
  ...group(joinedLists, 'concatenate', 'union'),
  ...group(listAndItem, 'append'),
  ...group(replaced, 'insert before', 'list replace'),
  ...group(oneOf, 'min', 'max'),
  ...group(first, 'abs', 'assert'),
  ...group((args) => commonKind(args), 'get or else'),
  ...group(anything, 'duration', 'get value'),
]);

export const hasResultType = (name: string): boolean => RESULTS.has(name);

export const resultTypeOf = (name: string, args: readonly FeelType[]): FeelType =>
  (RESULTS.get(name) ?? anything)(args);
