// Equality and order between values, as the standard's tables 50 to 53 have them: null equals only null, values of
// different kinds are neither equal nor different (null), and only ordered kinds have an order.

import { compareNumbers, equalNumbers } from './numbers.ts';
import { compareDurations, compareMoments } from './temporal/arithmetic.ts';
import { FeelDate, FeelDateTime, FeelTime } from './temporal/values.ts';
import type { FeelContext, FeelList, FeelValue } from './values.ts';
import { FeelRange, isContext, isDuration, isList, isNumber, isTemporal, kindOf, memberOf } from './values.ts';

/** null when the two are of different kinds, or functions. */
export function equals(a: FeelValue, b: FeelValue): boolean | null {
  if (a === null || b === null) return a === b;
  if (typeof a !== 'object' && typeof a === typeof b) return a === b;
  if (isNumber(a) && isNumber(b)) return equalNumbers(a, b);
  if (isList(a)) return isList(b) ? equalLists(a, b) : equalOnly(a, b);
  if (isList(b)) return equalOnly(b, a);
  if (isTemporal(a)) return isTemporal(b) ? equalTemporals(a, b) : null;
  if (isDuration(a)) return isDuration(b) ? equalOrNull(compareDurations(a, b)) : null;
  if (a instanceof FeelRange) return b instanceof FeelRange ? equalRanges(a, b) : null;
  return isContext(a) && isContext(b) ? equalContexts(a, b) : null;
}

/** A list of one equals its item. */
const equalOnly = (list: FeelList, value: FeelValue): boolean | null =>
  list.length === 1 ? equals(list[0] ?? null, value) : null;

const equalOrNull = (order: number | null): boolean | null => (order === null ? null : order === 0);

function equalTemporals(a: FeelDate | FeelTime | FeelDateTime, b: typeof a): boolean | null {
  if (kindOf(a) !== kindOf(b)) return null;
  // A local time and a zoned one are of one kind and have no order: they are different.
  return compareMoments(a, b) === 0;
}

function equalLists(a: FeelList, b: FeelList): boolean {
  return a.length === b.length && a.every((item, index) => equals(item, b[index] ?? null) === true);
}

function equalContexts(a: FeelContext, b: FeelContext): boolean {
  const names = Object.keys(a);
  if (names.length !== Object.keys(b).length) return false;
  return names.every((name) => {
    const other = memberOf(b, name);
    return other !== undefined && equals(a[name] ?? null, other) === true;
  });
}

const equalRanges = (a: FeelRange, b: FeelRange): boolean =>
  a.isStartIncluded === b.isStartIncluded &&
  a.isEndIncluded === b.isEndIncluded &&
  a.isExcluded === b.isExcluded &&
  equals(a.start, b.start) === true &&
  equals(a.end, b.end) === true;

/** Negative, zero or positive; null when there is no order between the two. */
export function compare(a: FeelValue, b: FeelValue): number | null {
  if (typeof a === 'number' && typeof b === 'number') return a < b ? -1 : a > b ? 1 : 0;
  if (typeof a === 'string') return typeof b === 'string' ? compareTexts(a, b) : null;
  if (isNumber(a)) return isNumber(b) ? compareNumbers(a, b) : null;
  if (isDuration(a)) return isDuration(b) ? compareDurations(a, b) : null;
  if (isTemporal(a)) return isTemporal(b) ? compareMoments(a, b) : null;
  return null;
}

/** By code points: UTF-16 units would sort emoji before some letters. */
export function compareTexts(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index += 1) {
    const left = a.charCodeAt(index);
    const right = b.charCodeAt(index);
    if (left !== right) return codePointOrder(left) - codePointOrder(right);
  }
  return a.length - b.length;
}

/** Surrogates stand for code points above every other unit. */
const codePointOrder = (unit: number): number => (unit >= 0xd800 && unit <= 0xdfff ? unit + 0x2800 : unit);

/** Whether a value lies in a range; null when it cannot be compared with a bound. */
export function isInRange(value: FeelValue, range: FeelRange): boolean | null {
  const { start, end } = range;
  if (value === null) return null;
  if (range.isExcluded) {
    const same = equals(value, start);
    return same === null ? null : !same;
  }
  const fromStart = start === null ? 1 : compare(value, start);
  const toEnd = end === null ? 1 : compare(end, value);
  if (fromStart === null || toEnd === null) return equalPoint(value, range);
  const isAfterStart = fromStart > 0 || (fromStart === 0 && range.isStartIncluded);
  const isBeforeEnd = toEnd > 0 || (toEnd === 0 && range.isEndIncluded);
  return isAfterStart && isBeforeEnd;
}

/** `= x` is a range of one point, and points need no order (booleans, lists). */
const equalPoint = (value: FeelValue, { start, end, isStartIncluded, isEndIncluded }: FeelRange): boolean | null =>
  isStartIncluded && isEndIncluded && start !== null && equals(start, end) === true ? equals(value, start) : null;

/** Three-valued `or` of `value = item` over a list; an item that is a range holds what lies in it. */
export function isInList(value: FeelValue, list: FeelList): boolean {
  return list.some((item) => {
    if (item instanceof FeelRange && !(value instanceof FeelRange)) return isInRange(value, item) === true;
    return equals(value, item) === true;
  });
}

/** The same value of the same kind, zone included: `is()`. */
export function isSame(a: FeelValue, b: FeelValue): boolean {
  if (kindOf(a) !== kindOf(b)) return false;
  if (a instanceof FeelTime && b instanceof FeelTime) return a.nanos === b.nanos && isSameZone(a, b);
  if (a instanceof FeelDateTime && b instanceof FeelDateTime) {
    return isSame(a.date, b.date) && isSame(a.time, b.time);
  }
  if (isList(a) && isList(b)) return a.length === b.length && a.every((item, index) => isSame(item, b[index] ?? null));
  if (a instanceof FeelDate) return b instanceof FeelDate && a.dayNumber === b.dayNumber;
  return a === b || equals(a, b) === true;
}

function isSameZone(a: FeelTime, b: FeelTime): boolean {
  if (a.zone === null || b.zone === null) return a.zone === b.zone;
  if (a.zone.kind === 'id' || b.zone.kind === 'id') {
    return a.zone.kind === 'id' && b.zone.kind === 'id' && a.zone.id === b.zone.id;
  }
  return a.zone.seconds === b.zone.seconds;
}
