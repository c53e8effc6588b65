// Dates, times and durations as immutable values. A time is nanoseconds of a day, a date-time is a date and a time, a
// duration is either months or nanoseconds, never both. Texts are the ISO 8601 forms that FEEL reads back.

import { dayNumberOf, NANOS_PER_DAY, NANOS_PER_SECOND } from './calendar.ts';
import type { FeelZone } from './zones.ts';
import { offsetSeconds, zoneText } from './zones.ts';

const two = (value: number): string => String(value).padStart(2, '0');

export class FeelDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;

  constructor(year: number, month: number, day: number) {
    this.year = year;
    this.month = month;
    this.day = day;
  }

  get dayNumber(): number {
    return dayNumberOf(this);
  }

  toString(): string {
    const digits = String(Math.abs(this.year)).padStart(4, '0');
    return `${this.year < 0 ? '-' : ''}${digits}-${two(this.month)}-${two(this.day)}`;
  }

  toJSON(): string {
    return this.toString();
  }
}

export class FeelTime {
  readonly nanos: number;
  readonly zone: FeelZone | null;

  constructor(nanos: number, zone: FeelZone | null) {
    this.nanos = nanos;
    this.zone = zone;
  }

  get hour(): number {
    return Math.floor(this.nanos / (3_600 * NANOS_PER_SECOND));
  }

  get minute(): number {
    return Math.floor(this.nanos / (60 * NANOS_PER_SECOND)) % 60;
  }

  get second(): number {
    return Math.floor(this.nanos / NANOS_PER_SECOND) % 60;
  }

  get secondOfDay(): number {
    return Math.floor(this.nanos / NANOS_PER_SECOND);
  }

  /** Without a date a named zone has no fixed offset; the one of 1970 stands in, so that times can be compared. */
  get offset(): number | null {
    return this.zone === null ? null : offsetSeconds(this.zone, 0, this.secondOfDay);
  }

  toString(): string {
    const fraction = this.nanos % NANOS_PER_SECOND;
    const digits = fraction === 0 ? '' : `.${String(fraction).padStart(9, '0').replace(/0+$/, '')}`;
    return `${two(this.hour)}:${two(this.minute)}:${two(this.second)}${digits}${zoneText(this.zone)}`;
  }

  toJSON(): string {
    return this.toString();
  }
}

export interface UtcPosition {
  readonly day: number;
  readonly nanos: number;
}

export class FeelDateTime {
  readonly date: FeelDate;
  readonly time: FeelTime;

  constructor(date: FeelDate, time: FeelTime) {
    this.date = date;
    this.time = time;
  }

  get zone(): FeelZone | null {
    return this.time.zone;
  }

  get offset(): number | null {
    return this.zone === null ? null : offsetSeconds(this.zone, this.date.dayNumber, this.time.secondOfDay);
  }

  /** Where the moment lies on the UTC line; a local date-time is read as if it were UTC. */
  get utc(): UtcPosition {
    return shift(this.date.dayNumber, this.time.nanos - (this.offset ?? 0) * NANOS_PER_SECOND);
  }

  toString(): string {
    return `${this.date.toString()}T${this.time.toString()}`;
  }

  toJSON(): string {
    return this.toString();
  }
}

/** Carries whole days out of the nanoseconds. */
export function shift(day: number, nanos: number): UtcPosition {
  const days = Math.floor(nanos / NANOS_PER_DAY);
  return { day: day + days, nanos: nanos - days * NANOS_PER_DAY };
}

export class YearsMonthsDuration {
  readonly months: number;

  constructor(months: number) {
    // Adding zero makes a negative zero a plain one.
    this.months = months + 0;
  }

  toString(): string {
    const magnitude = Math.abs(this.months);
    const years = Math.floor(magnitude / 12);
    const months = magnitude % 12;
    if (magnitude === 0) return 'P0M';
    return `${this.months < 0 ? '-' : ''}P${years === 0 ? '' : `${years}Y`}${months === 0 ? '' : `${months}M`}`;
  }

  toJSON(): string {
    return this.toString();
  }
}

const NANOS = BigInt(NANOS_PER_SECOND);

/** Nanoseconds as a big integer: the distance between two dates may be 63 billion billion seconds. */
export class DaysTimeDuration {
  readonly nanos: bigint;

  constructor(nanos: bigint) {
    this.nanos = nanos;
  }

  /** Whole units of the magnitude, all with the sign of the duration. */
  get parts(): { readonly days: number; readonly hours: number; readonly minutes: number; readonly seconds: number } {
    const seconds = Number(this.nanos / NANOS);
    return {
      days: Math.trunc(seconds / 86_400) + 0,
      hours: (Math.trunc(seconds / 3_600) % 24) + 0,
      minutes: (Math.trunc(seconds / 60) % 60) + 0,
      seconds: (seconds % 60) + 0,
    };
  }

  toString(): string {
    if (this.nanos === 0n) return 'PT0S';
    const magnitude = this.nanos < 0n ? -this.nanos : this.nanos;
    const total = magnitude / NANOS;
    const days = total / 86_400n;
    const hours = (total / 3_600n) % 24n;
    const minutes = (total / 60n) % 60n;
    const fraction = magnitude % NANOS;
    const seconds = `${total % 60n}${fraction === 0n ? '' : `.${String(fraction).padStart(9, '0').replace(/0+$/, '')}`}`;
    const time = `${hours === 0n ? '' : `${hours}H`}${minutes === 0n ? '' : `${minutes}M`}${seconds === '0' ? '' : `${seconds}S`}`;
    return `${this.nanos < 0n ? '-' : ''}P${days === 0n ? '' : `${days}D`}${time === '' ? '' : `T${time}`}`;
  }

  toJSON(): string {
    return this.toString();
  }
}
