// All SQL of the pilot module: settings are rows with dates, so that a past day is judged by its own settings.

import type { LocalDate } from '../../shared/time.ts';
import type { Tx } from '../../shared/transactions.ts';
import type { CalendarDay, DocumentType, DocumentTypeSettings, OfficeHours, PilotPeriod } from './pilot-settings.ts';

/** The period that contains the day; else the latest that has begun; else the first that will begin. */
export async function selectPeriod(tx: Tx, on: LocalDate): Promise<PilotPeriod | null> {
  const { rows } = await tx.query<PilotPeriod>(
    `select name, legal_basis as "legalBasis", starts_on as "startsOn", ends_on as "endsOn"
       from pilot_periods
      order by (starts_on <= $1 and ends_on >= $1) desc, (starts_on <= $1) desc,
               case when starts_on <= $1 then starts_on end desc, starts_on
      limit 1`,
    [on],
  );
  return rows[0] ?? null;
}

export async function selectDocumentTypes(tx: Tx, on: LocalDate): Promise<readonly DocumentType[]> {
  const { rows } = await tx.query<DocumentType>(
    `select t.id, t.name, t.abbreviation, t.wire_type_detail as "wireTypeDetail",
            t.has_title_line as "hasTitleLine", t.has_addressee as "hasAddressee", t.workflow,
            exists (select from pilot_document_types m
                     where m.document_type_id = t.id and m.valid_from <= $1 and m.valid_to >= $1) as "isInPilot"
       from document_types t
      order by t.ordinal`,
    [on],
    'pilot.select-document-types',
  );
  return rows;
}

export async function selectCalendarDays(tx: Tx, from: LocalDate, to: LocalDate): Promise<readonly CalendarDay[]> {
  const { rows } = await tx.query<CalendarDay>(
    `select day, is_working_day as "isWorkingDay", name from calendar_days where day between $1 and $2 order by day`,
    [from, to],
  );
  return rows;
}

export async function selectOfficeHours(tx: Tx, on: LocalDate): Promise<OfficeHours | null> {
  const { rows } = await tx.query<OfficeHours>(
    `select to_char(morning_start, 'HH24:MI') as "morningStart", to_char(morning_end, 'HH24:MI') as "morningEnd",
            to_char(afternoon_start, 'HH24:MI') as "afternoonStart", to_char(afternoon_end, 'HH24:MI') as "afternoonEnd"
       from office_hours where valid_from <= $1 order by valid_from desc limit 1`,
    [on],
  );
  return rows[0] ?? null;
}

export async function insertPeriod(tx: Tx, period: PilotPeriod): Promise<void> {
  await tx.query(
    `insert into pilot_periods (name, legal_basis, starts_on, ends_on) values ($1, $2, $3, $4)
     on conflict (name) do nothing`,
    [period.name, period.legalBasis, period.startsOn, period.endsOn],
  );
}

export async function insertDocumentTypes(tx: Tx, types: readonly DocumentTypeSettings[]): Promise<void> {
  await tx.query(
    `insert into document_types
       (id, name, abbreviation, wire_type_detail, has_title_line, has_addressee, workflow, ordinal)
     select r ->> 'id', r ->> 'name', r ->> 'abbreviation', (r ->> 'wireTypeDetail')::int,
            (r ->> 'hasTitleLine')::boolean, (r ->> 'hasAddressee')::boolean, r ->> 'workflow', ordinal
       from jsonb_array_elements($1::jsonb) with ordinality as list(r, ordinal)
     on conflict (id) do nothing`,
    [JSON.stringify(types)],
  );
}

export async function insertMembership(tx: Tx, period: PilotPeriod, typeIds: readonly string[]): Promise<void> {
  await tx.query(
    `insert into pilot_document_types (pilot_name, document_type_id, valid_from, valid_to)
     select $1, type_id, $2, $3 from unnest($4::text[]) as type_id
     on conflict (pilot_name, document_type_id) do nothing`,
    [period.name, period.startsOn, period.endsOn, typeIds],
  );
}

export async function insertCalendarDays(tx: Tx, days: readonly CalendarDay[]): Promise<void> {
  await tx.query(
    `insert into calendar_days (day, is_working_day, name)
     select day, "isWorkingDay", name
       from jsonb_to_recordset($1::jsonb) as r(day date, "isWorkingDay" boolean, name text)
     on conflict (day) do nothing`,
    [JSON.stringify(days)],
  );
}

export async function insertOfficeHours(tx: Tx, validFrom: LocalDate, hours: OfficeHours): Promise<void> {
  await tx.query(
    `insert into office_hours (valid_from, morning_start, morning_end, afternoon_start, afternoon_end)
     values ($1, $2, $3, $4, $5) on conflict (valid_from) do nothing`,
    [validFrom, hours.morningStart, hours.morningEnd, hours.afternoonStart, hours.afternoonEnd],
  );
}
