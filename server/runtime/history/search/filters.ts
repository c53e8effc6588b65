// A filter as clients write it → conditions in SQL with parameters. The shapes were checked by the schema of the route;
// what only the meaning can refuse (an unreadable date, another tenant) is refused here.

import { AppError } from '../../../shared/app-error.ts';
import { parseInstant } from '../../../shared/time.ts';
import { type Entity, type Filterable, type FilterKind, filtersOf } from './entity.ts';
import type { Parameters } from './parameters.ts';

export type Filter = Readonly<Record<string, unknown>>;

export const refuse = (message: string): AppError => new AppError('invalid-input', 'SEARCH_INVALID', message);

/** The conditions of a filter; all of them must hold. */
export function compileFilter(entity: Entity, filter: Filter, parameters: Parameters): readonly string[] {
  const known = filtersOf(entity);
  const conditions: string[] = [];
  const related = new Map<string, string[]>();
  for (const [name, given] of Object.entries(filter)) {
    if (given === undefined) continue;
    if (name === '$or') {
      conditions.push(compileAlternatives(entity, given, parameters));
      continue;
    }
    const filterable = known[name];
    if (filterable === undefined) throw refuse(`There is no filter '${name}'`);
    const condition = compileCondition(filterable, given, parameters);
    if (filterable.through === undefined) conditions.push(condition);
    else related.set(filterable.through, [...(related.get(filterable.through) ?? []), condition]);
  }
  // Conditions on related rows of one kind speak about the same row.
  for (const [name, ofRelated] of related) {
    conditions.push(`exists (${entity.related?.[name] ?? ''} and ${ofRelated.join(' and ')})`);
  }
  return conditions;
}

function compileAlternatives(entity: Entity, given: unknown, parameters: Parameters): string {
  const filters = given as readonly Filter[]; // an array of objects, by the schema
  const alternatives = filters.map((filter) => {
    const conditions = compileFilter(entity, filter, parameters);
    return conditions.length === 0 ? 'true' : `(${conditions.join(' and ')})`;
  });
  return alternatives.length === 0 ? 'true' : `(${alternatives.join(' or ')})`;
}

const SQL_TYPE: Readonly<Record<FilterKind, string>> = {
  strF: 'text',
  string: 'text',
  enumF: 'text',
  enum: 'text',
  keyF: 'bigint',
  key: 'bigint',
  intF: 'integer',
  int: 'integer',
  dateF: 'timestamptz',
  bool: 'boolean',
  tags: 'text',
  variables: 'text',
};

function compileCondition(filterable: Filterable, given: unknown, parameters: Parameters): string {
  const { filter, sql } = filterable;
  if (filter === 'bool') return given === true ? `(${sql})` : `not (${sql})`;
  if (filter === 'tags') return `${sql} @> ${parameters.add(given, 'text[]')}`;
  if (filter === 'variables') return compileVariables(filterable, given, parameters);
  if (typeof given !== 'object' || given === null) return compare(filterable, '$eq', given, parameters);
  const conditions = Object.entries(given).map(([operator, value]) => compare(filterable, operator, value, parameters));
  return conditions.length === 0 ? 'true' : `(${conditions.join(' and ')})`;
}

function compare(filterable: Filterable, operator: string, value: unknown, parameters: Parameters): string {
  if (filterable.isList === true) return compareList(filterable, operator, value, parameters);
  const { sql, filter, isNullable } = filterable;
  const type = SQL_TYPE[filter];
  const one = (): string => parameters.add(valueOf(filterable, value), type);
  const many = (): string =>
    parameters.add(
      (value as readonly unknown[]).map((item) => valueOf(filterable, item)),
      `${type}[]`,
    );
  switch (operator) {
    case '$eq':
      return and(prefixOf(filterable, [value], parameters), `${sql} = ${one()}`);
    case '$neq':
      return isNullable === true ? `${sql} is distinct from ${one()}` : `${sql} <> ${one()}`;
    case '$in':
      return and(prefixOf(filterable, value as readonly unknown[], parameters), `${sql} = any (${many()})`);
    case '$notIn': {
      const isNone = `${sql} <> all (${many()})`;
      return isNullable === true ? `(${sql} is null or ${isNone})` : isNone;
    }
    case '$exists':
      return value === true ? `(${sql}) is not null` : `(${sql}) is null`;
    case '$like':
      return `${sql} like ${parameters.add(likePattern(String(value)), 'text')}`;
    default:
      return compareOrder(filterable, operator, one);
  }
}

const COMPARISONS: Readonly<Record<string, string>> = { $gt: '>', $gte: '>=', $lt: '<', $lte: '<=' };

/** What is empty is in no range, although its place in the order is the last. */
function compareOrder({ sql, range }: Filterable, operator: string, one: () => string): string {
  const comparison = COMPARISONS[operator];
  if (comparison === undefined) throw refuse(`There is no operator '${operator}'`);
  if (range === undefined) return `${sql} ${comparison} ${one()}`;
  return `(${range} ${comparison} ${one()} and ${sql} is not null)`;
}

/** A list fulfils `$eq` when the text is in it, `$neq` when it is not, `$like` when one of its texts does. */
function compareList({ sql }: Filterable, operator: string, value: unknown, parameters: Parameters): string {
  switch (operator) {
    case '$eq':
      return `${sql} @> array[${parameters.add(value, 'text')}]`;
    case '$neq':
      return `not ${sql} @> array[${parameters.add(value, 'text')}]`;
    case '$in':
      return `${sql} && ${parameters.add(value, 'text[]')}`;
    case '$notIn':
      return `not ${sql} && ${parameters.add(value, 'text[]')}`;
    case '$exists':
      return value === true ? `cardinality(${sql}) > 0` : `cardinality(${sql}) = 0`;
    case '$like':
      return `exists (select from unnest(${sql}) as u (item) where u.item like ${parameters.add(likePattern(String(value)), 'text')})`;
    default:
      throw refuse(`There is no operator '${operator}'`);
  }
}

/** `[{name, value}]`: for each pair there is such a variable. The value is compared as JSON text. */
function compileVariables({ sql }: Filterable, given: unknown, parameters: Parameters): string {
  const pairs = given as readonly { readonly name: string; readonly value: unknown }[]; // by the schema
  const conditions = pairs.map(({ name, value }) => {
    const isValue = compileCondition(VARIABLE_VALUE, value, parameters);
    return `exists (select from history_variables v where ${sql} and v.name = ${parameters.add(name, 'text')} and ${isValue})`;
  });
  return conditions.length === 0 ? 'true' : conditions.join(' and ');
}

export const VALUE_PREFIX = { sql: 'substr(v.value, 1, 200)', length: 200 } as const;
const VARIABLE_VALUE: Filterable = { filter: 'strF', sql: 'v.value', prefix: VALUE_PREFIX };

/** The condition that the index answers; the whole text is compared afterwards. */
function prefixOf({ prefix }: Filterable, values: readonly unknown[], parameters: Parameters): string | null {
  if (prefix === undefined) return null;
  const beginnings = values.map((value) => [...String(value)].slice(0, prefix.length).join(''));
  return beginnings.length === 1
    ? `${prefix.sql} = ${parameters.add(beginnings[0], 'text')}`
    : `${prefix.sql} = any (${parameters.add(beginnings, 'text[]')})`;
}

const and = (first: string | null, second: string): string => (first === null ? second : `(${first} and ${second})`);

function valueOf({ filter, values }: Filterable, value: unknown): unknown {
  switch (filter) {
    case 'dateF':
      return dateOf(String(value));
    case 'enumF':
    case 'enum': {
      const text = String(value).toUpperCase();
      if (values?.includes(text) === true) return text;
      throw refuse(`Expected one of ${values?.join(', ') ?? ''}, but got '${String(value)}'`);
    }
    default:
      return value;
  }
}

function dateOf(text: string): string {
  const instant = parseInstant(text);
  if (instant === null) throw refuse(`The provided date '${text}' cannot be parsed as a date according to RFC 3339`);
  // PostgreSQL has no year 0; nothing of ours is older.
  return instant.startsWith('0000') ? '-infinity' : instant;
}

/** `*` any text, `?` one character, `\` takes the next character as it is. */
export function likePattern(pattern: string): string {
  let like = '';
  for (let index = 0; index < pattern.length; index += 1) {
    const character = pattern[index] ?? '';
    if (character === '*') like += '%';
    else if (character === '?') like += '_';
    else if (character === '\\' && index + 1 < pattern.length) {
      index += 1;
      like += escapeLike(pattern[index] ?? '');
    } else like += escapeLike(character);
  }
  return like;
}

const escapeLike = (character: string): string => ('%_\\'.includes(character) ? `\\${character}` : character);
