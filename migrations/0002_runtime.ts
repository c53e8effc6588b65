// Process engine storage: definitions, one control-state row per instance, and normalised rows for everything that
// people or workers query (docs/decisions/0003). Business times come from the Clock port; leases and offers use the
// database's own clock. No index on a column that every step changes, so that updates stay heap-only.

import type { Migration } from './migration.ts';

const RUNTIME = `
    create table process_definitions (
      key bigint primary key,
      process_id text not null,
      version integer not null check (version > 0),
      version_tag text,
      name text,
      resource_name text not null,
      xml text not null,
      content_hash text not null,
      model jsonb not null,
      deployed_at timestamptz not null,
      constraint process_definitions_process_id_version_key unique (process_id, version)
    );

    create table process_instances (
      key bigint primary key,
      definition_key bigint not null references process_definitions (key),
      process_id text not null,
      version integer not null,
      tenant_id text not null,
      business_key text,
      parent_key bigint,
      status text not null check (status in ('active', 'completed', 'terminated')),
      state jsonb not null,
      step integer not null,
      event_count integer not null,
      started_at timestamptz not null,
      ended_at timestamptz
    ) with (fillfactor = 70);
    create index process_instances_business_key_idx on process_instances (business_key);
    create index process_instances_parent_key_idx on process_instances (parent_key) where parent_key is not null;

    create table engine_events (
      instance_key bigint not null,
      seq integer not null,
      at timestamptz not null,
      actor_id text,
      type text not null,
      event jsonb not null,
      primary key (instance_key, seq)
    );

    create table user_tasks (
      key bigint primary key,
      instance_key bigint not null,
      element_instance_key bigint not null,
      element_id text not null,
      process_id text not null,
      tenant_id text not null,
      business_key text,
      name text,
      form_reference text,
      headers jsonb not null,
      status text not null check (status in ('open', 'completed', 'cancelled')),
      assignee text,
      candidate_groups text[] not null,
      candidate_users text[] not null,
      due_at timestamptz,
      follow_up_at timestamptz,
      priority integer not null,
      created_at timestamptz not null,
      claimed_at timestamptz,
      ended_at timestamptz,
      completed_by text
    );
    create index user_tasks_open_assignee_idx on user_tasks (assignee) where status = 'open';
    create index user_tasks_open_groups_idx on user_tasks using gin (candidate_groups) where status = 'open';
    create index user_tasks_business_key_idx on user_tasks (business_key);
    create index user_tasks_instance_key_idx on user_tasks (instance_key);

    create table jobs (
      key bigint primary key,
      kind text not null check (kind in ('service', 'timer', 'start-child', 'cancel-child', 'complete-call', 'correlate')),
      instance_key bigint not null,
      element_instance_key bigint,
      element_id text,
      type text not null,
      headers jsonb not null,
      payload jsonb not null,
      status text not null check (status in ('open', 'completed', 'cancelled', 'failed')),
      retries integer not null,
      attempts integer not null default 0,
      last_error text,
      due_at timestamptz,
      not_before timestamptz not null default clock_timestamp(),
      offered_at timestamptz,
      lease_token uuid,
      leased_until timestamptz,
      created_at timestamptz not null,
      ended_at timestamptz
    );
    comment on column jobs.due_at is 'Business time (Clock port); null = at once';
    comment on column jobs.not_before is 'Technical time: back-off after a failure';
    comment on column jobs.offered_at is 'Technical time of the last wake-up; the reconciler offers again what nobody took';
    create index jobs_open_idx on jobs (due_at nulls first) where status = 'open';
    create index jobs_instance_key_idx on jobs (instance_key);

    create table message_subscriptions (
      key bigint primary key,
      instance_key bigint not null,
      element_instance_key bigint not null,
      element_id text not null,
      process_id text not null,
      message_name text not null,
      correlation_key text not null,
      reserved_by bigint,
      created_at timestamptz not null
    );
    create index message_subscriptions_name_key_idx on message_subscriptions (message_name, correlation_key);
    create index message_subscriptions_instance_key_idx on message_subscriptions (instance_key);

    create table messages (
      key bigint primary key,
      name text not null,
      correlation_key text not null,
      message_id text,
      variables jsonb not null,
      published_at timestamptz not null,
      expires_at timestamptz not null,
      constraint messages_name_correlation_key_message_id_key unique (name, correlation_key, message_id)
    );
    create index messages_expires_at_idx on messages (expires_at);

    create table message_correlations (
      message_key bigint not null references messages (key) on delete cascade,
      process_id text not null,
      subscription_key bigint not null,
      primary key (message_key, process_id)
    );

    create table incidents (
      key bigint primary key,
      instance_key bigint not null,
      element_instance_key bigint not null,
      element_id text not null,
      error_type text not null,
      message text not null,
      job_key bigint,
      status text not null check (status in ('active', 'resolved')),
      created_at timestamptz not null,
      resolved_at timestamptz
    );
    create index incidents_active_idx on incidents (instance_key) where status = 'active';

    create table idempotency_keys (
      owner text not null,
      key text not null,
      fingerprint text not null,
      status integer,
      answer jsonb,
      created_at timestamptz not null default clock_timestamp(),
      primary key (owner, key)
    );
`;

export const runtime: Migration = {
  name: '0002_runtime',
  async up(knex) {
    await knex.raw(RUNTIME);
  },
};
