// How far a clock is ahead of UTC: a fixed offset, or a named zone whose rules the platform knows (Intl, in Node and
// in browsers). Beyond the years that Date can name the rules of a year with the same calendar stand in.

import { civilDateOf, dayNumberOf, SECONDS_PER_DAY } from './calendar.ts';

export type FeelZone =
  { readonly kind: 'offset'; readonly seconds: number } | { readonly kind: 'id'; readonly id: string };

/** As far as ISO 8601 texts of other engines go. */
export const MAX_OFFSET_SECONDS = 18 * 3_600;

const formats = new Map<string, Intl.DateTimeFormat | null>();
const MAX_FORMATS = 700;

function formatOf(id: string): Intl.DateTimeFormat | null {
  const known = formats.get(id);
  if (known !== undefined) return known;
  const created = createFormat(id);
  if (formats.size >= MAX_FORMATS) formats.clear();
  formats.set(id, created);
  return created;
}

function createFormat(id: string): Intl.DateTimeFormat | null {
  // `+01:00` is an offset and no zone id, although newer platforms accept it here.
  if (!/^[A-Za-z][\w+\-/]*$/.test(id)) return null;
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone: id,
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch (error) {
    // The zone database answers an unknown name with a RangeError; the name comes from an expression.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

export const isZoneId = (id: string): boolean => formatOf(id) !== null;

/** The offset of a zone at a wall-clock time. In the gap of a change to summer time it is the one before the gap. */
export function offsetSeconds(zone: FeelZone, dayNumber: number, secondOfDay: number): number {
  if (zone.kind === 'offset') return zone.seconds;
  const format = formatOf(zone.id);
  if (format === null) return 0;
  const wall = secondsInRange(dayNumber) + secondOfDay;
  const first = offsetAt(format, wall);
  const second = offsetAt(format, wall - first);
  if (second === first) return first;
  // Around a change the two guesses differ: the one that reproduces the wall clock is right, before the gap otherwise.
  return offsetAt(format, wall - second) === second ? second : Math.min(first, second);
}

/** The offset of a zone at a moment, given in UTC. */
export function offsetSecondsAt(zone: FeelZone, utcDayNumber: number, secondOfDay: number): number {
  if (zone.kind === 'offset') return zone.seconds;
  const format = formatOf(zone.id);
  return format === null ? 0 : offsetAt(format, secondsInRange(utcDayNumber) + secondOfDay);
}

const MAX_DATE_DAYS = 99_000_000;
/** Far outside of Date's range the same day of a year from 2000 to 2399 is taken: 400 years are whole weeks. */
function secondsInRange(dayNumber: number): number {
  if (Math.abs(dayNumber) < MAX_DATE_DAYS) return dayNumber * SECONDS_PER_DAY;
  const { year, month, day } = civilDateOf(dayNumber);
  return dayNumberOf({ year: 2000 + (((year % 400) + 400) % 400), month, day }) * SECONDS_PER_DAY;
}

function offsetAt(format: Intl.DateTimeFormat, utcSeconds: number): number {
  const parts = new Map(
    format.formatToParts(new Date(utcSeconds * 1_000)).map(({ type, value }): [string, string] => [type, value]),
  );
  const part = (type: string): number => Number(parts.get(type) ?? 0);
  const year = parts.get('era')?.startsWith('B') === true ? 1 - part('year') : part('year');
  const day = dayNumberOf({ year, month: part('month'), day: part('day') });
  const wall = day * SECONDS_PER_DAY + part('hour') * 3_600 + part('minute') * 60 + part('second');
  return wall - utcSeconds;
}

export function zoneText(zone: FeelZone | null): string {
  if (zone === null) return '';
  return zone.kind === 'id' ? `@${zone.id}` : offsetText(zone.seconds);
}

export function offsetText(seconds: number): string {
  if (seconds === 0) return 'Z';
  const magnitude = Math.abs(seconds);
  const two = (value: number): string => String(value).padStart(2, '0');
  const rest = magnitude % 60;
  const text = `${two(Math.floor(magnitude / 3_600))}:${two(Math.floor(magnitude / 60) % 60)}`;
  return `${seconds < 0 ? '-' : '+'}${text}${rest === 0 ? '' : `:${two(rest)}`}`;
}
