// Test authority, test certificates, signatures. Only keys without legal value may lie in these tables.
// Locks: new tables only. Back out: drop the three tables.

import type { Migration } from './migration.ts';

const SIGNING = `
create table signing_authorities (
  id uuid primary key default gen_random_uuid(),
  root_certificate bytea not null,
  issuing_certificate bytea not null,
  issuing_key bytea,
  created_at timestamptz not null
);
comment on column signing_authorities.issuing_key is 'PKCS#8 of a TEST issuing key; null for a trusted root of others.';

create table signing_credentials (
  id uuid primary key default gen_random_uuid(),
  authority_id uuid not null references signing_authorities,
  user_id uuid references users constraint signing_credentials_user_id_key unique,
  agency_id text references agencies constraint signing_credentials_agency_id_key unique,
  subject_name text not null,
  serial_number text not null constraint signing_credentials_serial_number_key unique,
  valid_from timestamptz not null,
  valid_to timestamptz not null,
  pkcs12 bytea not null,
  certificate bytea not null,
  is_test boolean not null,
  created_at timestamptz not null,
  constraint signing_credentials_holder_check check ((user_id is null) <> (agency_id is null)),
  constraint signing_credentials_test_check check (is_test)
);

create table signatures (
  id uuid primary key default gen_random_uuid(),
  document_id uuid not null references documents,
  role text not null constraint signatures_role_check check (role in ('personal', 'agency')),
  credential_id uuid not null references signing_credentials,
  signer_name text not null,
  actor_id uuid not null references users,
  actor_name text not null,
  serial_number text not null,
  field_name text not null,
  signed_at timestamptz not null,
  is_test boolean not null,
  constraint signatures_document_id_role_key unique (document_id, role)
);
create trigger signatures_immutable before update or delete on signatures
  for each row execute function refuse_change('SIGNATURE_IMMUTABLE');
`;

export const signing: Migration = {
  name: '0007_signing',
  async up(knex) {
    await knex.raw(SIGNING);
  },
};
