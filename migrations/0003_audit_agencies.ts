// Audit log with one hash chain per agency; agencies, codes, people, sessions, loaded data sets.
// Locks: new tables only. Back out: drop the tables, nothing else refers to them before 0004.

import type { Migration } from './migration.ts';

const AUDIT = `
-- One trigger function for every table whose rows must never change. The argument is the message's code.
create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '%: rows of % are never changed or removed', tg_argv[0], tg_table_name
    using errcode = 'restrict_violation';
end $$;

create table audit_entries (
  id bigint generated always as identity primary key,
  agency_id text,
  chain text not null generated always as (coalesce(agency_id, '')) stored,
  at timestamptz not null,
  recorded_at timestamptz not null default clock_timestamp(),
  actor_id uuid,
  actor_name text,
  actor_position text,
  action text not null,
  subject_kind text not null,
  subject_id text not null,
  details jsonb not null default '{}',
  sequence bigint,
  previous_hash text,
  hash text,
  constraint audit_entries_hash_check check ((sequence is null) = (hash is null) and (hash is null) = (previous_hash is null))
);
create unique index audit_entries_chain_sequence_key on audit_entries (chain, sequence);
create index audit_entries_subject_idx on audit_entries (subject_kind, subject_id, id);

-- Everything that an entry says, in one canonical text (jsonb prints deterministically, times in UTC).
create function audit_hash(previous text, entry audit_entries) returns text language sql immutable as $$
  select encode(sha256(convert_to(previous || jsonb_build_array(
    entry.id::text, entry.sequence::text, entry.chain,
    to_char(entry.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
    to_char(entry.recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
    entry.actor_id::text, entry.actor_name, entry.actor_position,
    entry.action, entry.subject_kind, entry.subject_id, entry.details
  )::text, 'UTF8')), 'hex')
$$;

-- Runs at commit. Each statement here sees what was committed before the lock was granted (READ COMMITTED),
-- so two writers of one chain cannot give the same number.
create function audit_entries_chain() returns trigger language plpgsql as $$
declare
  last record;
  entry audit_entries;
begin
  perform pg_advisory_xact_lock(hashtextextended('audit:' || new.chain, 0));
  select sequence, hash into last from audit_entries
   where chain = new.chain and sequence is not null order by sequence desc limit 1;
  select * into entry from audit_entries where id = new.id;
  entry.sequence := coalesce(last.sequence, 0) + 1;
  entry.previous_hash := coalesce(last.hash, repeat('0', 64));
  update audit_entries
     set sequence = entry.sequence, previous_hash = entry.previous_hash,
         hash = audit_hash(entry.previous_hash, entry)
   where id = new.id;
  return null;
end $$;
create constraint trigger audit_entries_chain after insert on audit_entries
  deferrable initially deferred for each row execute function audit_entries_chain();

-- The one permitted update is the closing of the chain above: an entry without hash gets one, nothing else changes.
-- (chain is generated: not computed yet before the update, and it follows agency_id.)
create function audit_entries_append_only() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and old.hash is null and new.hash is not null
     and (to_jsonb(new) - '{sequence,previous_hash,hash,chain}'::text[])
       = (to_jsonb(old) - '{sequence,previous_hash,hash,chain}'::text[]) then
    return new;
  end if;
  raise exception 'AUDIT_APPEND_ONLY: audit entries are never changed or removed'
    using errcode = 'restrict_violation';
end $$;
create trigger audit_entries_append_only before update or delete on audit_entries
  for each row execute function audit_entries_append_only();
create trigger audit_entries_no_truncate before truncate on audit_entries
  for each statement execute function refuse_change('AUDIT_APPEND_ONLY');
`;

const AGENCIES = `
create table agencies (
  id text primary key constraint agencies_id_check check (id ~ '^[a-z0-9-]{1,80}$'),
  name text not null,
  short_name text not null,
  kind text not null constraint agencies_kind_check check (kind in ('provincial_committee', 'provincial_office',
    'department', 'inspectorate', 'board', 'other_body', 'district_committee', 'commune_committee', 'central_body')),
  level int not null constraint agencies_level_check check (level between 1 and 4),
  parent_id text references agencies,
  place text not null,
  letter_unit text not null,
  is_sample boolean not null
);

create table agency_codes (
  code text primary key,
  agency_id text not null references agencies,
  scheme text not null default 'QCVN102-2016'
    constraint agency_codes_scheme_check check (scheme in ('QCVN102-2016', 'QD20-2020')),
  is_placeholder boolean not null,
  valid_from date not null default '2018-01-01',
  valid_to date
);
create unique index agency_codes_agency_id_current_key on agency_codes (agency_id) where valid_to is null;

create table users (
  id uuid primary key default gen_random_uuid(),
  username text not null,
  full_name text not null,
  position text not null,
  agency_id text not null references agencies,
  password_hash text not null,
  is_active boolean not null default true,
  is_sample boolean not null
);
create unique index users_username_key on users (lower(username));
create index users_agency_id_idx on users (agency_id);

create table user_roles (
  user_id uuid not null references users,
  role text not null constraint user_roles_role_check
    check (role in ('officer', 'leader', 'clerk', 'archivist', 'admin')),
  primary key (user_id, role)
);

create table sessions (
  token_hash text primary key,
  user_id uuid not null references users,
  opened_at timestamptz not null,
  expires_at timestamptz not null
);
create index sessions_user_id_idx on sessions (user_id);

create table data_sets (
  name text primary key,
  version text not null,
  loaded_at timestamptz not null
);
`;

export const auditAgencies: Migration = {
  name: '0003_audit_agencies',
  async up(knex) {
    await knex.raw(AUDIT);
    await knex.raw(AGENCIES);
  },
};
