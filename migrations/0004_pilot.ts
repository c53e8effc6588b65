// Settings of the pilot: period, document types with dated membership, working calendar, office hours.
// Locks: new tables only. Back out: drop the tables, nothing else refers to them before 0005.

import type { Migration } from './migration.ts';

const PILOT = `
create table pilot_periods (
  name text primary key,
  legal_basis text not null,
  starts_on date not null,
  ends_on date not null,
  constraint pilot_periods_days_check check (starts_on <= ends_on)
);

create table document_types (
  id text primary key,
  name text not null constraint document_types_name_key unique,
  abbreviation text,
  wire_type_detail int not null,
  has_title_line boolean not null,
  has_addressee boolean not null,
  workflow text not null,
  ordinal int not null
);

create table pilot_document_types (
  pilot_name text not null references pilot_periods,
  document_type_id text not null references document_types,
  valid_from date not null,
  valid_to date not null,
  primary key (pilot_name, document_type_id),
  constraint pilot_document_types_days_check check (valid_from <= valid_to)
);

create table calendar_days (
  day date primary key,
  is_working_day boolean not null,
  name text not null
);

create table office_hours (
  valid_from date primary key,
  morning_start time not null,
  morning_end time not null,
  afternoon_start time not null,
  afternoon_end time not null,
  constraint office_hours_order_check check (
    morning_start < morning_end and morning_end <= afternoon_start and afternoon_start < afternoon_end)
);
`;

export const pilot: Migration = {
  name: '0004_pilot',
  async up(knex) {
    await knex.raw(PILOT);
  },
};
