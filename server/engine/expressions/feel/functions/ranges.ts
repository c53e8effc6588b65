// How points and ranges lie to each other (DMN 1.5, 10.3.4.7, after Allen), and ranges from texts. An end without a
// bound lies before or after everything.

import { compare, equals } from '../comparison.ts';
import { parseNumber } from '../numbers.ts';
import { parseDate, parseDateTime, parseDuration, parseTemporal, parseTime } from '../temporal/parse.ts';
import type { FeelValue } from '../values.ts';
import { FeelRange } from '../values.ts';
import { readString } from '../escapes.ts';
import type { BuiltIn, Signature } from './define.ts';
import { define, noResult, point, range, signature, text } from './define.ts';

/** A bound with the side it bounds; null is unbounded on that side. */
interface Bound {
  readonly value: FeelValue;
  readonly side: 'start' | 'end';
  readonly isIncluded: boolean;
}

const startOf = (of: FeelRange): Bound => ({ value: of.start, side: 'start', isIncluded: of.isStartIncluded });
const endOf = (of: FeelRange): Bound => ({ value: of.end, side: 'end', isIncluded: of.isEndIncluded });

/** A comparison that is not defined ends the whole function with null. */
class NotComparable extends Error {}

function order(a: Bound, b: Bound): number {
  if (a.value === null || b.value === null) {
    const rank = (of: Bound): number => (of.value !== null ? 0 : of.side === 'start' ? -1 : 1);
    return rank(a) - rank(b);
  }
  const result = compare(a.value, b.value);
  if (result === null) throw new NotComparable();
  return result;
}

const bound = (value: FeelValue): Bound => ({ value, side: 'start', isIncluded: true });

/** The first begins earlier, or at the same point and takes in what the second takes in. */
const beginsNoLater = (a: FeelRange, b: FeelRange): boolean => {
  const start = order(startOf(a), startOf(b));
  return start < 0 || (start === 0 && (a.isStartIncluded || !b.isStartIncluded));
};
const endsNoEarlier = (a: FeelRange, b: FeelRange): boolean => {
  const end = order(endOf(a), endOf(b));
  return end > 0 || (end === 0 && (a.isEndIncluded || !b.isEndIncluded));
};
const endsNoLater = (a: FeelRange, b: FeelRange): boolean => endsNoEarlier(b, a);
const beginsNoEarlier = (a: FeelRange, b: FeelRange): boolean => beginsNoLater(b, a);

const rangeBefore = (a: FeelRange, b: FeelRange): boolean => {
  const gap = order(endOf(a), startOf(b));
  return gap < 0 || (gap === 0 && !(a.isEndIncluded && b.isStartIncluded));
};
const pointBefore = (a: FeelValue, b: FeelRange): boolean => {
  const gap = order(bound(a), startOf(b));
  return gap < 0 || (gap === 0 && !b.isStartIncluded);
};
const pointAfter = (a: FeelValue, b: FeelRange): boolean => {
  const gap = order(bound(a), endOf(b));
  return gap > 0 || (gap === 0 && !b.isEndIncluded);
};
const meets = (a: FeelRange, b: FeelRange): boolean =>
  a.isEndIncluded && b.isStartIncluded && order(endOf(a), startOf(b)) === 0;
const overlaps = (a: FeelRange, b: FeelRange): boolean => !rangeBefore(a, b) && !rangeBefore(b, a);

const overlapsBefore = (a: FeelRange, b: FeelRange): boolean => {
  const start = order(startOf(a), startOf(b));
  const isEarlier = start < 0 || (start === 0 && a.isStartIncluded && !b.isStartIncluded);
  return isEarlier && !rangeBefore(a, b) && endsNoLater(a, b);
};
const overlapsAfter = (a: FeelRange, b: FeelRange): boolean => {
  const start = order(startOf(b), startOf(a));
  const isLater = start < 0 || (start === 0 && b.isStartIncluded && !a.isStartIncluded);
  const end = order(endOf(b), endOf(a));
  return isLater && !rangeBefore(b, a) && (end < 0 || (end === 0 && (!b.isEndIncluded || a.isEndIncluded)));
};
const finishes = (a: FeelRange, b: FeelRange): boolean =>
  a.isEndIncluded === b.isEndIncluded && order(endOf(a), endOf(b)) === 0 && beginsNoEarlier(a, b);
const pointFinishes = (a: FeelValue, b: FeelRange): boolean => b.isEndIncluded && order(bound(a), endOf(b)) === 0;
const starts = (a: FeelRange, b: FeelRange): boolean =>
  a.isStartIncluded === b.isStartIncluded && order(startOf(a), startOf(b)) === 0 && endsNoLater(a, b);
const pointStarts = (a: FeelValue, b: FeelRange): boolean => b.isStartIncluded && order(bound(a), startOf(b)) === 0;
const includes = (a: FeelRange, b: FeelRange): boolean => beginsNoLater(a, b) && endsNoEarlier(a, b);
const includesPoint = (a: FeelRange, b: FeelValue): boolean => !pointBefore(b, a) && !pointAfter(b, a);
const coincides = (a: FeelRange, b: FeelRange): boolean =>
  a.isStartIncluded === b.isStartIncluded &&
  a.isEndIncluded === b.isEndIncluded &&
  order(startOf(a), startOf(b)) === 0 &&
  order(endOf(a), endOf(b)) === 0;

function settle(decide: () => boolean): boolean | null {
  try {
    return decide();
  } catch (error) {
    if (error instanceof NotComparable) return null;
    throw error;
  }
}

const ranges = (name: string, test: (a: FeelRange, b: FeelRange) => boolean): Signature =>
  signature([range('range1'), range('range2')], ([a, b], run) => settle(() => test(a, b)) ?? noResult(run, name));
const points = (name: string, test: (order: number) => boolean): Signature =>
  signature([point('point1'), point('point2')], ([a, b], run) => {
    return settle(() => test(order(bound(a), bound(b)))) ?? noResult(run, name);
  });
const pointRange = (name: string, test: (a: FeelValue, b: FeelRange) => boolean): Signature =>
  signature([point('point'), range('range')], ([a, b], run) => settle(() => test(a, b)) ?? noResult(run, name));
const rangePoint = (name: string, test: (a: FeelRange, b: FeelValue) => boolean): Signature =>
  signature([range('range'), point('point')], ([a, b], run) => settle(() => test(a, b)) ?? noResult(run, name));

const swapped =
  <A, B>(test: (a: A, b: B) => boolean) =>
  (b: B, a: A): boolean =>
    test(a, b);

const BOUNDS = /^([[(\]])(.*)([\])[])$/s;

/** null when the text is no range of literals. */
function rangeFrom(source: string): FeelRange | null {
  const match = BOUNDS.exec(source.trim());
  const ends = match === null ? null : splitEnds(match[2] ?? '');
  if (match === null || ends === null) return null;
  const start = readEnd(ends[0]);
  const end = readEnd(ends[1]);
  const isStartIncluded = match[1] === '[';
  const isEndIncluded = match[3] === ']';
  if (start === undefined || end === undefined || (start === null && end === null)) return null;
  if ((start === null && isStartIncluded) || (end === null && isEndIncluded)) return null;
  if (start !== null && end !== null) {
    const distance = compare(start, end);
    if (distance === null || distance > 0) return null;
  }
  return new FeelRange({ start, end, isStartIncluded, isEndIncluded });
}

/** Around the two dots that stand outside of quotes. */
function splitEnds(text: string): readonly [string, string] | null {
  let isQuoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === '\\' && isQuoted) at += 1;
    else if (char === '"') isQuoted = !isQuoted;
    else if (char === '.' && !isQuoted && text.charAt(at + 1) === '.') {
      return [text.slice(0, at).trim(), text.slice(at + 2).trim()];
    }
  }
  return null;
}

const CALL = /^(date|time|date and time|duration)\s*\(\s*("(?:[^"\\]|\\.)*")\s*\)$/;
const READERS: Readonly<Record<string, (text: string) => FeelValue>> = {
  date: parseDate,
  time: parseTime,
  'date and time': parseDateTime,
  duration: parseDuration,
};

/** undefined when the end is no literal; null when nothing stands there. */
function readEnd(source: string): FeelValue | undefined {
  if (source === '' || source === 'null') return null;
  if (/^"(?:[^"\\]|\\.)*"$/.test(source)) return readString(source) ?? undefined;
  if (/^@"[^"]*"$/.test(source)) return parseTemporal(source.slice(2, -1)) ?? undefined;
  const call = CALL.exec(source);
  if (call === null) return parseNumber(source) ?? undefined;
  return READERS[call[1] ?? '']?.(readString(call[2] ?? '') ?? '') ?? undefined;
}

export const RANGE_FUNCTIONS: readonly BuiltIn[] = [
  define(
    'before',
    points('before', (found) => found < 0),
    pointRange('before', pointBefore),
    rangePoint('before', swapped(pointAfter)),
    ranges('before', rangeBefore),
  ),
  define(
    'after',
    points('after', (found) => found > 0),
    pointRange('after', pointAfter),
    rangePoint('after', swapped(pointBefore)),
    ranges('after', swapped(rangeBefore)),
  ),
  define('meets', ranges('meets', meets)),
  define('met by', ranges('met by', swapped(meets))),
  define('overlaps', ranges('overlaps', overlaps)),
  define('overlaps before', ranges('overlaps before', overlapsBefore)),
  define('overlaps after', ranges('overlaps after', overlapsAfter)),
  define('finishes', pointRange('finishes', pointFinishes), ranges('finishes', finishes)),
  define('finished by', rangePoint('finished by', swapped(pointFinishes)), ranges('finished by', swapped(finishes))),
  define('includes', rangePoint('includes', includesPoint), ranges('includes', includes)),
  define('during', pointRange('during', swapped(includesPoint)), ranges('during', swapped(includes))),
  define('starts', pointRange('starts', pointStarts), ranges('starts', starts)),
  define('started by', rangePoint('started by', swapped(pointStarts)), ranges('started by', swapped(starts))),
  define(
    'coincides',
    signature([point('point1'), point('point2')], ([a, b], run) => equals(a, b) ?? noResult(run, 'coincides')),
    ranges('coincides', coincides),
  ),
  define(
    'range',
    signature([text('from')], ([from], run) => rangeFrom(from) ?? noResult(run, 'range')),
  ),
];
