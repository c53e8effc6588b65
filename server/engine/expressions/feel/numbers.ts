// Exact decimals of 34 significant digits, rounded half to even, at the price of plain numbers where that is possible.
// Invariant: a JavaScript number stands for the decimal of its shortest text ("0.1" is one tenth), and a decimal whose
// text is the shortest text of a number IS that number. So each value has one form, comparisons of plain numbers are
// exact, and decimal.js only works where doubles would be wrong.

import { Decimal } from 'decimal.js';

export const FeelDecimal = Decimal.clone({
  precision: 34,
  rounding: Decimal.ROUND_HALF_EVEN,
  maxE: 6_144,
  minE: -6_143,
  toExpNeg: -6_143,
  toExpPos: 6_144,
  defaults: true,
});
export type FeelDecimal = Decimal;

export type FeelNumber = number | FeelDecimal;

/** Decimals with up to six places are scaled to whole numbers; below this bound the division gives the exact double. */
const SCALE = 1e6;
const MAX_SCALED = 1e15;
const MAX_EXACT_DIGITS = 15;

export const toDecimal = (value: FeelNumber): FeelDecimal =>
  typeof value === 'number' ? new FeelDecimal(value) : value;

/** The one form of a decimal; null when it is no finite number. */
export function normalise(value: FeelDecimal): FeelNumber | null {
  if (!value.isFinite()) return null;
  if (value.isZero()) return 0;
  const plain = value.toNumber();
  if (!Number.isFinite(plain) || plain === 0) return value;
  if (value.precision() <= MAX_EXACT_DIGITS && Math.abs(plain) >= 1e-300) return plain;
  return new FeelDecimal(plain).equals(value) ? plain : value;
}

export function add(a: FeelNumber, b: FeelNumber): FeelNumber | null {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b;
    if (Number.isSafeInteger(a) && Number.isSafeInteger(b) && Number.isSafeInteger(sum)) return sum;
    const scaled = scaledUp(a) + scaledUp(b);
    // A NaN of scaledUp fails this comparison as well.
    if (Math.abs(scaled) < MAX_SCALED) return scaled / SCALE + 0;
  }
  return normalise(toDecimal(a).plus(toDecimal(b)));
}

/** The number times a million when that is a whole number without loss, else NaN. */
function scaledUp(value: number): number {
  const scaled = Math.round(value * SCALE);
  return Math.abs(scaled) < MAX_SCALED && scaled / SCALE === value ? scaled : Number.NaN;
}

export const negate = (value: FeelNumber): FeelNumber => (typeof value === 'number' ? 0 - value : value.negated());

export const subtract = (a: FeelNumber, b: FeelNumber): FeelNumber | null => add(a, negate(b));

export function multiply(a: FeelNumber, b: FeelNumber): FeelNumber | null {
  if (typeof a === 'number' && typeof b === 'number' && Number.isSafeInteger(a) && Number.isSafeInteger(b)) {
    const product = a * b;
    if (Number.isSafeInteger(product)) return product + 0;
  }
  return normalise(toDecimal(a).times(toDecimal(b)));
}

/** null when the divisor is zero. */
export function divide(a: FeelNumber, b: FeelNumber): FeelNumber | null {
  if (b === 0) return null;
  if (typeof a === 'number' && typeof b === 'number' && Number.isSafeInteger(a) && Number.isSafeInteger(b)) {
    const quotient = a / b;
    if (Number.isSafeInteger(quotient)) return quotient + 0;
  }
  return normalise(toDecimal(a).dividedBy(toDecimal(b)));
}

/** null where the power is no real number, or beyond 6144 digits. */
export function power(base: FeelNumber, exponent: FeelNumber): FeelNumber | null {
  return normalise(toDecimal(base).pow(toDecimal(exponent)));
}

export function compareNumbers(a: FeelNumber, b: FeelNumber): number {
  if (typeof a === 'number' && typeof b === 'number') return a < b ? -1 : a > b ? 1 : 0;
  return toDecimal(a).comparedTo(toDecimal(b));
}

/** One form per value, so two plain numbers are equal when they are identical. */
export const equalNumbers = (a: FeelNumber, b: FeelNumber): boolean =>
  a === b || (typeof a !== 'number' && typeof b !== 'number' && a.equals(b));

export const isInteger = (value: FeelNumber): boolean =>
  typeof value === 'number' ? Number.isInteger(value) : value.isInteger();

/** The value as an index or count; null when it is no whole number or too large to be one. */
export const toSafeInteger = (value: FeelNumber): number | null =>
  typeof value === 'number' && Number.isSafeInteger(value) ? value : null;

const NUMERIC = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;

/** A literal of the language or the argument of `number()`; null when the text is none. */
export function parseNumber(text: string): FeelNumber | null {
  if (!NUMERIC.test(text)) return null;
  if (text.length <= MAX_EXACT_DIGITS && !/[eE]/.test(text)) return Number(text) + 0;
  return normalise(new FeelDecimal(text).toSignificantDigits(34));
}

/** Plain digits, never an exponent: `0.0000001`, not `1e-7`. */
export function numberText(value: FeelNumber): string {
  if (typeof value !== 'number') return value.toFixed();
  const text = String(value);
  return text.includes('e') ? new FeelDecimal(value).toFixed() : text;
}

export type Rounding = 'up' | 'down' | 'half up' | 'half down' | 'half even' | 'floor' | 'ceiling';

const ROUNDINGS: Readonly<Record<Rounding, Decimal.Rounding>> = {
  up: Decimal.ROUND_UP,
  down: Decimal.ROUND_DOWN,
  'half up': Decimal.ROUND_HALF_UP,
  'half down': Decimal.ROUND_HALF_DOWN,
  'half even': Decimal.ROUND_HALF_EVEN,
  floor: Decimal.ROUND_FLOOR,
  ceiling: Decimal.ROUND_CEIL,
};

export const MIN_SCALE = -6_111;
export const MAX_SCALE = 6_176;

/** Rounds to `scale` places; a negative scale rounds before the point. null when the scale is out of range. */
export function roundTo(value: FeelNumber, scale: number, rounding: Rounding): FeelNumber | null {
  if (scale < MIN_SCALE || scale > MAX_SCALE) return null;
  if (scale >= 0 && isInteger(value)) return value;
  const decimal = toDecimal(value);
  if (scale >= 0) return normalise(decimal.toDecimalPlaces(scale, ROUNDINGS[rounding]));
  const unit = new FeelDecimal(10).pow(-scale);
  return normalise(decimal.dividedBy(unit).toDecimalPlaces(0, ROUNDINGS[rounding]).times(unit));
}

export const absolute = (value: FeelNumber): FeelNumber => (typeof value === 'number' ? Math.abs(value) : value.abs());

/** dividend − divisor × floor(dividend ÷ divisor): the sign is the divisor's. null when the divisor is zero. */
export function modulo(dividend: FeelNumber, divisor: FeelNumber): FeelNumber | null {
  if (divisor === 0) return null;
  if (
    typeof dividend === 'number' &&
    typeof divisor === 'number' &&
    Number.isSafeInteger(dividend) &&
    Number.isSafeInteger(divisor)
  ) {
    const rest = dividend % divisor;
    return rest !== 0 && rest < 0 !== divisor < 0 ? rest + divisor : rest + 0;
  }
  const [a, b] = [toDecimal(dividend), toDecimal(divisor)];
  const rest = a.modulo(b);
  return normalise(!rest.isZero() && rest.isNegative() !== b.isNegative() ? rest.plus(b) : rest);
}

/** Beyond these exponents e^x has no 34-digit decimal; decimal.js would compute for minutes. */
const MAX_EXPONENT = 14_150;

export function exponential(value: FeelNumber): FeelNumber | null {
  const exponent = toDecimal(value);
  if (exponent.greaterThan(MAX_EXPONENT)) return null;
  return exponent.lessThan(-MAX_EXPONENT) ? 0 : normalise(exponent.exp());
}
