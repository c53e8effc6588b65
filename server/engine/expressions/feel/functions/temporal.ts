// Functions of dates (DMN 1.5, 10.3.4.8), sameness, and the last day of a month from the dialect.

import { dayOfYear, daysInMonth, weekdayOf, weekOfYear } from '../temporal/calendar.ts';
import { FeelDate } from '../temporal/values.ts';
import { isSame } from '../comparison.ts';
import { dateOfDayLike } from './conversion.ts';
import type { BuiltIn } from './define.ts';
import { any, dayLike, define, signature } from './define.ts';
import type { FeelValue } from '../values.ts';

const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

const ofDate = (name: string, apply: (date: FeelDate) => FeelValue): BuiltIn =>
  define(
    name,
    signature([dayLike('date')], ([date]) => apply(dateOfDayLike(date))),
  );

export const TEMPORAL_FUNCTIONS: readonly BuiltIn[] = [
  ofDate('day of year', dayOfYear),
  ofDate('day of week', (date) => WEEKDAYS[weekdayOf(date.dayNumber) - 1] ?? null),
  ofDate('month of year', (date) => MONTHS[date.month - 1] ?? null),
  ofDate('week of year', weekOfYear),
  define(
    'is',
    signature([any('value1'), any('value2')], ([value1, value2]) => isSame(value1, value2)),
  ),
];

export const TEMPORAL_EXTENSIONS: readonly BuiltIn[] = [
  ofDate('last day of month', ({ year, month }) => new FeelDate(year, month, daysInMonth(year, month))),
];
