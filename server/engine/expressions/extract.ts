// Typed reading of model values: text, number, boolean, list. A wrong type is a failure with the expression and the
// evaluation's warnings in its message; nothing is converted silently.

import type { Result } from '../../shared/result.ts';
import { err, ok } from '../../shared/result.ts';
import type { IncidentType, Json, ValueSource } from '../types.ts';
import { evaluateFeel } from './feel.ts';
import type { EvaluationContext } from './scope.ts';
import { toJson } from './feel/index.ts';

/** Becomes an incident on the element instance that was being worked on. */
export interface Failure {
  readonly errorType: IncidentType;
  readonly message: string;
}

const failure = (errorType: IncidentType, message: string): Result<never, Failure> => err({ errorType, message });

const withWarnings = (message: string, warnings: readonly string[]): string =>
  warnings.length === 0 ? message : `${message} Warnings: ${warnings.join('; ')}.`;

interface Read {
  readonly value: Json;
  readonly warnings: readonly string[];
}

function read(expression: string, context: EvaluationContext, errorType: IncidentType): Result<Read, Failure> {
  const result = evaluateFeel(expression, context);
  if (!result.ok) {
    return failure(errorType, `Expected to evaluate the expression '${expression}', but it failed: ${result.error}.`);
  }
  const json = toJson(result.value.value);
  if (!json.ok) {
    const message = `Expected to evaluate the expression '${expression}', but ${json.error}.`;
    return failure(errorType, withWarnings(message, result.value.warnings));
  }
  return ok({ value: json.value, warnings: result.value.warnings });
}

/** Any value; null is a value. Used by mappings, whose failures have a type of their own. */
export function extractJson(
  expression: string,
  context: EvaluationContext,
  errorType: IncidentType = 'EXTRACT_VALUE_ERROR',
): Result<Json, Failure> {
  const result = read(expression, context, errorType);
  return result.ok ? ok(result.value.value) : result;
}

/** Static text, or the value of the FEEL expression. */
export const extractSource = (source: ValueSource, context: EvaluationContext): Result<Json, Failure> =>
  source.kind === 'static' ? ok(source.text) : extractJson(source.expression, context);

function extract<T extends Json>(
  expression: string,
  context: EvaluationContext,
  typeName: string,
  isType: (value: Json) => value is T,
): Result<T, Failure> {
  const result = read(expression, context, 'EXTRACT_VALUE_ERROR');
  if (!result.ok) return result;
  const { value, warnings } = result.value;
  if (isType(value)) return ok(value);
  const message = `Expected the result of the expression '${expression}' to be ${typeName}, but it is ${describe(value)}.`;
  return failure('EXTRACT_VALUE_ERROR', withWarnings(message, warnings));
}

const describe = (value: Json): string => {
  const text = JSON.stringify(value);
  return text.length <= 80 ? text : `${text.slice(0, 80)}…`;
};

const isBoolean = (value: Json): value is boolean => typeof value === 'boolean';
const isNumber = (value: Json): value is number => typeof value === 'number';
const isText = (value: Json): value is string => typeof value === 'string';
const isTextOrNull = (value: Json): value is string | null => value === null || typeof value === 'string';
const isList = (value: Json): value is readonly Json[] => Array.isArray(value);
const isKeyText = (value: Json): value is string | number => typeof value === 'string' || typeof value === 'number';

const isBooleanOrNull = (value: Json): value is boolean | null => value === null || typeof value === 'boolean';

/** `isNullFalse`: a condition event waits as long as its variables are missing. */
export function extractBoolean(
  expression: string,
  context: EvaluationContext,
  { isNullFalse = false }: { readonly isNullFalse?: boolean } = {},
): Result<boolean, Failure> {
  if (!isNullFalse) return extract(expression, context, 'boolean', isBoolean);
  const result = extract(expression, context, 'boolean or null', isBooleanOrNull);
  return result.ok ? ok(result.value ?? false) : result;
}

export const extractList = (expression: string, context: EvaluationContext): Result<readonly Json[], Failure> =>
  extract(expression, context, 'a list', isList);

/** Correlation keys: text, or a number that is written as text. */
export function extractKeyText(expression: string, context: EvaluationContext): Result<string, Failure> {
  const result = extract(expression, context, 'text or a number', isKeyText);
  return result.ok ? ok(String(result.value)) : result;
}

export function extractText(source: ValueSource, context: EvaluationContext): Result<string, Failure> {
  return source.kind === 'static' ? ok(source.text) : extract(source.expression, context, 'text', isText);
}

export function extractOptionalText(
  source: ValueSource | null,
  context: EvaluationContext,
): Result<string | null, Failure> {
  if (source === null) return ok(null);
  if (source.kind === 'static') return ok(source.text);
  return extract(source.expression, context, 'text or null', isTextOrNull);
}

export interface IntegerRange {
  readonly name: string;
  readonly min: number;
  readonly max: number;
}

export function extractInteger(
  source: ValueSource,
  context: EvaluationContext,
  range: IntegerRange,
): Result<number, Failure> {
  const number: Result<number, Failure> =
    source.kind === 'static'
      ? ok(/^\s*\d+\s*$/.test(source.text) ? Number(source.text) : Number.NaN)
      : extract(source.expression, context, 'a number', isNumber);
  if (!number.ok) return number;
  const { value } = number;
  if (Number.isInteger(value) && value >= range.min && value <= range.max) return number;
  const shown = source.kind === 'static' ? source.text : String(value);
  return failure(
    'EXTRACT_VALUE_ERROR',
    `Expected ${range.name} to be a whole number from ${range.min} to ${range.max}, but it is '${shown}'.`,
  );
}

/** A list of texts, or one text with commas; null is nobody. */
export function extractNames(
  source: ValueSource | null,
  context: EvaluationContext,
): Result<readonly string[], Failure> {
  if (source === null) return ok([]);
  const value = extractSource(source, context);
  if (!value.ok) return value;
  if (value.value === null) return ok([]);
  if (typeof value.value === 'string') return ok(splitNames(value.value));
  if (isList(value.value) && value.value.every(isText)) return ok(value.value.filter(isText));
  const shown = source.kind === 'static' ? source.text : source.expression;
  return failure(
    'EXTRACT_VALUE_ERROR',
    `Expected '${shown}' to be text or a list of texts, but it is ${describe(value.value)}.`,
  );
}

const splitNames = (text: string): readonly string[] =>
  text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
