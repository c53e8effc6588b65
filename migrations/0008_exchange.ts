// Outgoing and incoming packages with the status reports in both directions.
// Locks: new tables only. Back out: drop the four tables.

import type { Migration } from './migration.ts';

const EXCHANGE = `
create table outgoing_packages (
  id uuid primary key default gen_random_uuid(),
  document_id uuid not null references documents,
  sender_id text not null references agencies,
  recipient_id text not null references agencies,
  recipient_name text not null,
  recipient_code text not null,
  message_id text not null default gen_random_uuid()::text constraint outgoing_packages_message_id_key unique,
  sha256 text references contents,
  status text not null default 'queued' constraint outgoing_packages_status_check check (status in
    ('queued', 'sent', 'arrived', 'accepted', 'assigned', 'in_progress', 'refused', 'completed')),
  created_at timestamptz not null,
  sent_at timestamptz,
  failure_count int not null default 0,
  last_failure text,
  constraint outgoing_packages_document_id_recipient_id_key unique (document_id, recipient_id)
);

create table package_statuses (
  id bigint generated always as identity primary key,
  package_id uuid not null references outgoing_packages,
  from_code text not null,
  message_id text not null,
  status_code text not null constraint package_statuses_status_code_check
    check (status_code in ('01', '02', '03', '04', '05', '06', '13', '15', '16')),
  description text not null,
  staff_name text not null,
  at timestamptz not null,
  received_at timestamptz not null,
  constraint package_statuses_from_code_message_id_key unique (from_code, message_id)
);
create index package_statuses_package_id_idx on package_statuses (package_id);
create trigger package_statuses_immutable before update or delete on package_statuses
  for each row execute function refuse_change('PACKAGE_STATUS_IMMUTABLE');

create table incoming_packages (
  id uuid primary key default gen_random_uuid(),
  from_code text not null,
  from_name text not null,
  message_id text not null,
  recipient_id text not null references agencies,
  sha256 text not null references contents,
  wire_document_id text not null,
  document_code text not null,
  issued_on date not null,
  subject text not null,
  received_at timestamptz not null,
  constraint incoming_packages_from_code_message_id_key unique (from_code, message_id)
);
create trigger incoming_packages_immutable before update or delete on incoming_packages
  for each row execute function refuse_change('INCOMING_PACKAGE_IMMUTABLE');

create table incoming_statuses_sent (
  message_id text primary key,
  incoming_package_id uuid not null references incoming_packages,
  status_code text not null constraint incoming_statuses_sent_status_code_check
    check (status_code in ('01', '02', '03', '04', '05', '06', '13', '15', '16')),
  description text not null,
  staff jsonb not null,
  at timestamptz not null,
  sent_at timestamptz
);
create index incoming_statuses_sent_incoming_package_id_idx on incoming_statuses_sent (incoming_package_id);
`;

export const exchange: Migration = {
  name: '0008_exchange',
  async up(knex) {
    await knex.raw(EXCHANGE);
  },
};
