// What the interface under /v2 needs: tokens of machine clients, leases of external workers, tags of instances, forms and other resources of a deployment, and batch operations.
// Locks: ACCESS EXCLUSIVE on jobs, process_instances and process_definitions for new columns without a rewrite, < 1 s; the new index on
// jobs blocks writes while it is built. Back out: drop the tables, columns and the index.

import type { Migration } from './migration.ts';

const CLIENTS = `
create table client_tokens (
  token_hash text primary key,
  client_id text not null,
  tenant_id text,
  scopes text[] not null,
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz,
  revoked_at timestamptz
);
comment on column client_tokens.tenant_id is 'The agency whose instances the client sees; null sees all';
create index client_tokens_client_idx on client_tokens (client_id);
`;

const WORK = `
alter table jobs add column worker text;
alter table jobs add column deadline_at timestamptz;
comment on column jobs.deadline_at is 'Business time: until then an external worker holds the job (the lease of our own workers is leased_until)';
create index jobs_available_idx on jobs (type, key) where status = 'open' and kind = 'service';
`;

const INSTANCES = `
alter table process_instances add column tags text[] not null default '{}';
alter table process_instances add column deleted_at timestamptz;
alter table user_tasks add column form_key bigint;
alter table process_definitions add column deleted_at timestamptz;
comment on column process_definitions.deleted_at is 'Retired: starts nothing any more, is no longer the latest; running instances keep it';
`;

const RESOURCES = `
create table forms (
  key bigint primary key,
  form_id text not null,
  version integer not null,
  version_tag text,
  resource_name text not null,
  schema text not null,
  content_hash text not null,
  deployment_key bigint not null,
  deployed_at timestamptz not null,
  deleted_at timestamptz,
  constraint forms_form_id_version_key unique (form_id, version)
);

create table resources (
  key bigint primary key,
  resource_id text not null,
  version integer not null,
  resource_name text not null,
  content bytea not null,
  content_hash text not null,
  deployment_key bigint not null,
  deployed_at timestamptz not null,
  deleted_at timestamptz,
  constraint resources_resource_id_version_key unique (resource_id, version)
);
`;

const BATCHES = `
create table batch_operations (
  key bigint primary key,
  type text not null,
  state text not null,
  plan jsonb not null,
  actor_id text not null,
  tenant_id text,
  created_at timestamptz not null,
  started_at timestamptz,
  ended_at timestamptz,
  total integer not null default 0,
  completed integer not null default 0,
  failed integer not null default 0,
  errors jsonb not null default '[]'
);
create index batch_operations_running_idx on batch_operations (key) where state in ('CREATED', 'ACTIVE');

create table batch_operation_items (
  batch_key bigint not null references batch_operations (key) on delete cascade,
  item_key bigint not null,
  instance_key bigint not null,
  state text not null,
  processed_at timestamptz,
  error text,
  primary key (batch_key, item_key)
);
create index batch_operation_items_open_idx on batch_operation_items (batch_key, item_key) where state = 'ACTIVE';
create index batch_operation_items_instance_idx on batch_operation_items (instance_key);
`;

export const api: Migration = {
  name: '0013_api',
  async up(knex) {
    for (const part of [CLIENTS, WORK, INSTANCES, RESOURCES, BATCHES]) await knex.raw(part);
  },
};
