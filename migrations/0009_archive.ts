// Case files (hồ sơ) and the documents filed in them. A document may be filed in several case files without being
// copied; its place in each is a number that never changes.
// Locks: new tables only. Back out: drop the tables.

import type { Migration } from './migration.ts';

const ARCHIVE = `
create table case_files (
  id uuid primary key default gen_random_uuid(),
  agency_id text not null references agencies,
  year int not null,
  direction text not null check (direction in ('outgoing', 'incoming')),
  document_type_id text not null,
  notation text not null,
  title text not null,
  retention text not null,
  opened_at timestamptz not null,
  constraint case_files_agency_id_year_direction_type_key unique (agency_id, year, direction, document_type_id)
);

create table case_file_documents (
  case_file_id uuid not null references case_files,
  document_id uuid not null references documents,
  ordinal int not null check (ordinal > 0),
  added_at timestamptz not null,
  primary key (case_file_id, document_id),
  constraint case_file_documents_case_file_id_ordinal_key unique (case_file_id, ordinal)
);
create index case_file_documents_document_id_idx on case_file_documents (document_id);
`;

export const archive: Migration = {
  name: '0009_archive',
  async up(knex) {
    await knex.raw(ARCHIVE);
  },
};
