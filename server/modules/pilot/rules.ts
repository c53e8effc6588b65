// Pure calendar rules. SLA-SEND is QĐ 28/2018 Đ6(2): a signed document goes out on the day of signing, at the
// latest in the morning of the next working day.

import assert from 'node:assert';
import { err, ok, type Result } from '../../shared/result.ts';
import { atLocalTime, localDateOf, plusDays, type Instant, type LocalDate } from '../../shared/time.ts';
import type { Calendar, DocumentType, PilotPeriod, PilotView, SendBy } from './pilot-settings.ts';

/** No block of days off is longer (Tết takes 9); a calendar without working days is a configuration fault. */
const DAYS_OFF_MAX = 60;
const DAY_MS = 24 * 60 * 60 * 1000;

const isWeekend = (day: LocalDate): boolean => {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  return weekday === 0 || weekday === 6;
};

export const isWorkingDay = (calendar: Calendar, day: LocalDate): boolean =>
  calendar.exceptions.get(day)?.isWorkingDay ?? !isWeekend(day);

export function nextWorkingDay(calendar: Calendar, after: LocalDate): LocalDate {
  for (let offset = 1; offset <= DAYS_OFF_MAX; offset += 1) {
    const day = plusDays(after, offset);
    if (isWorkingDay(calendar, day)) return day;
  }
  assert.fail(`Expected a working day within ${DAYS_OFF_MAX} days after ${after}`);
}

/** Both ends included. */
export function countWorkingDays(calendar: Calendar, from: LocalDate, to: LocalDate): number {
  let count = 0;
  for (let day = from; day <= to; day = plusDays(day, 1)) if (isWorkingDay(calendar, day)) count += 1;
  return count;
}

/** SLA-SEND: the end of the morning session of the working day after the day of signing. */
export function decideSendBy(signedAt: Instant, calendar: Calendar): SendBy {
  const signedOn = localDateOf(signedAt);
  const day = nextWorkingDay(calendar, signedOn);
  const dueAt = atLocalTime(day, calendar.officeHours.morningEnd);
  if (isWeekend(day)) return { dueAt, reason: 'make_up_day' };
  return { dueAt, reason: day === plusDays(signedOn, 1) ? 'next_working_day' : 'after_days_off' };
}

const daysBetween = (from: LocalDate, to: LocalDate): number =>
  Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS);

export function describePilot(period: PilotPeriod, on: LocalDate): PilotView {
  const isOpen = period.startsOn <= on && on <= period.endsOn;
  return {
    ...period,
    isOpen,
    dayNumber: isOpen ? daysBetween(period.startsOn, on) + 1 : null,
    dayCount: daysBetween(period.startsOn, period.endsOn) + 1,
  };
}

export function requireDocumentType(
  types: readonly DocumentType[],
  id: string,
): Result<DocumentType, { readonly code: 'DOCUMENT_TYPE_UNKNOWN'; readonly message: string }> {
  const type = types.find((candidate) => candidate.id === id);
  return type === undefined
    ? err({ code: 'DOCUMENT_TYPE_UNKNOWN', message: `Expected a known document type, but got '${id}'` })
    : ok(type);
}
