// The properties of values that are no contexts: parts of dates, times and durations, and the ends of ranges.

import { weekdayOf } from './temporal/calendar.ts';
import { NANOS_PER_SECOND } from './temporal/calendar.ts';
import { DaysTimeDuration, FeelDate, FeelDateTime, FeelTime, YearsMonthsDuration } from './temporal/values.ts';
import type { FeelValue } from './values.ts';
import { FeelRange } from './values.ts';

type Properties<T> = Readonly<Record<string, (value: T) => FeelValue>>;

const secondsDuration = (seconds: number | null): FeelValue =>
  seconds === null ? null : new DaysTimeDuration(BigInt(seconds) * BigInt(NANOS_PER_SECOND));

const OF_DATE: Properties<FeelDate> = {
  year: (date) => date.year,
  month: (date) => date.month,
  day: (date) => date.day,
  weekday: (date) => weekdayOf(date.dayNumber),
};

const OF_TIME: Properties<FeelTime> = {
  hour: (time) => time.hour,
  minute: (time) => time.minute,
  second: (time) => time.second,
  'time offset': (time) => secondsDuration(time.offset),
  timezone: (time) => (time.zone?.kind === 'id' ? time.zone.id : null),
};

const OF_DATE_TIME: Properties<FeelDateTime> = {
  year: ({ date }) => date.year,
  month: ({ date }) => date.month,
  day: ({ date }) => date.day,
  weekday: ({ date }) => weekdayOf(date.dayNumber),
  hour: ({ time }) => time.hour,
  minute: ({ time }) => time.minute,
  second: ({ time }) => time.second,
  'time offset': (value) => secondsDuration(value.offset),
  timezone: ({ zone }) => (zone?.kind === 'id' ? zone.id : null),
};

const OF_DAYS_TIME: Properties<DaysTimeDuration> = {
  days: ({ parts }) => parts.days,
  hours: ({ parts }) => parts.hours,
  minutes: ({ parts }) => parts.minutes,
  seconds: ({ parts }) => parts.seconds,
};

const OF_YEARS_MONTHS: Properties<YearsMonthsDuration> = {
  years: ({ months }) => Math.trunc(months / 12) + 0,
  months: ({ months }) => (months % 12) + 0,
};

const OF_RANGE: Properties<FeelRange> = {
  start: (range) => range.start,
  end: (range) => range.end,
  'start included': (range) => range.isStartIncluded,
  'end included': (range) => range.isEndIncluded,
};

const read = <T>(properties: Properties<T>, value: T, name: string): FeelValue | undefined =>
  Object.hasOwn(properties, name) ? properties[name]?.(value) : undefined;

/** undefined when a value of this kind has no such property. */
export function propertyOf(value: FeelValue, name: string): FeelValue | undefined {
  if (value instanceof FeelDate) return read(OF_DATE, value, name);
  if (value instanceof FeelTime) return read(OF_TIME, value, name);
  if (value instanceof FeelDateTime) return read(OF_DATE_TIME, value, name);
  if (value instanceof DaysTimeDuration) return read(OF_DAYS_TIME, value, name);
  if (value instanceof YearsMonthsDuration) return read(OF_YEARS_MONTHS, value, name);
  return value instanceof FeelRange ? read(OF_RANGE, value, name) : undefined;
}
