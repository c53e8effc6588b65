// What `+ - * / **` mean for each pair of kinds. Pairs without a meaning, and results out of range, are null.

import * as numbers from './numbers.ts';
import type { FeelNumber } from './numbers.ts';
import {
  divideDurations,
  minusMoment,
  negateDuration,
  plusDuration,
  plusDurations,
  scaleDuration,
} from './temporal/arithmetic.ts';
import type { FeelValue } from './values.ts';
import { isDuration, isNumber, isTemporal } from './values.ts';

/** undefined when the operator has no meaning for these kinds; null when it has one and no result. */
export type Operation = (a: FeelValue, b: FeelValue) => FeelValue | undefined;

const plus: Operation = (a, b) => {
  if (isNumber(a)) return isNumber(b) ? numbers.add(a, b) : undefined;
  if (typeof a === 'string') return typeof b === 'string' ? a + b : undefined;
  if (isDuration(a)) {
    if (isDuration(b)) return plusDurations(a, b) ?? undefined;
    return isTemporal(b) ? plusDuration(b, a) : undefined;
  }
  return isTemporal(a) && isDuration(b) ? plusDuration(a, b) : undefined;
};

const minus: Operation = (a, b) => {
  if (isNumber(a)) return isNumber(b) ? numbers.subtract(a, b) : undefined;
  if (isDuration(a)) return isDuration(b) ? (plusDurations(a, negateDuration(b)) ?? undefined) : undefined;
  if (!isTemporal(a)) return undefined;
  if (isDuration(b)) return plusDuration(a, negateDuration(b));
  return isTemporal(b) ? (minusMoment(a, b) ?? undefined) : undefined;
};

const times: Operation = (a, b) => {
  if (isNumber(a)) {
    if (isNumber(b)) return numbers.multiply(a, b);
    return isDuration(b) ? scaleDuration(b, a, numbers.multiply) : undefined;
  }
  return isDuration(a) && isNumber(b) ? scaleDuration(a, b, numbers.multiply) : undefined;
};

const over: Operation = (a, b) => {
  if (isNumber(a)) return isNumber(b) ? numbers.divide(a, b) : undefined;
  if (!isDuration(a)) return undefined;
  if (isNumber(b)) return scaleDuration(a, b, numbers.divide);
  return isDuration(b) ? divideDurations(a, b) : undefined;
};

const toThePower: Operation = (a, b) => (isNumber(a) && isNumber(b) ? numbers.power(a, b) : undefined);

export const OPERATIONS: Readonly<Record<string, Operation>> = {
  '+': plus,
  '-': minus,
  '*': times,
  '/': over,
  '**': toThePower,
  '^': toThePower,
};

/** undefined for values without a sign. */
export function negated(value: FeelValue): FeelValue | undefined {
  if (isNumber(value)) return numbers.negate(value);
  return isDuration(value) ? negateDuration(value) : undefined;
}

export const isZero = (value: FeelValue): boolean => isNumber(value) && numbers.equalNumbers(value, 0 as FeelNumber);
