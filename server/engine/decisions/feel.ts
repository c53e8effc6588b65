// The only door from decisions to FEEL: kinds of values, functions as values, and text compiled to closures over a scope.
// Decision code imports nothing else of the expression folder, so that FEEL can change its insides without this one.

import type { Result } from '../../shared/result.ts';
import { err, ok } from '../../shared/result.ts';
import {
  add,
  ANY,
  callFunction,
  compare,
  conform,
  compileExpression,
  compileUnaryTests,
  type CompileOptions,
  equals,
  type EvaluationOptions,
  type FeelContext,
  type FeelDiagnostic,
  FeelDate,
  FeelFunction,
  type FeelNames,
  type FeelResult,
  type FeelType,
  type FeelValue,
  findBuiltInType,
  isContext,
  isList,
  isNumber,
  kindOf,
  memberOf,
  messageOf,
  parseDate,
  parseDateTime,
  parseDuration,
  parseTime,
} from '../expressions/feel/index.ts';
import type { Aggregation } from './model/definitions.ts';
import type { Probe } from './table/column-index.ts';
import type { LiteralKind } from './table/read-cell.ts';

export { fromJson, shown, toJson } from '../expressions/feel/index.ts';
export type { FeelType } from '../expressions/feel/index.ts';
export { isContext, isList, kindOf };

export type Value = FeelValue;

/** Names that compiled text looks up when it runs, the clock it asks, and who hears what FEEL has to say. */
export interface FeelScope {
  find(name: string): Value | undefined;
  readonly feel: EvaluationOptions;
  /** A warning of FEEL; `isFailure` when the expression was ended from inside: `assert`, or a limit. */
  tell(message: string, isFailure: boolean): void;
}

/** What is known of names before anything runs: names with blanks can be read only when they are known. */
export class StaticScope {
  readonly #names: FeelNames;
  readonly #findType: (name: string) => FeelType | null;
  readonly options: CompileOptions;
  readonly #typed: CompileOptions;

  constructor(names: FeelNames, findType: (name: string) => FeelType | null) {
    this.#names = names;
    this.#findType = findType;
    this.options = { names };
    this.#typed = { names, resolveType: (name) => findType(name) ?? undefined };
  }

  with(more: readonly (readonly [string, FeelType])[]): StaticScope {
    return new StaticScope({ ...this.#names, ...Object.fromEntries(more) }, this.#findType);
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#names, name);
  }

  /** Types are looked up only by the few texts that name one; all others share the cache of compiled texts. */
  optionsFor(text: string): CompileOptions {
    return /\binstance\s+of\b|\bfunction\b/.test(text) ? this.#typed : this.options;
  }
}

export const createStaticScope = (
  names: readonly (readonly [string, FeelType])[],
  findType: (name: string) => FeelType | null,
): StaticScope => new StaticScope(Object.fromEntries(names), findType);

export interface FeelProblem {
  readonly message: string;
  /** In the text. */
  readonly offset: number;
}

export interface CompiledFeel {
  readonly evaluate: (scope: FeelScope) => Value;
  /** Names that the text reads and that nothing in scope provides. */
  readonly unknownNames: readonly { readonly name: string; readonly offset: number }[];
}

export type UnaryTests = (value: Value, scope: FeelScope) => boolean | null;

const firstProblem = (diagnostics: readonly FeelDiagnostic[]): FeelProblem => {
  const [first] = diagnostics;
  if (first === undefined) return { message: 'The text cannot be read.', offset: 0 };
  const hint = first.hint === null ? '' : ` ${messageOf({ code: first.hint, values: {} })}`;
  return { message: `${messageOf(first)}${hint}`, offset: first.from };
};

function told({ value, warnings, failure }: FeelResult, scope: FeelScope): Value {
  for (const warning of warnings) scope.tell(messageOf(warning), false);
  if (failure !== null) scope.tell(messageOf(failure), true);
  return value;
}

export function compileFeel(text: string, names: StaticScope): Result<CompiledFeel, FeelProblem> {
  const compiled = compileExpression(text, names.optionsFor(text));
  if (!compiled.ok) return err(firstProblem(compiled.error));
  const { evaluate, reads } = compiled.value;
  // Inside of a filter a name may be a member of the item, which is known only when it runs.
  const unknown = text.includes('[') ? [] : [...reads].filter(([name]) => !names.has(name));
  return ok({
    evaluate: (scope) => told(evaluate(scope, scope.feel), scope),
    unknownNames: unknown.map(([name, span]) => ({ name, offset: span.from })),
  });
}

export function compileFeelTests(text: string, names: StaticScope): Result<UnaryTests, FeelProblem> {
  const compiled = compileUnaryTests(text, names.optionsFor(text));
  if (!compiled.ok) return err(firstProblem(compiled.error));
  const { test } = compiled.value;
  return ok((value, scope) => {
    const { value: passed, failure } = test(value, scope, scope.feel);
    if (failure !== null) scope.tell(messageOf(failure), true);
    return typeof passed === 'boolean' ? passed : null;
  });
}

export const feelTypes = {
  any: ANY,
  builtIn: (name: string): FeelType => findBuiltInType(name) ?? ANY,
  list: (of: FeelType): FeelType => ({ kind: 'list', of }),
  context: (members: readonly (readonly [string, FeelType])[]): FeelType => ({
    kind: 'context',
    members: Object.fromEntries(members),
  }),
  function: (parameters: readonly FeelType[], result: FeelType): FeelType => ({ kind: 'function', parameters, result }),
};

export const isFunction = (value: Value): value is FeelFunction => value instanceof FeelFunction;

export const contextOf = (entries: readonly (readonly [string, Value])[]): FeelContext => Object.fromEntries(entries);

export const getEntry = (context: Value, name: string): Value | undefined =>
  isContext(context) ? memberOf(context, name) : undefined;

export const listEntries = (context: Value): readonly (readonly [string, Value])[] =>
  isContext(context) ? Object.entries(context) : [];

/** The temporal value that a text of JSON stands for where one is declared; undefined when it is none. */
export function temporalFromText(text: string, kind: string): Value | undefined {
  const read = TEMPORAL_READERS[kind];
  const value = read === undefined ? null : read(text);
  return value === null || kindOf(value) !== kind ? undefined : value;
}

const TEMPORAL_READERS: Readonly<Record<string, (text: string) => Value>> = {
  date: parseDate,
  time: parseTime,
  'date and time': parseDateTime,
  'days and time duration': parseDuration,
  'years and months duration': parseDuration,
};

/** Midnight in UTC, as the standard converts. */
export const dateToDateTime = (date: Value): Value | undefined => conform(date, feelTypes.builtIn('date and time'));

export interface FunctionSpec {
  readonly name: string;
  readonly parameters: readonly { readonly name: string; readonly type: FeelType }[];
  readonly result: FeelType;
  /** Gets as many values as there are parameters. */
  readonly invoke: (values: readonly Value[]) => Value;
}

export function functionOf({ name, parameters, result, invoke }: FunctionSpec): FeelFunction {
  return new FeelFunction({
    name,
    parameters: parameters.map((parameter) => ({ name: parameter.name, accepts: null })),
    signature: { parameters: parameters.map(({ type }) => type), result },
    apply: (values, run) => {
      if (values.length === parameters.length) return invoke(values);
      const counts = { name, expected: String(parameters.length), found: String(values.length) };
      return run.warn('FEEL_WRONG_ARGUMENT_COUNT', counts);
    },
  });
}

/** A parameter that is not named is null; a name that is no parameter makes the call null. */
export function callByName(called: Value, named: ReadonlyMap<string, Value>, scope: FeelScope): Result<Value, string> {
  if (!isFunction(called)) return err('What is called is not a function.');
  return ok(told(callFunction(called, named, scope.feel), scope));
}

/** For tests that stand outside of an evaluation: the allowed values of a type. */
export const NO_SCOPE: FeelScope = { find: () => undefined, feel: {}, tell: () => undefined };

export const iterateList = (value: Value, scope: FeelScope): readonly Value[] | null => {
  const items = compileIterate(value, scope);
  return items !== null && isList(items) ? items : null;
};

const iteration = compileExpression('for item in given return item', { names: { given: ANY } });
const compileIterate = (given: Value, scope: FeelScope): Value =>
  iteration.ok
    ? told(iteration.value.evaluate({ find: (name) => (name === 'given' ? given : undefined) }, scope.feel), scope)
    : null;

/** As the FEEL filter: a number is a position, everything else must be true to keep the item. */
export function filterList(value: Value, test: (names: readonly (readonly [string, Value])[]) => Value): Value {
  if (value === null) return null;
  const items = isList(value) ? value : [value];
  // An entry that is itself called `item` comes first, as every entry does.
  const answers = items.map((item) => test([['item', item], ...listEntries(item)]));
  const [position = null] = answers;
  if (!isNumber(position)) return items.filter((_, index) => answers[index] === true);
  const index = Number(position);
  if (!Number.isSafeInteger(index) || index === 0) return null;
  return items.at(index > 0 ? index - 1 : index) ?? null;
}

export const areEqual = (a: Value, b: Value): boolean => equals(a, b) === true;

const isOrdered = (values: readonly Value[]): boolean =>
  values.every((value) => compare(value, values[0] ?? null) !== null);

/** null when the values have no sum or no order. */
export function aggregate(aggregation: Aggregation, values: readonly Value[]): Value {
  if (aggregation === 'COUNT') return values.length;
  const [first] = values;
  if (first === undefined) return null;
  if (aggregation === 'SUM') return sumOf(values);
  if (!isOrdered(values)) return null;
  const sign = aggregation === 'MIN' ? 1 : -1;
  return values.reduce((best, value) => (sign * (compare(value, best) ?? 0) < 0 ? value : best), first);
}

function sumOf(values: readonly Value[]): Value {
  let sum: Value = 0;
  for (const value of values) {
    if (!isNumber(value) || !isNumber(sum)) return null;
    sum = add(sum, value);
  }
  return sum;
}

/** The value as an index column compares it; null when only FEEL can. A JavaScript number stands for its decimal. */
export function probeOf(value: Value, kind: LiteralKind): Probe | null {
  if (kind === 'date') {
    const text = value instanceof FeelDate ? value.toString() : '';
    return /^\d{4}-\d{2}-\d{2}$/.test(text) ? text : null;
  }
  return (typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean') && typeof value === kind
    ? value
    : null;
}
