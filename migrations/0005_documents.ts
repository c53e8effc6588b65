// Documents, versions, attachments, recipients, assignments; immutability of stored contents.
// Locks: new tables; two triggers on contents (SHARE ROW EXCLUSIVE, for an instant).
// Back out: drop the tables and the triggers on contents.

import type { Migration } from './migration.ts';

const DOCUMENTS = `
-- The one function for accent-insensitive search: 'Đắk Lắk' and 'dak lak' fold to the same text.
create function fold_text(value text) returns text language sql immutable strict parallel safe as $$
  select lower(translate(regexp_replace(normalize(value, NFD), '[\\u0300-\\u036f]', '', 'g'), 'Đđ', 'Dd'))
$$;

create table documents (
  id uuid primary key default gen_random_uuid(),
  agency_id text not null references agencies,
  direction text not null,
  status text not null,
  document_type_id text references document_types,
  document_type_name text not null,
  subject text not null constraint documents_subject_check check (char_length(subject) between 1 and 500),
  urgency text not null constraint documents_urgency_check
    check (urgency in ('normal', 'urgent', 'very_urgent', 'most_urgent')),
  notation text not null,
  number int constraint documents_number_check check (number > 0),
  document_code text,
  issued_on date,
  issued_place text not null,
  wire_document_id text,
  signer_id uuid references users,
  signer_name text,
  signer_position text,
  signing_capacity text constraint documents_signing_capacity_check
    check (signing_capacity in ('head', 'on_behalf', 'deputy', 'by_order', 'sub_delegated', 'acting')),
  capacity_line text not null default '',
  drafter_id uuid references users,
  drafter_name text,
  due_on date,
  reply_to uuid references documents,
  letter jsonb,
  recipients_lines jsonb not null default '[]',
  return_reason text,
  origin_name text not null,
  origin_code text,
  origin_agency_id text references agencies,
  package_id uuid constraint documents_package_id_key unique,
  arrival_number int,
  arrived_on date,
  refusal_code text,
  refusal_reason text,
  instruction text,
  handle_by date,
  outcome text,
  signed_at timestamptz,
  dispatched_at timestamptz,
  instance_key bigint,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  search_text text not null generated always as
    (fold_text(subject || ' ' || coalesce(document_code, '') || ' ' || origin_name)) stored,
  constraint documents_status_check check (case direction
    when 'outgoing' then status in ('draft', 'in_review', 'awaiting_signature', 'signed', 'numbered', 'sealed',
      'dispatched', 'archived', 'cancelled', 'revoked', 'superseded')
    when 'incoming' then status in ('arrived', 'accepted', 'registered', 'assigned', 'in_progress', 'completed',
      'archived', 'refused')
    else false end),
  constraint documents_issue_check check (direction = 'incoming' or
    ((number is null) = (document_code is null) and (number is null) = (issued_on is null)
      and (number is null) = (wire_document_id is null)
      and (number is not null) = (status in ('numbered', 'sealed', 'dispatched', 'archived', 'revoked', 'superseded')))),
  constraint documents_arrival_check check ((arrival_number is null) = (arrived_on is null)
    and (direction = 'outgoing' or (arrival_number is null) = (status in ('arrived', 'accepted', 'refused')))),
  constraint documents_refusal_check check ((refusal_code is not null) = (status = 'refused')
    and (refusal_reason is not null) = (status = 'refused')),
  constraint documents_package_check check ((package_id is not null) = (direction = 'incoming'))
);
comment on table documents is 'No column holds a secrecy level: state secrets are refused, never stored (QĐ 28/2018 Đ1(2)).';
create unique index documents_agency_id_year_document_code_key
  on documents (agency_id, (extract(year from issued_on)), document_code) where direction = 'outgoing';
create index documents_agency_id_updated_at_idx on documents (agency_id, updated_at desc);
create index documents_wire_document_id_idx on documents (wire_document_id);

create table document_recipients (
  document_id uuid not null references documents,
  agency_id text not null references agencies,
  ordinal int not null,
  name text not null,
  primary key (document_id, agency_id)
);

create table document_assignments (
  document_id uuid not null references documents,
  user_id uuid not null references users,
  full_name text not null,
  role text not null constraint document_assignments_role_check check (role in ('lead', 'support')),
  ordinal int not null,
  assigned_by uuid not null references users,
  assigned_at timestamptz not null,
  primary key (document_id, user_id)
);
create unique index document_assignments_document_id_lead_key on document_assignments (document_id)
  where role = 'lead';
`;

const VERSIONS = `
create table document_versions (
  document_id uuid not null references documents,
  version int not null constraint document_versions_version_check check (version > 0),
  kind text not null constraint document_versions_kind_check
    check (kind in ('draft', 'signed', 'numbered', 'sealed', 'received')),
  file_name text not null,
  sha256 text not null references contents,
  page_count int not null,
  anchors jsonb,
  created_by uuid references users,
  created_at timestamptz not null,
  primary key (document_id, version)
);
create unique index document_versions_document_id_kind_key on document_versions (document_id, kind)
  where kind <> 'draft';

create table document_attachments (
  document_id uuid not null references documents,
  ordinal int not null,
  file_name text not null,
  description text not null,
  media_type text not null,
  sha256 text not null references contents,
  primary key (document_id, ordinal)
);

create trigger document_versions_immutable before update or delete on document_versions
  for each row execute function refuse_change('DOCUMENT_VERSION_IMMUTABLE');
create trigger document_versions_no_truncate before truncate on document_versions
  for each statement execute function refuse_change('DOCUMENT_VERSION_IMMUTABLE');
create trigger document_attachments_immutable before update or delete on document_attachments
  for each row execute function refuse_change('DOCUMENT_ATTACHMENT_IMMUTABLE');
create trigger contents_immutable before update or delete on contents
  for each row execute function refuse_change('CONTENT_IMMUTABLE');
create trigger contents_no_truncate before truncate on contents
  for each statement execute function refuse_change('CONTENT_IMMUTABLE');

-- Signed, numbered and sealed files follow each other in this order, and no draft comes after them.
create function document_versions_order() returns trigger language plpgsql as $$
declare
  ranks constant text[] := '{draft,signed,numbered,sealed}';
begin
  if exists (select from document_versions v where v.document_id = new.document_id
               and (new.kind = 'received'
                    or array_position(ranks, v.kind) > array_position(ranks, new.kind)
                    or v.kind = 'received')) then
    raise exception 'DOCUMENT_VERSION_ORDER: a % file cannot follow the versions that are there', new.kind
      using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger document_versions_order before insert on document_versions
  for each row execute function document_versions_order();
`;

export const documents: Migration = {
  name: '0005_documents',
  async up(knex) {
    await knex.raw(DOCUMENTS);
    await knex.raw(VERSIONS);
  },
};
