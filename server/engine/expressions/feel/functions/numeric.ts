// Functions of numbers (DMN 1.5, 10.3.4.5): rounding with a scale, and roots and powers to 34 digits.

import * as numbers from '../numbers.ts';
import type { FeelNumber, Rounding } from '../numbers.ts';
import { negateDuration } from '../temporal/arithmetic.ts';
import { DaysTimeDuration } from '../temporal/values.ts';
import type { FeelValue, FunctionRun } from '../values.ts';
import { isNumber } from '../values.ts';
import type { BuiltIn } from './define.ts';
import { define, noResult, number, numberOrDuration, omittable, signature } from './define.ts';

/** Scales are cut to whole numbers. */
function scaleOf(scale: FeelNumber): number {
  return Math.trunc(numbers.toDecimal(scale).toNumber());
}

const rounding = (name: string, mode: Rounding): BuiltIn =>
  define(
    name,
    signature([number('n'), number('scale')], ([n, scale], run) => {
      return numbers.roundTo(n, scaleOf(scale), mode) ?? noResult(run, name);
    }),
  );

const roundingWithDefault = (name: string, mode: Rounding): BuiltIn =>
  define(
    name,
    signature([number('n'), omittable(number('scale'))], ([n, scale], run) => {
      // An omitted argument arrives as null, whatever the type of the parameter says.
      const places: FeelNumber | null = scale;
      return numbers.roundTo(n, places === null ? 0 : scaleOf(places), mode) ?? noResult(run, name);
    }),
  );

const ofNumber = (name: string, parameter: string, apply: (value: FeelNumber) => FeelValue): BuiltIn =>
  define(
    name,
    signature([number(parameter)], ([value], run: FunctionRun) => apply(value) ?? noResult(run, name)),
  );

const isDivisible = (value: FeelNumber, rest: number): boolean => {
  const found = numbers.modulo(value, 2);
  return found !== null && numbers.equalNumbers(found, rest);
};

export const NUMERIC_FUNCTIONS: readonly BuiltIn[] = [
  rounding('decimal', 'half even'),
  roundingWithDefault('floor', 'floor'),
  roundingWithDefault('ceiling', 'ceiling'),
  rounding('round up', 'up'),
  rounding('round down', 'down'),
  rounding('round half up', 'half up'),
  rounding('round half down', 'half down'),
  define(
    'abs',
    signature([numberOrDuration('n')], ([n]) => {
      if (isNumber(n)) return numbers.absolute(n);
      const isNegative = n instanceof DaysTimeDuration ? n.nanos < 0n : n.months < 0;
      return isNegative ? negateDuration(n) : n;
    }),
  ),
  define(
    'modulo',
    signature([number('dividend'), number('divisor')], ([dividend, divisor], run) => {
      return numbers.modulo(dividend, divisor) ?? noResult(run, 'modulo');
    }),
  ),
  ofNumber('sqrt', 'number', (value) => numbers.normalise(numbers.toDecimal(value).sqrt())),
  ofNumber('log', 'number', (value) =>
    numbers.compareNumbers(value, 0) > 0 ? numbers.normalise(numbers.toDecimal(value).ln()) : null,
  ),
  ofNumber('exp', 'number', (value) => numbers.exponential(value)),
  ofNumber('odd', 'number', (value) => isDivisible(value, 1)),
  ofNumber('even', 'number', (value) => isDivisible(value, 0)),
];
