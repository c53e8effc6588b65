// The type lattice of FEEL as data: what `instance of` asks, what item definitions of a decision model declare, and
// what the editor shows. Structural: a context conforms when it has the named members, whatever else it has.

import type { FeelType, SimpleTypeName } from './type-model.ts';
import { FeelDate, FeelDateTime, FeelTime } from './temporal/values.ts';
import type { FeelKind, FeelValue } from './values.ts';
import { FeelFunction, FeelRange, isContext, isList, kindOf, memberOf } from './values.ts';

export const ANY: FeelType = { kind: 'any' };

const simple = (kind: SimpleTypeName): FeelType => ({ kind });

const BUILT_IN_TYPES: Readonly<Record<string, FeelType>> = {
  Any: ANY,
  Null: simple('null'),
  boolean: simple('boolean'),
  string: simple('string'),
  number: simple('number'),
  date: simple('date'),
  time: simple('time'),
  'date and time': simple('date and time'),
  'days and time duration': simple('days and time duration'),
  'years and months duration': simple('years and months duration'),
  // Names of older versions of the standard, which models still carry.
  dateTime: simple('date and time'),
  dayTimeDuration: simple('days and time duration'),
  yearMonthDuration: simple('years and months duration'),
  list: { kind: 'list', of: ANY },
  range: { kind: 'range', of: ANY },
  context: { kind: 'context', members: {} },
  function: { kind: 'function', parameters: null, result: ANY },
};

/** null when the standard knows no type of this name. */
export const findBuiltInType = (name: string): FeelType | null =>
  Object.hasOwn(BUILT_IN_TYPES, name) ? (BUILT_IN_TYPES[name] ?? null) : null;

/** null is an instance of `Null` only, at the top as well as inside of lists and contexts. */
export const isInstanceOf = (value: FeelValue, type: FeelType): boolean => fits(value, type, false);

/** As `isInstanceOf`, but a value that is missing (null) conforms to every type. */
export const conformsTo = (value: FeelValue, type: FeelType): boolean => fits(value, type, true);

function fits(value: FeelValue, type: FeelType, isNullAllowed: boolean): boolean {
  if (value === null) return isNullAllowed || type.kind === 'null';
  switch (type.kind) {
    case 'any':
      return true;
    case 'list':
      return isList(value) && value.every((item) => fits(item, type.of, isNullAllowed || type.of.kind === 'any'));
    case 'range':
      // An end that is open has no value and no type.
      return value instanceof FeelRange && [value.start, value.end].every((bound) => fits(bound, type.of, true));
    case 'context':
      return (
        isContext(value) &&
        Object.entries(type.members).every(([name, of]) => {
          const member = memberOf(value, name);
          return member !== undefined && fits(member, of, isNullAllowed || of.kind === 'any');
        })
      );
    case 'function':
      return value instanceof FeelFunction && isFunctionOf(value, type);
    default:
      return kindOf(value) === type.kind;
  }
}

function isFunctionOf(value: FeelFunction, type: Extract<FeelType, { kind: 'function' }>): boolean {
  if (type.parameters === null) return true;
  const own = value.parameters.map((_, index) => typeFrom(value.signature?.parameters[index]));
  if (own.length !== type.parameters.length) return false;
  const result = value.signature?.result ?? null;
  // Parameters may be wider than asked, the result may be narrower; a result that nobody declared is not held against
  // the function.
  return (
    type.parameters.every((parameter, index) => isSubtype(parameter, own[index] ?? ANY)) &&
    (result === null || isSubtype(result, type.result))
  );
}

const typeFrom = (type: FeelType | null | undefined): FeelType => type ?? ANY;

export function isSubtype(narrow: FeelType, wide: FeelType): boolean {
  if (wide.kind === 'any' || narrow.kind === 'null') return true;
  if (narrow.kind === 'list') return wide.kind === 'list' && isSubtype(narrow.of, wide.of);
  if (narrow.kind === 'range') return wide.kind === 'range' && isSubtype(narrow.of, wide.of);
  if (narrow.kind === 'context') {
    if (wide.kind !== 'context') return false;
    return Object.entries(wide.members).every(([name, type]) => {
      const own = Object.hasOwn(narrow.members, name) ? narrow.members[name] : undefined;
      return own !== undefined && isSubtype(own, type);
    });
  }
  if (narrow.kind === 'function') {
    if (wide.kind !== 'function') return false;
    if (wide.parameters === null || narrow.parameters === null) return wide.parameters === null;
    const own = narrow.parameters;
    return (
      own.length === wide.parameters.length &&
      wide.parameters.every((parameter, index) => isSubtype(parameter, own[index] ?? ANY)) &&
      isSubtype(narrow.result, wide.result)
    );
  }
  return narrow.kind === wide.kind;
}

/**
 * The value as this type demands it: itself, the only item of a list where one value is asked, a list of one where a
 * list is asked, the midnight (UTC) of a date where a date-time is asked. undefined when it cannot be had (then FEEL's null).
 */
export function conform(value: FeelValue, type: FeelType): FeelValue | undefined {
  if (conformsTo(value, type)) return value;
  const [only] = isList(value) && value.length === 1 ? value : [];
  if (only !== undefined && type.kind !== 'list' && conformsTo(only, type)) return only;
  if (type.kind === 'list' && !isList(value) && conformsTo(value, type.of)) return [value];
  if (type.kind === 'date and time' && value instanceof FeelDate) {
    return new FeelDateTime(value, new FeelTime(0, { kind: 'offset', seconds: 0 }));
  }
  return undefined;
}

/** The type of a value, members and items included. */
export function typeOf(value: FeelValue): FeelType {
  const kind: FeelKind = kindOf(value);
  switch (kind) {
    case 'list':
      return { kind, of: isList(value) ? commonType(value.map(typeOf)) : ANY };
    case 'range':
      return { kind, of: value instanceof FeelRange ? commonType([typeOf(value.start), typeOf(value.end)]) : ANY };
    case 'context':
      return { kind, members: Object.fromEntries(membersOf(value).map(([name, item]) => [name, typeOf(item)])) };
    case 'function':
      return functionType(value);
    default:
      return { kind };
  }
}

const membersOf = (value: FeelValue): readonly (readonly [string, FeelValue])[] =>
  value !== null && isContext(value) ? Object.entries(value) : [];

const functionType = (value: FeelValue): FeelType =>
  value instanceof FeelFunction
    ? {
        kind: 'function',
        parameters: value.parameters.map((_, index) => typeFrom(value.signature?.parameters[index])),
        result: typeFrom(value.signature?.result),
      }
    : ANY;

/** The narrowest type of this list that all the others conform to, else `Any`. */
export function commonType(types: readonly FeelType[]): FeelType {
  const known = types.filter((type) => type.kind !== 'null');
  return known.find((candidate) => known.every((type) => isSubtype(type, candidate))) ?? ANY;
}

export function typeText(type: FeelType): string {
  switch (type.kind) {
    case 'any':
      return 'Any';
    case 'null':
      return 'Null';
    case 'list':
    case 'range':
      return `${type.kind}<${typeText(type.of)}>`;
    case 'context': {
      const members = Object.entries(type.members).map(([name, of]) => `${name}: ${typeText(of)}`);
      return members.length === 0 ? 'context' : `context<${members.join(', ')}>`;
    }
    case 'function':
      return type.parameters === null
        ? 'function'
        : `function<${type.parameters.map(typeText).join(', ')}> -> ${typeText(type.result)}`;
    default:
      return type.kind;
  }
}
