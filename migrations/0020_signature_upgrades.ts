// Timestamps and evidence that are added after a signature: a queue of its own, because a time-stamping authority may take
// minutes; and the kind of version that it makes, which extends the signed file byte for byte.
// Locks: a new table; ACCESS EXCLUSIVE for an instant on document_versions. Back out: drop the table; versions of the new
// kind stay readable.

import type { Migration } from './migration.ts';

const UPGRADES = `
create table signature_upgrades (
  document_id uuid primary key references documents,
  target text not null constraint signature_upgrades_target_check check (target in ('B-LT', 'B-LTA')),
  reached text not null
    constraint signature_upgrades_reached_check check (reached in ('B-B', 'B-T', 'B-LT', 'B-LTA')),
  status text not null constraint signature_upgrades_status_check check (status in ('pending', 'done', 'failed')),
  attempts int not null default 0,
  last_error_code text,
  requested_at timestamptz not null,
  changed_at timestamptz not null,
  not_before timestamptz not null default clock_timestamp(),
  lease_token uuid,
  leased_until timestamptz
);
comment on column signature_upgrades.not_before is 'Technical time: back-off after a failure';
create index signature_upgrades_pending_idx on signature_upgrades (not_before) where status = 'pending';
`;

const VERSIONS = `
alter table document_versions drop constraint document_versions_kind_check;
alter table document_versions add constraint document_versions_kind_check
  check (kind in ('draft', 'signed', 'numbered', 'sealed', 'received', 'extended'));
drop index document_versions_document_id_kind_key;
create unique index document_versions_document_id_kind_key on document_versions (document_id, kind)
  where kind not in ('draft', 'extended');

-- An extended file follows a sealed or a received one; after it nothing but another extended one may come.
create or replace function document_versions_order() returns trigger language plpgsql as $$
declare
  ranks constant text[] := '{draft,signed,numbered,sealed,extended}';
begin
  if new.kind = 'extended' then
    if exists (select from document_versions v where v.document_id = new.document_id and v.kind in ('sealed', 'received')) then
      return new;
    end if;
    raise exception 'DOCUMENT_VERSION_ORDER: an extended file needs a sealed or a received one before it'
      using errcode = 'restrict_violation';
  end if;
  if exists (select from document_versions v where v.document_id = new.document_id
               and (new.kind = 'received'
                    or array_position(ranks, v.kind) > array_position(ranks, new.kind)
                    or v.kind = 'received')) then
    raise exception 'DOCUMENT_VERSION_ORDER: a % file cannot follow the versions that are there', new.kind
      using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
`;

export const signatureUpgrades: Migration = {
  name: '0020_signature_upgrades',
  async up(knex) {
    await knex.raw(UPGRADES);
    await knex.raw(VERSIONS);
  },
};
