// Import of settings. The pilot's settings are loaded as one set; changing them by hand is another issue.

import type { LocalDate } from '../../shared/time.ts';
import type { Tx } from '../../shared/transactions.ts';
import type { CalendarDay, DocumentTypeSettings, OfficeHours, PilotPeriod } from './pilot-settings.ts';
import * as store from './store.ts';

export interface PilotImport {
  readonly period: PilotPeriod;
  /** All of them take part in the pilot for its whole period. */
  readonly documentTypes: readonly DocumentTypeSettings[];
  readonly calendarDays: readonly CalendarDay[];
  readonly officeHours: OfficeHours;
  readonly officeHoursValidFrom: LocalDate;
}

/** Adds settings that are not there yet; existing ones stay as they are. */
export async function importPilot(tx: Tx, input: PilotImport): Promise<void> {
  const typeIds = input.documentTypes.map((type) => type.id);
  await store.insertPeriod(tx, input.period);
  await store.insertDocumentTypes(tx, input.documentTypes);
  await store.insertMembership(tx, input.period, typeIds);
  await store.insertCalendarDays(tx, input.calendarDays);
  await store.insertOfficeHours(tx, input.officeHoursValidFrom, input.officeHours);
}
