// What FEEL computes with. JSON values are FEEL values as they are, so variables of a process need no conversion and
// no copy; what JSON has no form for (exact decimals beyond doubles, dates, durations, ranges, functions) are classes.
// A JavaScript number stands for the decimal of its shortest text; see numbers.ts for the invariant.

import { FeelDecimal } from './numbers.ts';
import type { FeelNumber } from './numbers.ts';
import type { FeelType } from './type-model.ts';
import { DaysTimeDuration, FeelDate, FeelDateTime, FeelTime, YearsMonthsDuration } from './temporal/values.ts';

export type FeelList = readonly FeelValue[];

export interface FeelContext {
  readonly [name: string]: FeelValue;
}

export type FeelTemporal = FeelDate | FeelTime | FeelDateTime;
export type FeelDuration = DaysTimeDuration | YearsMonthsDuration;

export type FeelValue =
  | null
  | boolean
  | string
  | FeelNumber
  | FeelTemporal
  | FeelDuration
  | FeelRange
  | FeelFunction
  | FeelList
  | FeelContext;

export type FeelKind =
  | 'null'
  | 'boolean'
  | 'string'
  | 'number'
  | 'date'
  | 'time'
  | 'date and time'
  | 'days and time duration'
  | 'years and months duration'
  | 'range'
  | 'function'
  | 'list'
  | 'context';

export interface RangeParts {
  /** null without a bound: `> 5` as a value is `(5..null)`. */
  readonly start: FeelValue;
  readonly end: FeelValue;
  readonly isStartIncluded: boolean;
  readonly isEndIncluded: boolean;
  /** `= x` and `!= x` as values: one point, or everything except it. */
  readonly isExcluded?: boolean;
}

export class FeelRange {
  readonly start: FeelValue;
  readonly end: FeelValue;
  readonly isStartIncluded: boolean;
  readonly isEndIncluded: boolean;
  readonly isExcluded: boolean;

  constructor(parts: RangeParts) {
    this.start = parts.start;
    this.end = parts.end;
    this.isStartIncluded = parts.isStartIncluded;
    this.isEndIncluded = parts.isEndIncluded;
    this.isExcluded = parts.isExcluded ?? false;
  }
}

export interface FeelParameter {
  readonly name: string;
  /** null takes everything. The type text of a user-defined function is resolved when it is compiled. */
  readonly accepts: ((value: FeelValue) => FeelValue | undefined) | null;
}

/** What a function body may ask for while it runs; the evaluator implements it (compile/run.ts). */
export interface FunctionRun {
  readonly options: { readonly nowMs?: number | null; readonly offsetSeconds?: number };
  /** Counts work and stops the evaluation when the limit is reached. */
  readonly spend: (steps: number) => void;
  /** Before a list or a text of this size is made. */
  readonly reserve: (size: number) => void;
  readonly warn: (code: string, values?: Readonly<Record<string, string>>) => null;
  readonly call: (target: FeelFunction, args: FeelList) => FeelValue;
}

export interface FunctionParts {
  readonly name: string;
  readonly parameters: readonly FeelParameter[];
  readonly apply: (args: FeelList, run: FunctionRun) => FeelValue;
  /** Built-in functions check arity and names on their own, because several have more than one signature. */
  readonly applyNamed?: (args: ReadonlyMap<string, FeelValue>, run: FunctionRun) => FeelValue;
  readonly isBuiltIn?: boolean;
  /** `function<number> -> string` as text parts, for `instance of`; null when nothing was declared. */
  readonly signature?: FunctionSignature;
}

/** null where nothing was declared. */
export interface FunctionSignature {
  readonly parameters: readonly (FeelType | null)[];
  readonly result: FeelType | null;
}

export class FeelFunction {
  readonly name: string;
  readonly parameters: readonly FeelParameter[];
  readonly apply: FunctionParts['apply'];
  readonly applyNamed: FunctionParts['applyNamed'];
  readonly isBuiltIn: boolean;
  readonly signature: FunctionSignature | undefined;

  constructor(parts: FunctionParts) {
    this.name = parts.name;
    this.parameters = parts.parameters;
    this.apply = parts.apply;
    this.applyNamed = parts.applyNamed;
    this.isBuiltIn = parts.isBuiltIn ?? false;
    this.signature = parts.signature;
  }
}

export const isNumber = (value: FeelValue): value is FeelNumber =>
  typeof value === 'number' || value instanceof FeelDecimal;

export const isList = (value: FeelValue): value is FeelList => Array.isArray(value);

export const isTemporal = (value: FeelValue): value is FeelTemporal =>
  value instanceof FeelDate || value instanceof FeelTime || value instanceof FeelDateTime;

export const isDuration = (value: FeelValue): value is FeelDuration =>
  value instanceof DaysTimeDuration || value instanceof YearsMonthsDuration;

/** Contexts are nearly always plain objects, so the prototype decides before the classes are tried. */
export function isContext(value: FeelValue): value is FeelContext {
  if (value === null || typeof value !== 'object') return false;
  return Object.getPrototypeOf(value) === Object.prototype || kindOfObject(value) === 'context';
}

export function kindOf(value: FeelValue): FeelKind {
  switch (typeof value) {
    case 'string':
      return 'string';
    case 'number':
      return 'number';
    case 'boolean':
      return 'boolean';
    default:
      return value === null || value === undefined ? 'null' : kindOfObject(value);
  }
}

function kindOfObject(value: object): FeelKind {
  if (Array.isArray(value)) return 'list';
  if (value instanceof FeelDecimal) return 'number';
  if (value instanceof FeelDate) return 'date';
  if (value instanceof FeelDateTime) return 'date and time';
  if (value instanceof FeelTime) return 'time';
  if (value instanceof DaysTimeDuration) return 'days and time duration';
  if (value instanceof YearsMonthsDuration) return 'years and months duration';
  if (value instanceof FeelRange) return 'range';
  return value instanceof FeelFunction ? 'function' : 'context';
}

/** Own entries only: a context called `constructor` must not find Object.prototype. */
export const memberOf = (context: FeelContext, name: string): FeelValue | undefined =>
  Object.hasOwn(context, name) ? context[name] : undefined;
