// ISO 8601 texts → temporal values, strictly: no blanks, no missing digits, no day that does not exist. A year has
// four digits, or up to nine without a leading zero; a zone is an offset or `@` with the name of a zone.

import { isCivilDate, NANOS_PER_SECOND } from './calendar.ts';
import { DaysTimeDuration, FeelDate, FeelDateTime, FeelTime, YearsMonthsDuration } from './values.ts';
import type { FeelZone } from './zones.ts';
import { isZoneId, MAX_OFFSET_SECONDS } from './zones.ts';

const DATE = /^(-?)(\d{4}|[1-9]\d{4,8})-(\d\d)-(\d\d)$/;
const TIME = /^T?(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(.*)$/;
const OFFSET = /^([+-])(\d\d):(\d\d)(?::(\d\d))?$/;
const YEARS_MONTHS = /^(-)?P(?:(\d+)Y)?(?:(\d+)M)?$/;
const DAYS_TIME = /^(-)?P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.(\d+))?S)?)?$/;
const MAX_MONTHS = Number.MAX_SAFE_INTEGER;

export function parseDate(text: string): FeelDate | null {
  const match = DATE.exec(text);
  if (match === null) return null;
  return dateOf((match[1] === '-' ? -1 : 1) * Number(match[2]) + 0, Number(match[3]), Number(match[4]));
}

/** null when there is no such day. */
export function dateOf(year: number, month: number, day: number): FeelDate | null {
  return isCivilDate({ year, month, day }) ? new FeelDate(year, month, day) : null;
}

/** A `T` in front is allowed when the time stands alone. */
export function parseTime(text: string): FeelTime | null {
  const match = TIME.exec(text);
  if (match === null) return null;
  const [, hour, minute, second, fraction = '', rest = ''] = match;
  const zone = parseZone(rest);
  if (zone === undefined) return null;
  const nanos = Number(fraction.slice(0, 9).padEnd(9, '0'));
  return timeOf({ hour: Number(hour), minute: Number(minute), second: Number(second), nanos }, zone);
}

export interface Clock {
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly nanos: number;
}

export function timeOf({ hour, minute, second, nanos }: Clock, zone: FeelZone | null): FeelTime | null {
  const isWhole = [hour, minute, second].every((part) => Number.isInteger(part) && part >= 0);
  if (!isWhole || hour > 23 || minute > 59 || second > 59) return null;
  return new FeelTime((hour * 3_600 + minute * 60 + second) * NANOS_PER_SECOND + nanos, zone);
}

/** undefined when the text is no zone; null when there is none. */
export function parseZone(text: string): FeelZone | null | undefined {
  if (text === '') return null;
  if (text === 'Z' || text === 'z') return { kind: 'offset', seconds: 0 };
  if (text.startsWith('@')) return isZoneId(text.slice(1)) ? { kind: 'id', id: text.slice(1) } : undefined;
  const match = OFFSET.exec(text);
  if (match === null) return undefined;
  const [, sign, hours, minutes, seconds = '0'] = match;
  if (Number(minutes) > 59 || Number(seconds) > 59) return undefined;
  return offsetZone((sign === '-' ? -1 : 1) * (Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds)));
}

export const offsetZone = (seconds: number): FeelZone | undefined =>
  Math.abs(seconds) <= MAX_OFFSET_SECONDS ? { kind: 'offset', seconds: seconds + 0 } : undefined;

/** A date alone is its midnight. */
export function parseDateTime(text: string): FeelDateTime | null {
  const at = text.indexOf('T');
  const date = parseDate(at < 0 ? text : text.slice(0, at));
  if (date === null) return null;
  if (at < 0) return new FeelDateTime(date, new FeelTime(0, null));
  const time = text.charAt(at + 1) === 'T' ? null : parseTime(text.slice(at + 1));
  return time === null ? null : new FeelDateTime(date, time);
}

export function parseDuration(text: string): DaysTimeDuration | YearsMonthsDuration | null {
  if (/^-?P$|T$/.test(text)) return null;
  const months = YEARS_MONTHS.exec(text);
  if (months !== null) {
    const total = Number(months[2] ?? 0) * 12 + Number(months[3] ?? 0);
    return total > MAX_MONTHS ? null : new YearsMonthsDuration(months[1] === '-' ? -total : total);
  }
  const match = DAYS_TIME.exec(text);
  if (match === null) return null;
  const [, sign, days = '0', hours = '0', minutes = '0', seconds = '0', fraction = ''] = match;
  const total = ((BigInt(days) * 24n + BigInt(hours)) * 60n + BigInt(minutes)) * 60n + BigInt(seconds);
  const nanos = total * BigInt(NANOS_PER_SECOND) + BigInt(fraction.slice(0, 9).padEnd(9, '0'));
  return new DaysTimeDuration(sign === '-' ? -nanos : nanos);
}

/** What `@"…"` holds: the form of the text says which kind it is. */
export function parseTemporal(
  text: string,
): FeelDate | FeelTime | FeelDateTime | DaysTimeDuration | YearsMonthsDuration | null {
  if (/^-?P/.test(text)) return parseDuration(text);
  if (/^T?\d\d:/.test(text)) return parseTime(text);
  return text.includes('T') ? parseDateTime(text) : parseDate(text);
}
