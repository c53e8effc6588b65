// Reads of the pilot's settings as they hold on a given day.

import { plusDays, type LocalDate } from '../../shared/time.ts';
import type { Tx } from '../../shared/transactions.ts';
import { pilotError } from './errors.ts';
import type { Calendar, DocumentType, PilotView } from './pilot-settings.ts';
import { describePilot, requireDocumentType } from './rules.ts';
import * as store from './store.ts';

/** The pilot that runs on this day, else the latest one before it; null when none is known. */
export async function getPilot(tx: Tx, on: LocalDate): Promise<PilotView | null> {
  const period = await store.selectPeriod(tx, on);
  return period === null ? null : describePilot(period, on);
}

export const listDocumentTypes = (tx: Tx, on: LocalDate): Promise<readonly DocumentType[]> =>
  store.selectDocumentTypes(tx, on);

/** DOCUMENT_TYPE_UNKNOWN when there is none of this id. */
export async function getDocumentType(tx: Tx, id: string, on: LocalDate): Promise<DocumentType> {
  const found = requireDocumentType(await store.selectDocumentTypes(tx, on), id);
  if (!found.ok) throw pilotError(found.error.code, found.error.message, { documentTypeId: id });
  return found.value;
}

/**
 * Days off and make-up days between the two days, widened by a margin so that rules which look for the next
 * working day do not run past the loaded range. Office hours are those of the first day.
 */
export async function loadCalendar(tx: Tx, from: LocalDate, to: LocalDate): Promise<Calendar> {
  const days = await store.selectCalendarDays(tx, plusDays(from, -MARGIN_DAYS), plusDays(to, MARGIN_DAYS));
  const officeHours = await store.selectOfficeHours(tx, from);
  if (officeHours === null) {
    throw pilotError('OFFICE_HOURS_MISSING', `Expected office hours that are valid on ${from}`);
  }
  return { exceptions: new Map(days.map((day) => [day.day, day])), officeHours };
}

const MARGIN_DAYS = 60;
