// The working calendar of the installation, as processes name it. Its days off, make-up days and office hours are those
// of the pilot's settings, so that a deadline in a process and one in a report never differ.

import { loadCalendar } from '../modules/pilot/index.ts';
import type { BusinessCalendar } from '../runtime/index.ts';
import { AppError } from '../shared/app-error.ts';
import { localDateOf, plusDays, type Instant } from '../shared/time.ts';
import type { Tx } from '../shared/transactions.ts';

/** `tram:calendar="gio-hanh-chinh"`: office hours, Monday to Friday. */
export const OFFICE_CALENDAR = 'gio-hanh-chinh';
/** A due date lies within this time; deviations that are announced later than that are not known anyway. */
const AHEAD_DAYS = 800;

export async function findWorkingCalendar(tx: Tx, name: string, now: Instant): Promise<BusinessCalendar | null> {
  if (name !== OFFICE_CALENDAR) return null;
  const today = localDateOf(now);
  try {
    const { exceptions, officeHours } = await loadCalendar(tx, today, plusDays(today, AHEAD_DAYS));
    const { morningStart, morningEnd, afternoonStart, afternoonEnd } = officeHours;
    const spans = [
      { from: morningStart, to: morningEnd },
      { from: afternoonStart, to: afternoonEnd },
    ];
    const days = [...exceptions.values()];
    return {
      week: [spans, spans, spans, spans, spans, [], []],
      holidays: days.filter((day) => !day.isWorkingDay).map((day) => day.day),
      makeUpDays: Object.fromEntries(days.filter((day) => day.isWorkingDay).map((day) => [day.day, spans])),
    };
  } catch (error) {
    // An installation without office hours has no calendar; the task that asked for it says so with an incident.
    if (error instanceof AppError && error.code === 'OFFICE_HOURS_MISSING') return null;
    throw error;
  }
}
