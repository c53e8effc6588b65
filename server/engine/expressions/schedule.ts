// When a timer is due: a duration from now, a date, or a cycle (ISO 8601 repeating interval or cron). Durations may
// count in the working time of a business calendar; the trace then says how the time was found.

import type { Result } from '../../shared/result.ts';
import { err, ok } from '../../shared/result.ts';
import type { Instant } from '../../shared/time.ts';
import type { CalendarTrace, TimerDefinition } from '../types.ts';
import { plusWorkingTime } from './calendar.ts';
import { nextCronTime, parseCron } from './cron.ts';
import { extractText } from './extract.ts';
import type { Failure } from './extract.ts';
import type { EvaluationContext } from './scope.ts';
import { isPositive, parseCycle, parseDateTime, parseDuration, plusDuration } from './temporal.ts';

export interface Schedule {
  readonly dueAt: Instant;
  /** Firings still to come, this one included; null for one firing or an endless cycle. */
  readonly repetitionsLeft: number | null;
  readonly period: string | null;
  readonly trace?: CalendarTrace;
}

export function scheduleOf(timer: TimerDefinition, context: EvaluationContext): Result<Schedule, Failure> {
  const text = extractText(timer.value, context);
  if (!text.ok) return text;
  const value = text.value.trim();
  if (timer.kind === 'cycle') return known(cycleFrom(value, context.now), timer.kind, value);
  if (timer.kind === 'date') return known(once(parseDateTime(value)), timer.kind, value);
  const due = dueAfter({ duration: value, calendar: timer.calendar, from: context.now }, context);
  return due.ok ? ok({ ...due.value, repetitionsLeft: null, period: null }) : due;
}

function known(schedule: Schedule | null, kind: string, text: string): Result<Schedule, Failure> {
  if (schedule !== null) return ok(schedule);
  const forms = kind === 'cycle' ? 'an ISO 8601 repeating interval or a cron expression' : 'ISO 8601';
  return err({
    errorType: 'EXTRACT_VALUE_ERROR',
    message: `Expected the ${kind} to be ${forms}, but it is '${text}'.`,
  });
}

const once = (dueAt: Instant | null): Schedule | null =>
  dueAt === null ? null : { dueAt, repetitionsLeft: null, period: null };

export interface Due {
  readonly dueAt: Instant;
  readonly trace?: CalendarTrace;
}

export interface DurationFrom {
  readonly duration: string;
  readonly calendar: string | null;
  readonly from: Instant;
}

/** A duration of zero or less is over at once. */
export function dueAfter({ duration, calendar, from }: DurationFrom, context: EvaluationContext): Result<Due, Failure> {
  const fail = (message: string): Result<Due, Failure> => err({ errorType: 'EXTRACT_VALUE_ERROR', message });
  const parsed = parseDuration(duration);
  if (parsed === null) return fail(`Expected the duration to be ISO 8601, but it is '${duration}'.`);
  if (!isPositive(parsed)) return ok({ dueAt: from });
  if (calendar === null) {
    const dueAt = plusDuration(from, parsed);
    return dueAt === null ? fail(`The duration '${duration}' leads beyond the year 9999.`) : ok({ dueAt });
  }
  const days = context.findCalendar?.(calendar) ?? undefined;
  if (days === undefined) return fail(`Expected a business calendar '${calendar}', but there is none.`);
  const due = plusWorkingTime({ name: calendar, days }, from, duration);
  return due === null
    ? fail(`Expected calendar '${calendar}' to have working time for '${duration}' within ten years, but it has not.`)
    : ok(due);
}

function cycleFrom(text: string, now: Instant): Schedule | null {
  const cron = parseCron(text);
  if (cron !== null) {
    const dueAt = nextCronTime(cron, now);
    return dueAt === null ? null : { dueAt, repetitionsLeft: null, period: text };
  }
  const cycle = parseCycle(text);
  if (cycle === null) return null;
  const duration = parseDuration(cycle.period);
  const dueAt = cycle.startAt ?? (duration === null ? null : plusDuration(now, duration));
  return dueAt === null ? null : { dueAt, repetitionsLeft: cycle.repetitions, period: cycle.period };
}

/**
 * The next firing of a cycle. An interval counts from the time that this one was due and not from now, so that a late
 * worker does not make a daily reminder drift; cron names moments, and those that were missed are over.
 */
export function nextFiring(
  fired: Pick<Schedule, 'dueAt' | 'repetitionsLeft' | 'period'>,
  now: Instant,
): Schedule | null {
  const repetitionsLeft = fired.repetitionsLeft === null ? null : fired.repetitionsLeft - 1;
  const { period } = fired;
  if (repetitionsLeft === 0 || period === null) return null;
  const cron = parseCron(period);
  const duration = parseDuration(period);
  const from = cron !== null && fired.dueAt < now ? now : fired.dueAt;
  const dueAt = cron !== null ? nextCronTime(cron, from) : duration === null ? null : plusDuration(from, duration);
  return dueAt === null ? null : { dueAt, repetitionsLeft, period };
}
