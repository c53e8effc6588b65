// Cron expressions with six fields (second, minute, hour, day of month, month, day of week) as Spring reads them, in
// Vietnamese time. Numbers, names, lists, ranges, steps, `L`, `LW`, `15W`, `MON#2`, `5L` and the `@daily` shorthands.

import type { Instant } from '../../shared/time.ts';
import { instantOf, millisOf } from '../../shared/time.ts';

type DayTest = (day: Date) => boolean;

export interface Cron {
  readonly seconds: readonly number[];
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly months: ReadonlySet<number>;
  readonly isDayOfMonth: DayTest;
  readonly isDayOfWeek: DayTest;
}

const MS_PER_DAY = 86_400_000;
const VIETNAM_OFFSET_MS = 7 * 3_600_000;
/** A leap day on a given weekday comes at least every 40 years. */
const MAX_DAYS = 41 * 366;
const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const SHORTHANDS: Readonly<Record<string, string>> = {
  '@yearly': '0 0 0 1 1 *',
  '@annually': '0 0 0 1 1 *',
  '@monthly': '0 0 0 1 * *',
  '@weekly': '0 0 0 * * 0',
  '@daily': '0 0 0 * * *',
  '@midnight': '0 0 0 * * *',
  '@hourly': '0 0 * * * *',
};

/** null when the text is no cron expression. */
export function parseCron(text: string): Cron | null {
  const fields = (SHORTHANDS[text.trim()] ?? text.trim()).split(/\s+/);
  const [second, minute, hour, dayOfMonth, month, dayOfWeek] = fields;
  if (fields.length !== 6 || month === undefined || dayOfMonth === undefined || dayOfWeek === undefined) return null;
  const seconds = parseNumbers(second ?? '', 0, 59);
  const minutes = parseNumbers(minute ?? '', 0, 59);
  const hours = parseNumbers(hour ?? '', 0, 23);
  const months = parseNumbers(withNumbers(month, MONTHS, 1), 1, 12);
  const isDayOfMonth = parseDayOfMonth(dayOfMonth);
  const isDayOfWeek = parseDayOfWeek(dayOfWeek);
  if (seconds === null || minutes === null || hours === null || months === null) return null;
  if (isDayOfMonth === null || isDayOfWeek === null) return null;
  return { seconds, minutes, hours, months: new Set(months), isDayOfMonth, isDayOfWeek };
}

/** The first moment after the given one; null when there is none (30 February). */
export function nextCronTime(cron: Cron, after: Instant): Instant | null {
  const start = Math.floor((millisOf(after) + VIETNAM_OFFSET_MS) / 1000) * 1000 + 1000;
  const firstDay = Math.floor(start / MS_PER_DAY) * MS_PER_DAY;
  for (let count = 0; count < MAX_DAYS; count += 1) {
    const day = firstDay + count * MS_PER_DAY;
    const date = new Date(day);
    if (!cron.months.has(date.getUTCMonth() + 1) || !cron.isDayOfMonth(date) || !cron.isDayOfWeek(date)) continue;
    const time = firstTimeOfDay(cron, count === 0 ? (start - day) / 1000 : 0);
    if (time !== null) return instantOf(new Date(day + time * 1000 - VIETNAM_OFFSET_MS));
  }
  return null;
}

/** Seconds of the day, not before the given ones. */
function firstTimeOfDay(cron: Cron, from: number): number | null {
  for (const hour of cron.hours) {
    if (hour < Math.floor(from / 3600)) continue;
    for (const minute of cron.minutes) {
      if (hour * 3600 + minute * 60 + 59 < from) continue;
      const second = cron.seconds.find((candidate) => hour * 3600 + minute * 60 + candidate >= from);
      if (second !== undefined) return hour * 3600 + minute * 60 + second;
    }
  }
  return null;
}

const withNumbers = (text: string, names: readonly string[], first: number): string =>
  text.replace(/[A-Za-z]{3}/g, (name) => {
    const index = names.indexOf(name.toUpperCase());
    return index < 0 ? name : String(index + first);
  });

function parseNumbers(text: string, min: number, max: number): readonly number[] | null {
  const numbers = new Set<number>();
  for (const part of text.split(',')) {
    const match = /^(?:(\*|\?)|(\d+)(?:-(\d+))?)(?:\/(\d+))?$/.exec(part);
    if (match === null) return null;
    const [, all, first, last, step] = match;
    const from = all === undefined ? Number(first) : min;
    const to = all !== undefined || (last === undefined && step !== undefined) ? max : Number(last ?? first);
    const stride = Number(step ?? 1);
    if (from < min || to > max || from > to || stride < 1) return null;
    for (let number = from; number <= to; number += stride) numbers.add(number);
  }
  return [...numbers].sort((a, b) => a - b);
}

const lastDayOf = (day: Date): number =>
  new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + 1, 0)).getUTCDate();

function parseDayOfMonth(text: string): DayTest | null {
  const tests = text.split(',').map(parseDayOfMonthPart);
  return tests.every((test) => test !== null) ? (day) => tests.some((test) => test(day)) : null;
}

function parseDayOfMonthPart(text: string): DayTest | null {
  const fromEnd = /^L(?:-(\d+))?$/.exec(text);
  if (fromEnd !== null) return (day) => day.getUTCDate() === lastDayOf(day) - Number(fromEnd[1] ?? 0);
  if (text === 'LW') return (day) => day.getUTCDate() === nearestWeekday(day, lastDayOf(day));
  const weekday = /^(\d+)W$/.exec(text)?.[1];
  if (weekday !== undefined) return (day) => day.getUTCDate() === nearestWeekday(day, Number(weekday));
  const numbers = parseNumbers(text, 1, 31);
  return numbers === null ? null : (day) => numbers.includes(day.getUTCDate());
}

/** The weekday (Monday to Friday) of the same month that is nearest to a day of the month. */
function nearestWeekday(month: Date, dayOfMonth: number): number {
  const last = lastDayOf(month);
  const wanted = Math.min(dayOfMonth, last);
  const weekday = new Date(Date.UTC(month.getUTCFullYear(), month.getUTCMonth(), wanted)).getUTCDay();
  if (weekday === 6) return wanted === 1 ? 3 : wanted - 1;
  if (weekday === 0) return wanted === last ? wanted - 2 : wanted + 1;
  return wanted;
}

function parseDayOfWeek(text: string): DayTest | null {
  const tests = withNumbers(text, WEEKDAYS, 0).split(',').map(parseDayOfWeekPart);
  return tests.every((test) => test !== null) ? (day) => tests.some((test) => test(day)) : null;
}

function parseDayOfWeekPart(text: string): DayTest | null {
  const nth = /^([0-7])#([1-5])$/.exec(text);
  if (nth !== null) {
    return (day) => day.getUTCDay() === Number(nth[1]) % 7 && Math.ceil(day.getUTCDate() / 7) === Number(nth[2]);
  }
  const last = /^([0-7])L$/.exec(text)?.[1];
  if (last !== undefined) {
    return (day) => day.getUTCDay() === Number(last) % 7 && day.getUTCDate() > lastDayOf(day) - 7;
  }
  const numbers = parseNumbers(text, 0, 7);
  return numbers === null ? null : (day) => numbers.some((number) => number % 7 === day.getUTCDay());
}
