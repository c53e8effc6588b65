// How built-in functions are declared: a name and one or more signatures. Binding is the same for all of them: by
// position or by name, one value for a list of one, a list for one value; whatever does not fit gives null and a
// warning that says why.

import { kindOf, FeelFunction, FeelRange, isContext, isDuration, isList, isNumber, isTemporal } from '../values.ts';
import type { FeelContext, FeelDuration, FeelList, FeelTemporal, FeelValue, FunctionRun } from '../values.ts';
import { FeelDate, FeelDateTime, FeelTime } from '../temporal/values.ts';
import type { FeelNumber } from '../numbers.ts';
import { shown } from '../text.ts';

export interface Parameter<T> {
  readonly name: string;
  /** In words, for warnings. */
  readonly expected: string;
  readonly isOptional: boolean;
  readonly isList: boolean;
  /** undefined refuses the value. */
  readonly read: (value: FeelValue) => { readonly value: T } | undefined;
}

/** The values of a list of parameters, in their order. */
export type ValuesOf<P extends readonly Parameter<unknown>[]> = {
  readonly [K in keyof P]: P[K] extends Parameter<infer T> ? T : never;
};

function parameter<T extends FeelValue>(
  name: string,
  expected: string,
  accepts: (value: FeelValue) => value is T,
): Parameter<T> {
  return {
    name,
    expected,
    isOptional: false,
    isList: false,
    read: (value) => (accepts(value) ? { value } : undefined),
  };
}

export const text = (name: string): Parameter<string> =>
  parameter(name, 'a text', (value): value is string => typeof value === 'string');
export const number = (name: string): Parameter<FeelNumber> => parameter(name, 'a number', isNumber);
export const bool = (name: string): Parameter<boolean> =>
  parameter(name, 'true or false', (value): value is boolean => typeof value === 'boolean');
export const range = (name: string): Parameter<FeelRange> =>
  parameter(name, 'a range', (value): value is FeelRange => value instanceof FeelRange);
export const context = (name: string): Parameter<FeelContext> => parameter(name, 'a context', isContext);
export const callback = (name: string): Parameter<FeelFunction> =>
  parameter(name, 'a function', (value): value is FeelFunction => value instanceof FeelFunction);
export const dayLike = (name: string): Parameter<FeelDate | FeelDateTime> =>
  parameter(
    name,
    'a date',
    (value): value is FeelDate | FeelDateTime => value instanceof FeelDate || value instanceof FeelDateTime,
  );
export const time = (name: string): Parameter<FeelTime> =>
  parameter(name, 'a time', (value): value is FeelTime => value instanceof FeelTime);
export const duration = (name: string): Parameter<FeelDuration> => parameter(name, 'a duration', isDuration);
export const temporal = (name: string): Parameter<FeelTemporal> => parameter(name, 'a date or time', isTemporal);
export const numberOrDuration = (name: string): Parameter<FeelNumber | FeelDuration> =>
  parameter(
    name,
    'a number or a duration',
    (value): value is FeelNumber | FeelDuration => isNumber(value) || isDuration(value),
  );
/** A value that can stand in a range: no range itself. */
export const point = (name: string): Parameter<FeelValue> =>
  parameter(
    name,
    'a point',
    (value): value is FeelValue => value !== null && !(value instanceof FeelRange) && !isList(value),
  );
export const any = (name: string): Parameter<FeelValue> => ({
  name,
  expected: 'any value',
  isOptional: false,
  isList: true,
  read: (value) => ({ value }),
});
export const list = (name: string): Parameter<FeelList> => ({
  name,
  expected: 'a list',
  isOptional: false,
  isList: true,
  read: (value) => (value === null ? undefined : { value: isList(value) ? value : [value] }),
});

/** May be left out; null means left out as well. */
export const optional = <T>(of: Parameter<T>): Parameter<T | null> => ({
  ...of,
  isOptional: true,
  read: (value) => (value === null ? { value: null } : of.read(value)),
});

/** Must be there and may be null. */
export const nullable = <T>(of: Parameter<T>): Parameter<T | null> => ({ ...optional(of), isOptional: false });

/** May be left out, but null is a wrong value. */
export const omittable = <T>(of: Parameter<T>): Parameter<T> => ({ ...of, isOptional: true });

export interface Signature {
  readonly parameters: readonly Parameter<unknown>[];
  /** Further positional arguments, or one list of them by name. */
  readonly rest: Parameter<unknown> | null;
  readonly apply: (args: readonly unknown[], run: FunctionRun) => FeelValue;
}

export function signature<const P extends readonly Parameter<unknown>[]>(
  parameters: P,
  apply: (args: ValuesOf<P>, run: FunctionRun) => FeelValue,
): Signature {
  // `bind` has read each argument with the parameter of the same position.
  return { parameters, rest: null, apply: (args, run) => apply(args as unknown as ValuesOf<P>, run) };
}

/** `min(1, 2, 3)`, `min([1, 2, 3])` and `min(list: [1, 2, 3])` are one function of a list. */
export function listOrItems(name: string, apply: (items: FeelList, run: FunctionRun) => FeelValue): Signature {
  return {
    parameters: [],
    rest: any(name),
    apply: (args, run) => {
      // `bind` has read every argument as any value.
      const items = args as FeelList;
      const [first] = items;
      if (items.length === 0) return null;
      return apply(items.length === 1 && first !== undefined && isList(first) ? first : items, run);
    },
  };
}

/** Some parameters, then any number of arguments of one kind. */
export function withRest<T, R>(
  first: Parameter<T> | null,
  rest: Parameter<R>,
  apply: (first: T | null, rest: readonly R[], run: FunctionRun) => FeelValue,
): Signature {
  return {
    parameters: first === null ? [] : [first],
    rest,
    apply: (args, run) => {
      // `bind` has read the first argument with `first` and the others with `rest`.
      const [head] = first === null ? [null] : (args as readonly [T]);
      const tail = (first === null ? args : args.slice(1)) as readonly R[];
      return apply(head, tail, run);
    },
  };
}

type Bound =
  { readonly args: readonly unknown[] } | { readonly refused: Parameter<unknown>; readonly value: FeelValue };

function readArgument(parameter: Parameter<unknown>, value: FeelValue): { readonly value: unknown } | undefined {
  const direct = parameter.read(value);
  if (direct !== undefined || parameter.isList || value === null) return direct;
  const [only] = isList(value) && value.length === 1 ? value : [];
  return only === undefined ? undefined : parameter.read(only);
}

/** Plain loops: this runs for every call of a built-in function. */
function bind({ parameters, rest }: Signature, values: FeelList): Bound | null {
  const count = values.length;
  if (count > parameters.length && rest === null) return null;
  const args: unknown[] = [];
  for (let index = 0; index < Math.max(count, parameters.length); index += 1) {
    const parameter = parameters[index] ?? rest;
    if (parameter === null) return null;
    if (index >= count) {
      if (!parameter.isOptional) return null;
      args.push(null);
      continue;
    }
    const value = values[index] ?? null;
    const read = readArgument(parameter, value);
    if (read === undefined) return { refused: parameter, value };
    args.push(read.value);
  }
  return { args };
}

function bindNamed(signature: Signature, values: ReadonlyMap<string, FeelValue>): Bound | null {
  const names = signature.parameters.map((parameter) => parameter.name);
  const restName = signature.rest?.name;
  if ([...values.keys()].some((name) => name !== restName && !names.includes(name))) return null;
  const missing = signature.parameters.some((parameter) => !parameter.isOptional && !values.has(parameter.name));
  if (missing || (restName !== undefined && !values.has(restName))) return null;
  const args: unknown[] = [];
  for (const parameter of signature.parameters) {
    const given = values.get(parameter.name);
    if (given === undefined) {
      args.push(null);
      continue;
    }
    const read = readArgument(parameter, given);
    if (read === undefined) return { refused: parameter, value: given };
    args.push(read.value);
  }
  const rest = restName === undefined ? undefined : values.get(restName);
  if (rest !== undefined) args.push(...bindRest(signature, rest));
  return { args };
}

function bindRest({ rest, parameters }: Signature, value: FeelValue): readonly unknown[] {
  // `min(list: …)` gets its list as one argument; `append(list, item: …)` gets one item.
  const read = rest?.read(value);
  return read === undefined || (parameters.length === 0 && value === null) ? [value] : [read.value];
}

export interface BuiltIn {
  readonly name: string;
  readonly signatures: readonly Signature[];
}

export const define = (name: string, ...signatures: readonly Signature[]): BuiltIn => ({ name, signatures });

export function toFunction({ name, signatures }: BuiltIn): FeelFunction {
  const [first] = signatures;
  return new FeelFunction({
    name,
    isBuiltIn: true,
    parameters: (first?.parameters ?? []).map((parameter) => ({ name: parameter.name, accepts: null })),
    apply: (values, run) => {
      let nearest: Refused | null = null;
      for (const candidate of signatures) {
        const bound = bind(candidate, values);
        if (bound === null) continue;
        if ('args' in bound) return candidate.apply(bound.args, run);
        nearest ??= bound;
      }
      return refuse({ name, signatures, nearest, found: values.length }, run);
    },
    applyNamed: (values, run) => {
      let nearest: Refused | null = null;
      for (const candidate of signatures) {
        const bound = bindNamed(candidate, values);
        if (bound === null) continue;
        if ('args' in bound) return candidate.apply(bound.args, run);
        nearest ??= bound;
      }
      return refuse({ name, signatures, nearest, found: [...values.keys()].join(', ') }, run);
    },
  });
}

type Refused = Exclude<Bound, { args: unknown }>;

interface Attempt extends BuiltIn {
  /** The signature that took the number or names of the arguments, and the argument that it refused. */
  readonly nearest: Refused | null;
  readonly found: number | string;
}

function refuse({ name, signatures, nearest, found }: Attempt, run: FunctionRun): null {
  if (nearest !== null) {
    return run.warn('FEEL_WRONG_ARGUMENT', {
      name,
      parameter: nearest.refused.name,
      expected: nearest.refused.expected,
      foundType: nearest.value === null ? '' : kindOf(nearest.value),
      found: shown(nearest.value),
    });
  }
  if (typeof found === 'string') return run.warn('FEEL_UNKNOWN_PARAMETER', { name, found });
  return run.warn('FEEL_WRONG_ARGUMENT_COUNT', { name, ...arityOf(signatures), found: String(found) });
}

/** How many arguments the signatures take, in words. */
export const arityOf = (signatures: readonly Signature[]): { readonly expected: string } => ({
  expected: [...new Set(signatures.map(({ parameters, rest }) => arityText(parameters, rest !== null)))].join(' or '),
});

function arityText(parameters: readonly Parameter<unknown>[], hasRest: boolean): string {
  const required = parameters.filter((parameter) => !parameter.isOptional).length;
  if (hasRest) return `${Math.max(required, 1)} or more`;
  return required === parameters.length ? String(required) : `${required} to ${parameters.length}`;
}

/** The arguments fit and there is still no result: `sqrt(-1)`. */
export const noResult = (run: FunctionRun, name: string): null => run.warn('FEEL_INVALID_ARGUMENT', { name });
