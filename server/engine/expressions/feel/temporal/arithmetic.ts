// Sums and differences of temporal values, and their order. A moment plus a duration keeps its zone; months clamp to
// the last day of a shorter month; whatever leaves the years ±999,999,999 is null.

import { divide, isInteger, toDecimal } from '../numbers.ts';
import type { FeelNumber, multiply } from '../numbers.ts';
import { civilDateOf, isCivilDate, NANOS_PER_DAY, NANOS_PER_SECOND, plusMonths } from './calendar.ts';
import { DaysTimeDuration, FeelDate, FeelDateTime, FeelTime, shift, YearsMonthsDuration } from './values.ts';
import type { UtcPosition } from './values.ts';
import { offsetSecondsAt } from './zones.ts';

type Duration = DaysTimeDuration | YearsMonthsDuration;

const DAY = BigInt(NANOS_PER_DAY);

function dateFromDay(day: number): FeelDate | null {
  if (!Number.isSafeInteger(day)) return null;
  const date = civilDateOf(day);
  return isCivilDate(date) ? new FeelDate(date.year, date.month, date.day) : null;
}

function dateFromMonths(date: FeelDate, months: number): FeelDate | null {
  const moved = plusMonths(date, months);
  return isCivilDate(moved) ? new FeelDate(moved.year, moved.month, moved.day) : null;
}

/** Floored, so that a duration of minus one nanosecond is the day before. */
function splitDays(nanos: bigint): UtcPosition {
  const days = nanos / DAY - (nanos % DAY < 0n ? 1n : 0n);
  return { day: Number(days), nanos: Number(nanos - days * DAY) };
}

export function plusDuration<T extends FeelDate | FeelTime | FeelDateTime>(value: T, duration: Duration): T | null;
export function plusDuration(
  value: FeelDate | FeelTime | FeelDateTime,
  duration: Duration,
): FeelDate | FeelTime | FeelDateTime | null {
  if (duration instanceof YearsMonthsDuration) return plusMonthsTo(value, duration.months);
  const { day, nanos } = splitDays(duration.nanos);
  if (value instanceof FeelDate) return dateFromDay(value.dayNumber + day);
  if (value instanceof FeelTime) return new FeelTime(shift(0, value.nanos + nanos).nanos, value.zone);
  return plusNanos(value, { day, nanos });
}

function plusMonthsTo(
  value: FeelDate | FeelTime | FeelDateTime,
  months: number,
): FeelDate | FeelTime | FeelDateTime | null {
  if (value instanceof FeelTime) return null;
  if (value instanceof FeelDate) return dateFromMonths(value, months);
  const date = dateFromMonths(value.date, months);
  return date === null ? null : new FeelDateTime(date, value.time);
}

/** With a named zone the duration passes on the UTC line: a day of a change of clocks has 23 or 25 hours. */
function plusNanos(value: FeelDateTime, by: UtcPosition): FeelDateTime | null {
  const { zone } = value;
  if (zone?.kind !== 'id') {
    const moved = shift(value.date.dayNumber + by.day, value.time.nanos + by.nanos);
    const date = dateFromDay(moved.day);
    return date === null ? null : new FeelDateTime(date, new FeelTime(moved.nanos, zone));
  }
  const { day, nanos } = value.utc;
  return atZone(shift(day + by.day, nanos + by.nanos), zone);
}

function atZone(utc: UtcPosition, zone: NonNullable<FeelDateTime['zone']>): FeelDateTime | null {
  const offset = offsetSecondsAt(zone, utc.day, Math.floor(utc.nanos / NANOS_PER_SECOND));
  const local = shift(utc.day, utc.nanos + offset * NANOS_PER_SECOND);
  const date = dateFromDay(local.day);
  return date === null ? null : new FeelDateTime(date, new FeelTime(local.nanos, zone));
}

/** An instant in milliseconds as a date-time of a zone; the clock of an evaluation is read with it. */
export function dateTimeAt(epochMs: number, zone: NonNullable<FeelDateTime['zone']>): FeelDateTime | null {
  const day = Math.floor(epochMs / 86_400_000);
  return atZone({ day, nanos: (epochMs - day * 86_400_000) * 1_000_000 }, zone);
}

export const negateDuration = <T extends Duration>(duration: T): T =>
  // Both classes have one field, so the negated value has the class of the argument.
  (duration instanceof YearsMonthsDuration
    ? new YearsMonthsDuration(-duration.months)
    : new DaysTimeDuration(-duration.nanos)) as T;

/** null where one side has a zone and the other has none: then there is no distance. */
export function minusMoment(
  a: FeelDate | FeelDateTime | FeelTime,
  b: FeelDate | FeelDateTime | FeelTime,
): DaysTimeDuration | null {
  if (a instanceof FeelTime || b instanceof FeelTime) {
    if (!(a instanceof FeelTime && b instanceof FeelTime) || (a.zone === null) !== (b.zone === null)) return null;
    return new DaysTimeDuration(BigInt(utcNanos(a) - utcNanos(b)));
  }
  const left = momentOf(a);
  const right = momentOf(b);
  if (left.isZoned !== right.isZoned) return null;
  return new DaysTimeDuration(BigInt(left.day - right.day) * DAY + BigInt(left.nanos - right.nanos));
}

interface Moment extends UtcPosition {
  readonly isZoned: boolean;
}

/** A date takes part as its midnight in UTC, among other dates and among date-times. */
function momentOf(value: FeelDate | FeelDateTime): Moment {
  if (value instanceof FeelDate) return { day: value.dayNumber, nanos: 0, isZoned: true };
  return { ...value.utc, isZoned: value.zone !== null };
}

const utcNanos = (time: FeelTime): number => time.nanos - (time.offset ?? 0) * NANOS_PER_SECOND;

export function plusDurations(a: Duration, b: Duration): Duration | null {
  if (a instanceof YearsMonthsDuration) {
    return b instanceof YearsMonthsDuration ? monthsOf(a.months + b.months) : null;
  }
  return b instanceof DaysTimeDuration ? new DaysTimeDuration(a.nanos + b.nanos) : null;
}

const monthsOf = (months: number): YearsMonthsDuration | null =>
  Number.isSafeInteger(months) ? new YearsMonthsDuration(months) : null;

/** Fractions of months or nanoseconds are cut off. */
export function scaleDuration(
  duration: Duration,
  by: FeelNumber,
  operation: typeof multiply | typeof divide,
): Duration | null {
  const amount = duration instanceof YearsMonthsDuration ? duration.months : bigNumber(duration.nanos);
  const scaled = operation(amount, by);
  if (scaled === null) return null;
  const whole = isInteger(scaled) ? toDecimal(scaled) : toDecimal(scaled).truncated();
  if (duration instanceof YearsMonthsDuration) return monthsOf(whole.toNumber());
  return whole.precision(true) > 60 ? null : new DaysTimeDuration(BigInt(whole.toFixed(0)));
}

const bigNumber = (value: bigint): FeelNumber => {
  const plain = Number(value);
  return Number.isSafeInteger(plain) ? plain : toDecimal(0).plus(String(value));
};

/** How often one duration goes into another of its kind; null when it is of the other kind or zero. */
export function divideDurations(a: Duration, b: Duration): FeelNumber | null {
  if (a instanceof YearsMonthsDuration) {
    return b instanceof YearsMonthsDuration ? divide(a.months, b.months) : null;
  }
  return b instanceof DaysTimeDuration ? divide(bigNumber(a.nanos), bigNumber(b.nanos)) : null;
}

/** Whole months from one day to another, both rounded towards the first. */
export function monthsBetween(from: FeelDate, to: FeelDate): YearsMonthsDuration {
  const months = (to.year - from.year) * 12 + to.month - from.month;
  if (months > 0 && to.day < from.day) return new YearsMonthsDuration(months - 1);
  if (months < 0 && to.day > from.day) return new YearsMonthsDuration(months + 1);
  return new YearsMonthsDuration(months);
}

/** Negative, zero or positive; null when the two cannot be ordered. */
export function compareMoments(a: FeelDate | FeelTime | FeelDateTime, b: typeof a): number | null {
  if (a instanceof FeelDate) return b instanceof FeelDate ? a.dayNumber - b.dayNumber : null;
  if (a instanceof FeelTime) {
    if (!(b instanceof FeelTime) || (a.zone === null) !== (b.zone === null)) return null;
    return utcNanos(a) - utcNanos(b);
  }
  if (!(b instanceof FeelDateTime) || (a.zone === null) !== (b.zone === null)) return null;
  const left = a.utc;
  const right = b.utc;
  return left.day === right.day ? left.nanos - right.nanos : left.day - right.day;
}

export function compareDurations(a: Duration, b: Duration): number | null {
  if (a instanceof YearsMonthsDuration) return b instanceof YearsMonthsDuration ? a.months - b.months : null;
  if (!(b instanceof DaysTimeDuration)) return null;
  return a.nanos < b.nanos ? -1 : a.nanos > b.nanos ? 1 : 0;
}
