// What the runtime keeps for the elements that reach beyond one instance: signal subscriptions, start events that wait
// for a message, a signal or a time, errors and escalations that travel between called and calling instances.
// Locks: ACCESS EXCLUSIVE on jobs, user_tasks and process_definitions for the constraint and the columns, < 1 s. Back out: drop the
// tables and columns; instances that wait for a signal would have to be cancelled first.

import type { Migration } from './migration.ts';

const ENGINE_EVENTS = `
alter table jobs drop constraint jobs_kind_check;
alter table jobs add constraint jobs_kind_check check (kind in ('service', 'timer', 'start-child', 'cancel-child',
  'complete-call', 'correlate', 'start-by-event', 'start-timer', 'broadcast-signal', 'deliver-signal',
  'propagate-error', 'reject-error', 'propagate-escalation', 'decision'));

-- A task whose creating listeners have not answered yet is there, but nobody sees it.
alter table user_tasks drop constraint user_tasks_status_check;
alter table user_tasks add constraint user_tasks_status_check
  check (status in ('creating', 'open', 'completed', 'cancelled'));

alter table process_definitions add column deployment_key bigint;
create index process_definitions_version_tag_idx on process_definitions (process_id, version_tag)
  where version_tag is not null;

-- One instance at a time for a correlation key that started it by a message.
alter table process_instances add column start_correlation text;
create index process_instances_start_correlation_idx on process_instances (process_id, start_correlation)
  where start_correlation is not null and status = 'active';

create table signal_subscriptions (
  key bigint primary key,
  instance_key bigint not null,
  element_instance_key bigint not null,
  element_id text not null,
  signal_name text not null,
  created_at timestamptz not null
);
create index signal_subscriptions_signal_name_idx on signal_subscriptions (signal_name, key);

create table start_subscriptions (
  definition_key bigint not null references process_definitions (key),
  element_id text not null,
  process_id text not null,
  kind text not null check (kind in ('message', 'signal')),
  name text not null,
  primary key (definition_key, element_id)
);
create index start_subscriptions_kind_name_idx on start_subscriptions (kind, name);
`;

export const engineEvents: Migration = {
  name: '0010_engine_events',
  async up(knex) {
    await knex.raw(ENGINE_EVENTS);
  },
};
