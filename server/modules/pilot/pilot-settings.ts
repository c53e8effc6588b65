// What is a setting of the pilot: its period, the document types, the working calendar and the office hours.
// Membership of a type in the pilot is dated (CV 3321/UBND-KSTTHC); a type outside it can still be handled.

import type { Instant, LocalDate } from '../../shared/time.ts';

export interface PilotPeriod {
  readonly name: string;
  /** The ordering document. */
  readonly legalBasis: string;
  readonly startsOn: LocalDate;
  /** The last day. */
  readonly endsOn: LocalDate;
}

export interface PilotView extends PilotPeriod {
  readonly isOpen: boolean;
  /** 1 on the first day, null outside the period. */
  readonly dayNumber: number | null;
  readonly dayCount: number;
}

export interface DocumentTypeSettings {
  /** `official_letter`, `decision`, … */
  readonly id: string;
  readonly name: string;
  /** Null for official letters, which carry none in their notation. */
  readonly abbreviation: string | null;
  /** `TypeDetail` of the exchange format: position in group B of its list. */
  readonly wireTypeDetail: number;
  /** Prints the type name as a title line. */
  readonly hasTitleLine: boolean;
  /** Prints "Kính gửi" with the recipients. */
  readonly hasAddressee: boolean;
  /** Process id of the workflow that carries the document. */
  readonly workflow: string;
}

export interface DocumentType extends DocumentTypeSettings {
  readonly isInPilot: boolean;
}

export interface OfficeHours {
  /** `HH:mm` in Vietnam. */
  readonly morningStart: string;
  readonly morningEnd: string;
  readonly afternoonStart: string;
  readonly afternoonEnd: string;
}

/** A day that deviates from Monday–Friday work. */
export interface CalendarDay {
  readonly day: LocalDate;
  readonly isWorkingDay: boolean;
  readonly name: string;
}

export interface Calendar {
  readonly exceptions: ReadonlyMap<LocalDate, CalendarDay>;
  readonly officeHours: OfficeHours;
}

/** Why the deadline falls on its day: plainly the next day, a make-up day, or after one or more days off. */
export type SendByReason = 'next_working_day' | 'make_up_day' | 'after_days_off';

export interface SendBy {
  readonly dueAt: Instant;
  readonly reason: SendByReason;
}
