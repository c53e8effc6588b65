// Signing sessions: what was handed to a key outside of this server, until its one answer comes back; and what came too
// late or a second time, kept aside. Signatures may now come from keys that this node does not hold.
// Locks: new tables; ACCESS EXCLUSIVE for an instant on signing_authorities, signing_credentials and signatures.
// Back out: drop the two tables and the added columns.

import type { Migration } from './migration.ts';

const KEYS = `
alter table signing_authorities
  add column root_crl bytea,
  add column timestamp_certificate bytea,
  add column timestamp_key bytea;
comment on column signing_authorities.timestamp_key is 'PKCS#8 of a TEST time-stamping key; null for a trusted root of others.';

alter table signing_credentials
  add column revoked_at timestamptz,
  add column failed_pins int not null default 0,
  add column pin_locked_until timestamptz;

alter table signatures
  alter column credential_id drop not null,
  add column provider text not null default 'server-key'
    constraint signatures_provider_check check (provider in ('server-key', 'pkcs11', 'browser-key', 'local-service')),
  add constraint signatures_credential_check check ((credential_id is not null) = (provider = 'server-key'));
`;

const SESSIONS = `
create table signing_sessions (
  id uuid primary key default gen_random_uuid(),
  provider text not null
    constraint signing_sessions_provider_check check (provider in ('pkcs11', 'browser-key', 'local-service')),
  status text not null
    constraint signing_sessions_status_check check (status in ('open', 'completed', 'cancelled', 'expired', 'refused')),
  document_id uuid not null references documents,
  version int not null,
  source_sha256 text not null references contents,
  role text not null constraint signing_sessions_role_check check (role in ('personal', 'agency')),
  user_id uuid not null references users,
  agency_id text not null references agencies,
  task_key bigint not null,
  field_name text not null,
  signer_name text not null,
  serial_number text not null,
  is_test boolean not null,
  certificate bytea not null,
  prepared jsonb,
  increment bytea,
  token_hash text constraint signing_sessions_token_hash_key unique,
  signed_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz,
  outcome_code text,
  created_at timestamptz not null,
  constraint signing_sessions_ended_check check ((ended_at is null) = (status = 'open')),
  constraint signing_sessions_kind_check check ((prepared is null) = (increment is null)
    and (prepared is null) = (token_hash is not null))
);
comment on column signing_sessions.increment is 'Hash providers: what was appended to the source; the gap for the signature is zero.';
comment on column signing_sessions.token_hash is 'File providers: SHA-256 of the one-time token in the download and upload address.';
-- Of two sessions for one signature the later one ends the earlier one; never are two open.
create unique index signing_sessions_open_key on signing_sessions (document_id, role) where status = 'open';

create table signing_quarantine (
  id uuid primary key default gen_random_uuid(),
  session_id uuid not null references signing_sessions,
  document_id uuid not null references documents,
  agency_id text not null references agencies,
  reason text not null
    constraint signing_quarantine_reason_check check (reason in ('late', 'second', 'cancelled', 'refused')),
  content bytea not null,
  sha256 text not null,
  received_at timestamptz not null,
  handled_at timestamptz,
  handled_by uuid references users,
  constraint signing_quarantine_handled_check check ((handled_at is null) = (handled_by is null))
);
comment on table signing_quarantine is 'Results that were not accepted. Evidence: kept, never used.';
create index signing_quarantine_open_idx on signing_quarantine (agency_id) where handled_at is null;
`;

export const signingSessions: Migration = {
  name: '0019_signing_sessions',
  async up(knex) {
    await knex.raw(KEYS);
    await knex.raw(SESSIONS);
  },
};
