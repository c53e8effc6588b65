// Working time. A duration in hours counts working hours; whole days count working days and keep the time of day
// (moved into working time), so "three working days" from Friday 10:00 is Wednesday 10:00. Pure: the calendar is data.

import type { Instant, LocalDate } from '../../shared/time.ts';
import { atLocalTime, instantOf, localDateOf, millisOf, plusDays, plusMillis } from '../../shared/time.ts';
import type { BusinessCalendar, CalendarDay, CalendarTrace, WorkingSpan } from '../types.ts';
import { parseDuration } from './temporal.ts';

const MS_PER_MINUTE = 60_000;
const MS_PER_DAY = 24 * 60 * MS_PER_MINUTE;
const MAX_DAYS = 3_660;

export interface NamedCalendar {
  readonly name: string;
  readonly days: BusinessCalendar;
}

interface Span {
  readonly from: number;
  readonly to: number;
}

interface WorkingDay {
  readonly day: LocalDate;
  readonly kind: CalendarDay['kind'];
  readonly spans: readonly Span[];
}

/** null when the duration has months or years (a working month has no length), or the calendar has too few days. */
export function plusWorkingTime(
  calendar: NamedCalendar,
  from: Instant,
  duration: string,
): { readonly dueAt: Instant; readonly trace: CalendarTrace } | null {
  const parsed = parseDuration(duration);
  if (parsed === null || parsed.months !== 0) return null;
  const dayCount = /T/.test(duration) && parsed.ms < MS_PER_DAY ? 0 : Math.floor(parsed.ms / MS_PER_DAY);
  const days: CalendarDay[] = [];
  const begin = nextWorkingMoment(calendar.days, millisOf(from));
  const moved = begin === null ? null : plusWorkingDays(calendar.days, begin, dayCount, days);
  const end = moved === null ? null : plusWorkingMs(calendar.days, moved, parsed.ms - dayCount * MS_PER_DAY, days);
  if (end === null) return null;
  return { dueAt: instantOf(new Date(end)), trace: { calendar: calendar.name, from, duration, days } };
}

function workingDay(calendar: BusinessCalendar, day: LocalDate): WorkingDay {
  const makeUp = Object.hasOwn(calendar.makeUpDays, day) ? calendar.makeUpDays[day] : undefined;
  const weekday = (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7;
  const regular = calendar.week[weekday] ?? [];
  const spansOf = (spans: readonly WorkingSpan[]): readonly Span[] =>
    spans.map((span) => ({ from: millisOf(atLocalTime(day, span.from)), to: millisOf(atLocalTime(day, span.to)) }));
  if (makeUp !== undefined) return { day, kind: 'make-up', spans: spansOf(makeUp) };
  if (calendar.holidays.includes(day)) return { day, kind: 'holiday', spans: [] };
  return { day, kind: regular.length === 0 ? 'weekend' : 'working', spans: spansOf(regular) };
}

const dayAt = (ms: number): LocalDate => localDateOf(instantOf(new Date(ms)));

/** The moment itself when it is working time, else the beginning of the next working span. */
function nextWorkingMoment(calendar: BusinessCalendar, ms: number): number | null {
  let day = dayAt(ms);
  for (let count = 0; count < MAX_DAYS; count += 1) {
    const span = workingDay(calendar, day).spans.find((candidate) => candidate.to > ms);
    if (span !== undefined) return Math.max(ms, span.from);
    day = plusDays(day, 1);
  }
  return null;
}

/** The same time of day some working days later; moved into that day's working time when it lies outside of it. */
function plusWorkingDays(calendar: BusinessCalendar, ms: number, count: number, days: CalendarDay[]): number | null {
  if (count === 0) return ms;
  let day = dayAt(ms);
  let left = count;
  for (let tried = 0; tried < MAX_DAYS; tried += 1) {
    day = plusDays(day, 1);
    const { kind, spans } = workingDay(calendar, day);
    const minutes = spans.reduce((sum, span) => sum + (span.to - span.from) / MS_PER_MINUTE, 0);
    days.push({ day, kind, minutes });
    if (spans.length > 0) left -= 1;
    if (left === 0) return intoSpans(spans, millisOf(plusMillis(atLocalTime(day, '00:00'), timeOfDay(ms))));
  }
  return null;
}

const timeOfDay = (ms: number): number => ms - millisOf(atLocalTime(dayAt(ms), '00:00'));

function intoSpans(spans: readonly Span[], ms: number): number {
  const span = spans.find((candidate) => candidate.to >= ms);
  return span === undefined ? (spans.at(-1)?.to ?? ms) : Math.max(ms, span.from);
}

function plusWorkingMs(calendar: BusinessCalendar, ms: number, duration: number, days: CalendarDay[]): number | null {
  let left = duration;
  let day = dayAt(ms);
  if (left === 0) return ms;
  for (let count = 0; count < MAX_DAYS; count += 1) {
    const { kind, spans } = workingDay(calendar, day);
    let counted = 0;
    for (const span of spans) {
      const begin = Math.max(ms, span.from);
      const available = Math.max(0, span.to - begin);
      const used = Math.min(left - counted, available);
      counted += used;
      if (counted === left && used > 0) {
        days.push({ day, kind, minutes: counted / MS_PER_MINUTE });
        return begin + used;
      }
    }
    days.push({ day, kind, minutes: counted / MS_PER_MINUTE });
    left -= counted;
    day = plusDays(day, 1);
  }
  return null;
}
