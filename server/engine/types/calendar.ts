// Business calendars: data that the runtime hands in, and the trace of a computed time.

import type { Instant, LocalDate } from '../../shared/time.ts';

/** A span of one day, `HH:mm` in Vietnamese time. */
export interface WorkingSpan {
  readonly from: string;
  readonly to: string;
}

export interface BusinessCalendar {
  /** Working spans by weekday, Monday first; seven entries, an empty one is a day off. */
  readonly week: readonly (readonly WorkingSpan[])[];
  /** Days off whatever their weekday. */
  readonly holidays: readonly LocalDate[];
  /** Days that are worked although weekday or holiday say otherwise, with their spans. */
  readonly makeUpDays: Readonly<Record<string, readonly WorkingSpan[]>>;
}

/** How a time was found: which calendar, from when, and what each touched day gave. */
export interface CalendarTrace {
  readonly calendar: string;
  readonly from: Instant;
  readonly duration: string;
  readonly days: readonly CalendarDay[];
}

export interface CalendarDay {
  readonly day: LocalDate;
  readonly kind: 'working' | 'weekend' | 'holiday' | 'make-up';
  /** Working minutes of this day that were counted. */
  readonly minutes: number;
}
