// ISO 8601 for timers: durations with years and months on the Vietnamese calendar, date-times, repeating intervals.
// Texts without a zone mean Vietnamese time (UTC+7, no daylight saving), so a timer never jumps by an hour.

import type { Instant } from '../../shared/time.ts';
import { instantOf, millisOf, parseInstant } from '../../shared/time.ts';

export interface Duration {
  readonly months: number;
  readonly ms: number;
}

const DURATION =
  /^(-)?P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:[.,]\d+)?)S)?)?$/;

const MS_PER_SECOND = 1_000;
const MS_PER_MINUTE = 60 * MS_PER_SECOND;
const MS_PER_HOUR = 60 * MS_PER_MINUTE;
const MS_PER_DAY = 24 * MS_PER_HOUR;
const VIETNAM_OFFSET_MS = 7 * MS_PER_HOUR;

/** null when the text is no duration (also for `P` and `PT`, which say nothing). */
export function parseDuration(text: string): Duration | null {
  const match = DURATION.exec(text.trim());
  if (match === null || /^-?P$|T$/.test(text.trim())) return null;
  const [, minus, years, months, weeks, days, hours, minutes, seconds] = match;
  const sign = minus === '-' ? -1 : 1;
  const count = (digits: string | undefined): number => Number((digits ?? '0').replace(',', '.'));
  // Adding zero makes a negative zero a plain one.
  return {
    months: sign * (count(years) * 12 + count(months)) + 0,
    ms:
      0 +
      sign *
        Math.round(
          count(weeks) * 7 * MS_PER_DAY +
            count(days) * MS_PER_DAY +
            count(hours) * MS_PER_HOUR +
            count(minutes) * MS_PER_MINUTE +
            count(seconds) * MS_PER_SECOND,
        ),
  };
}

export const isPositive = (duration: Duration): boolean => duration.months > 0 || duration.ms > 0;

/** null when the result is beyond the years that an instant can name. */
export function plusDuration(instant: Instant, duration: Duration): Instant | null {
  const ms = millisOf(instant) + duration.ms;
  const shifted = duration.months === 0 ? ms : plusMonths(ms, duration.months);
  return Math.abs(shifted) < MAX_INSTANT_MS ? instantOf(new Date(shifted)) : null;
}

/** Year 9999; later instants have another text form. */
const MAX_INSTANT_MS = Date.UTC(9999, 11, 31);

/** The same day of a later month in Vietnam, or the month's last day when it is shorter (31 January + P1M). */
function plusMonths(ms: number, months: number): number {
  const local = new Date(ms + VIETNAM_OFFSET_MS);
  const day = local.getUTCDate();
  local.setUTCDate(1);
  local.setUTCMonth(local.getUTCMonth() + months);
  const lastDay = new Date(Date.UTC(local.getUTCFullYear(), local.getUTCMonth() + 1, 0)).getUTCDate();
  local.setUTCDate(Math.min(day, lastDay));
  return local.getTime() - VIETNAM_OFFSET_MS;
}

/** Date-time with offset or with a zone name in brackets or, as FEEL writes it, after `@`; with neither it is Vietnamese time. */
export function parseDateTime(text: string): Instant | null {
  const match = /^(.*?)(?:\[([^\]]+)\]|@([A-Za-z_]+\/[\w/+-]+))?$/.exec(text.trim());
  const [, plain = '', bracketed, named] = match ?? [];
  const zone = bracketed ?? named;
  if (/(Z|[+-]\d{2}:?\d{2})$/.test(plain)) return parseInstant(plain);
  if (zone === undefined) return parseInstant(`${plain}+07:00`);
  return atZone(plain, zone);
}

/** The wall-clock time of a named zone. In the gap of a change to summer time it is the moment after the gap. */
function atZone(plain: string, zone: string): Instant | null {
  const asUtc = parseInstant(`${plain}Z`);
  if (asUtc === null || !isZone(zone)) return null;
  const wall = millisOf(asUtc);
  const first = wall - offsetOf(zone, wall);
  return instantOf(new Date(wall - offsetOf(zone, first)));
}

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch (error) {
    // The zone database answers an unknown name with a RangeError; the name comes from a model.
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** How far the zone's clock is ahead of UTC at a moment. */
function offsetOf(zone: string, ms: number): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  }).formatToParts(new Date(ms));
  const part = (type: string): number => Number(parts.find((candidate) => candidate.type === type)?.value ?? 0);
  const wall = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  return wall - Math.floor(ms / MS_PER_SECOND) * MS_PER_SECOND;
}

export interface Cycle {
  /** null repeats for ever. */
  readonly repetitions: number | null;
  readonly startAt: Instant | null;
  readonly period: string;
}

/** `R[n]/[start/]period` with a period above zero. `R-1` is the long form of endless. */
export function parseCycle(text: string): Cycle | null {
  // The start may name a zone, which has a slash of its own.
  const [first, last] = [text.indexOf('/'), text.lastIndexOf('/')];
  if (first === -1) return null;
  const repeat = text.slice(0, first).trim();
  const period = text.slice(last + 1).trim();
  const start = first === last ? '' : text.slice(first + 1, last);
  const count = /^R(-1|\d*)$/.exec(repeat)?.[1];
  if (count === undefined) return null;
  const duration = parseDuration(period);
  if (duration === null || !isPositive(duration)) return null;
  const startAt = start === '' ? null : parseDateTime(start);
  if (start !== '' && startAt === null) return null;
  return { repetitions: count === '' || count === '-1' ? null : Number(count), startAt, period };
}
