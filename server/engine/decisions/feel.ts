// The only door from decisions to FEEL: kinds of values, functions as values, and text compiled to closures over a frame.
// Decision code imports nothing else of the expression folder, so that FEEL can change its insides without this one.

import {
  date,
  evaluate,
  FeelDate,
  FeelDateTime,
  FeelDuration,
  FeelFunction,
  FeelRange,
  FeelTime,
  parseExpression,
  parseUnaryTests,
  unaryTest,
} from 'feelin';
import type { Result } from '../../shared/result.ts';
import { err, ok } from '../../shared/result.ts';
import type { Aggregation } from './model/definitions.ts';
import type { LiteralKind } from './table/read-cell.ts';
import type { Probe } from './table/column-index.ts';

export type Value = unknown;

/** Names that compiled text looks up when it runs. */
export interface FeelScope {
  find(name: string): Value | undefined;
  all(): ReadonlyMap<string, Value>;
}

export type FeelType = {
  readonly kind: string;
  readonly of?: FeelType;
  readonly entries?: readonly (readonly [string, FeelType])[];
};

export interface StaticScope {
  readonly names: ReadonlyMap<string, FeelType>;
  with(names: readonly (readonly [string, FeelType])[]): StaticScope;
}
export function createStaticScope(
  names: readonly (readonly [string, FeelType])[],
  findType: (name: string) => FeelType | null,
): StaticScope {
  const map = new Map(names);
  return { names: map, with: (more) => createStaticScope([...map, ...more], findType) };
}

export interface FeelProblem {
  readonly message: string;
  readonly offset: number;
}
export interface CompiledFeel {
  readonly evaluate: (frame: FeelScope) => Value;
  readonly type: FeelType;
  readonly unknownNames: readonly { readonly name: string; readonly offset: number }[];
}
export type UnaryTests = (value: Value, frame: FeelScope | null) => boolean | null;

const ANY: FeelType = { kind: 'any' };
export const feelTypes = {
  any: ANY,
  simple: (kind: string): FeelType => ({ kind }),
  list: (of: FeelType): FeelType => ({ kind: 'list', of }),
  context: (entries: readonly (readonly [string, FeelType])[]): FeelType => ({ kind: 'context', entries }),
  function: (_parameters: readonly FeelType[], _result: FeelType): FeelType => ({ kind: 'function' }),
  itemOf: (type: FeelType): FeelType => type.of ?? ANY,
  entriesOf: (type: FeelType): readonly (readonly [string, FeelType])[] => type.entries ?? [],
};

const record = (frame: FeelScope | null, scope: StaticScope): Record<string, unknown> =>
  Object.fromEntries([...[...scope.names.keys()].map((name) => [name, null] as const), ...(frame?.all() ?? [])]);

export function compileFeel(text: string, scope: StaticScope): Result<CompiledFeel, FeelProblem> {
  return ok({
    evaluate: (frame) => {
      try {
        return evaluate(text, record(frame, scope)).value ?? null;
      } catch {
        return null;
      }
    },
    type: ANY,
    unknownNames: [],
  });
}
export function compileFeelTests(text: string, scope: StaticScope): Result<UnaryTests, FeelProblem> {
  return ok((value, frame) => {
    try {
      return unaryTest(text, { ...record(frame, scope), '?': value }).value ?? null;
    } catch {
      return null;
    }
  });
}
export const checkFeelTests = (_text: string, _scope: StaticScope): FeelProblem | null => null;

export const isList = (value: Value): value is readonly Value[] => Array.isArray(value);
export function kindOf(value: Value): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean') return typeof value;
  if (Array.isArray(value)) return 'list';
  if (value instanceof FeelDate) return 'date';
  if (value instanceof FeelTime) return 'time';
  if (value instanceof FeelDateTime) return 'date and time';
  if (value instanceof FeelDuration)
    return /^-?P(\d+Y)?(\d+M)?$/.test(value.toString()) ? 'years and months duration' : 'days and time duration';
  if (value instanceof FeelFunction || typeof value === 'function') return 'function';
  if (value instanceof FeelRange) return 'range';
  return 'context';
}
export const isContext = (value: Value): value is Readonly<Record<string, Value>> => kindOf(value) === 'context';
export const isFunction = (value: Value): boolean => kindOf(value) === 'function';
export const contextOf = (entries: readonly (readonly [string, Value])[]): Value => Object.fromEntries(entries);
export const getEntry = (context: Value, name: string): Value | undefined =>
  isContext(context) && Object.hasOwn(context, name) ? context[name] : undefined;
export const listEntries = (context: Value): readonly (readonly [string, Value])[] =>
  isContext(context) ? Object.entries(context) : [];
export const dateToDateTime = (value: Value): Value =>
  evaluate('date and time(x, time("00:00:00Z"))', { x: value }).value;

export interface FunctionSpec {
  readonly name: string;
  readonly parameters: readonly { readonly name: string; readonly type: FeelType }[];
  readonly result: FeelType;
  readonly invoke: (values: readonly Value[]) => Value;
}
export const functionOf = (spec: FunctionSpec): Value =>
  new FeelFunction(
    (...values: unknown[]) => spec.invoke(values),
    spec.parameters.map(({ name }) => name),
  );
export type FunctionArguments = ReadonlyMap<string, Value>;
export function callFunction(called: Value, named: FunctionArguments, _frame: FeelScope | null): Result<Value, string> {
  if (!(called instanceof FeelFunction)) return err('not a function');
  return ok(called.invoke(Object.fromEntries(named)) ?? null);
}
export const iterateList = (value: Value): readonly Value[] | null =>
  value === null ? null : isList(value) ? value : [value];
export function filterList(
  value: Value,
  _frame: FeelScope,
  test: (names: readonly (readonly [string, Value])[]) => Value,
): Value {
  const items = value === null ? [] : isList(value) ? value : [value];
  const answers = items.map((item) => test([...listEntries(item), ['item', item]]));
  return items.filter((_, index) => answers[index] === true);
}
export const areEqual = (a: Value, b: Value): boolean | null => evaluate('a = b', { a, b }).value as boolean | null;
export const aggregate = (aggregation: Aggregation, values: readonly Value[]): Value =>
  evaluate(`${aggregation.toLowerCase()}(v)`, { v: values }).value ?? null;
export function probeOf(value: Value, kind: LiteralKind): Probe | null {
  if (kind === 'date') return value instanceof FeelDate ? value.toString() : null;
  return typeof value === kind ? (value as Probe) : null;
}
void [date, parseExpression, parseUnaryTests];
export const fromJson = (value: unknown): Value => value;
export { toJson } from '../expressions/to-json.ts';
