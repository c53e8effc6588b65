// Functions that models of this dialect use and that feelin lacks, and the two that must not read a system clock.
// They are context entries: feelin looks there before it looks among its built-ins.

import { FeelDate, FeelDateTime, FeelFunction, FeelTime, date, dateAndTime } from 'feelin';
import type { Instant } from '../../shared/time.ts';
import { localDateOf, vietnamIso } from '../../shared/time.ts';

/** Thrown by `assert(…)` inside feelin, which has no other way to fail; caught in feel.ts, nowhere else. */
export class FeelAssertion extends Error {
  override readonly name = 'FeelAssertion';
}

const isNull = (value: unknown): boolean => value === null || value === undefined;

const constantFunctions: Readonly<Record<string, FeelFunction>> = {
  assert: new FeelFunction(
    (value: unknown, condition: unknown, cause: unknown) => {
      if (condition === true) return value;
      throw new FeelAssertion(typeof cause === 'string' ? cause : 'The condition is not fulfilled');
    },
    ['value', 'condition', 'cause'],
  ),
  'is defined': new FeelFunction((value: unknown) => !isNull(value), ['value']),
  'get or else': new FeelFunction(
    (value: unknown, fallback: unknown) => (isNull(value) ? fallback : value),
    ['value', 'default'],
  ),
  trim: new FeelFunction((value: unknown) => (typeof value === 'string' ? value.trim() : null), ['string']),
  'is blank': new FeelFunction(
    (value: unknown) => (typeof value === 'string' ? value.trim() === '' : null),
    ['string'],
  ),
};

/** Names with which an expression is parsed: names with blanks are only recognised when they are known. */
export const FUNCTION_NAMES: Readonly<Record<string, unknown>> = { ...constantFunctions, now: null, today: null };

export const functionsAt = (now: Instant): Readonly<Record<string, FeelFunction>> => ({
  ...constantFunctions,
  now: new FeelFunction(() => dateAndTime(vietnamIso(now)), []),
  today: new FeelFunction(() => date(localDateOf(now)), []),
});

export const isTemporalValue = (value: unknown): value is FeelDate | FeelTime | FeelDateTime =>
  value instanceof FeelDate || value instanceof FeelTime || value instanceof FeelDateTime;
