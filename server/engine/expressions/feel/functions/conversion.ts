// Conversions (DMN 1.5, 10.3.4.1) and the two functions of the clock. Every failure is null.

import { parseNumber } from '../numbers.ts';
import type { FeelNumber } from '../numbers.ts';
import { dateTimeAt, monthsBetween } from '../temporal/arithmetic.ts';
import { NANOS_PER_SECOND } from '../temporal/calendar.ts';
import { dateOf, offsetZone, parseDate, parseDateTime, parseDuration, parseTime, timeOf } from '../temporal/parse.ts';
import { DaysTimeDuration, FeelDate, FeelDateTime, FeelTime } from '../temporal/values.ts';
import type { FeelZone } from '../temporal/zones.ts';
import { textOf } from '../text.ts';
import type { FeelDuration, FunctionRun } from '../values.ts';
import type { BuiltIn, Signature } from './define.ts';
import {
  any,
  dayLike,
  define,
  duration,
  noResult,
  nullable,
  number,
  optional,
  signature,
  temporal,
  text,
  time,
} from './define.ts';

const UTC: FeelZone = { kind: 'offset', seconds: 0 };
const DEFAULT_OFFSET_SECONDS = 7 * 3_600;

export const dateOfDayLike = (value: FeelDate | FeelDateTime): FeelDate =>
  value instanceof FeelDate ? value : value.date;

const dateFunctions: readonly Signature[] = [
  signature([text('from')], ([from], run) => parseDate(from) ?? noResult(run, 'date')),
  signature([dayLike('from')], ([from]) => dateOfDayLike(from)),
  signature([number('year'), number('month'), number('day')], ([year, month, day], run) => {
    return dateOf(plain(year), plain(month), plain(day)) ?? noResult(run, 'date');
  }),
];

/** NaN for what is no plain number; then no calendar has such a day. */
const plain = (value: FeelNumber): number => (typeof value === 'number' ? value : Number.NaN);

function timeFrom(parts: readonly FeelNumber[], offset: FeelDuration | null): FeelTime | null {
  const [hour, minute, second] = parts.map(plain);
  const zone = offset === null ? null : zoneOf(offset);
  if (hour === undefined || minute === undefined || second === undefined || zone === undefined) return null;
  const whole = Math.floor(second);
  const nanos = Math.round((second - whole) * NANOS_PER_SECOND);
  return timeOf({ hour, minute, second: whole, nanos: nanos === NANOS_PER_SECOND ? 0 : nanos }, zone);
}

function zoneOf(offset: FeelDuration): FeelZone | undefined {
  return offset instanceof DaysTimeDuration ? offsetZone(Number(offset.nanos / BigInt(NANOS_PER_SECOND))) : undefined;
}

const timeFunctions: readonly Signature[] = [
  signature([text('from')], ([from], run) => parseTime(from) ?? noResult(run, 'time')),
  signature([temporal('from')], ([from]) => {
    if (from instanceof FeelTime) return from;
    return from instanceof FeelDateTime ? from.time : new FeelTime(0, UTC);
  }),
  signature(
    [number('hour'), number('minute'), number('second'), optional(duration('offset'))],
    ([hour, minute, second, offset], run) => timeFrom([hour, minute, second], offset) ?? noResult(run, 'time'),
  ),
];

const dateTimeFunctions: readonly Signature[] = [
  signature([text('from')], ([from], run) => parseDateTime(from) ?? noResult(run, 'date and time')),
  signature([dayLike('date'), time('time')], ([date, at]) => new FeelDateTime(dateOfDayLike(date), at)),
];

const GROUPINGS: readonly (string | null)[] = [' ', ',', '.', null];
const DECIMALS: readonly (string | null)[] = ['.', ',', null];

function numberFrom(from: string, grouping: string | null, decimal: string | null): FeelNumber | null {
  if (!GROUPINGS.includes(grouping) || !DECIMALS.includes(decimal)) return null;
  if (grouping !== null && grouping === decimal) return null;
  const ungrouped = grouping === null ? from : from.replaceAll(grouping, '');
  const text =
    decimal === null || decimal === '.' ? ungrouped : ungrouped.replaceAll('.', 'x').replaceAll(decimal, '.');
  return parseNumber(text);
}

/** null when the evaluation has no clock. */
function now(run: FunctionRun): FeelDateTime | null {
  const { nowMs, offsetSeconds } = run.options;
  if (nowMs === undefined || nowMs === null) return null;
  return dateTimeAt(nowMs, { kind: 'offset', seconds: offsetSeconds ?? DEFAULT_OFFSET_SECONDS });
}

export const CONVERSION_FUNCTIONS: readonly BuiltIn[] = [
  define('date', ...dateFunctions),
  define('time', ...timeFunctions),
  define('date and time', ...dateTimeFunctions),
  define(
    'duration',
    signature([text('from')], ([from], run) => parseDuration(from) ?? noResult(run, 'duration')),
  ),
  define(
    'years and months duration',
    signature([dayLike('from'), dayLike('to')], ([from, to]) => monthsBetween(dateOfDayLike(from), dateOfDayLike(to))),
  ),
  define(
    'number',
    signature(
      [text('from'), nullable(text('grouping separator')), nullable(text('decimal separator'))],
      ([from, grouping, decimal], run) => numberFrom(from, grouping, decimal) ?? noResult(run, 'number'),
    ),
  ),
  define(
    'string',
    signature([any('from')], ([from]) => textOf(from)),
  ),
  define(
    'now',
    signature([], (_args, run) => now(run)),
  ),
  define(
    'today',
    signature([], (_args, run) => now(run)?.date ?? null),
  ),
];

/** The dialect reads a plain number without naming separators. */
export const CONVERSION_EXTENSIONS: readonly BuiltIn[] = [
  define(
    'number',
    signature(
      [text('from'), optional(text('grouping separator')), optional(text('decimal separator'))],
      ([from, grouping, decimal], run) => numberFrom(from, grouping, decimal) ?? noResult(run, 'number'),
    ),
  ),
];
