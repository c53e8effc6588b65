// Public face of the pilot module: period, document types, calendar, deadlines. See README.md.

export { importPilot, type PilotImport } from './commands.ts';
export { PILOT_ERRORS } from './errors.ts';
export type {
  Calendar,
  CalendarDay,
  DocumentType,
  DocumentTypeSettings,
  OfficeHours,
  PilotPeriod,
  PilotView,
  SendBy,
  SendByReason,
} from './pilot-settings.ts';
export { getDocumentType, getPilot, listDocumentTypes, loadCalendar } from './queries.ts';
export { countWorkingDays, decideSendBy, isWorkingDay, nextWorkingDay } from './rules.ts';
