// The read model: what people search, derived from engine_events by the projector (docs/decisions/0013). Nothing here
// is a source of truth; `truncate` and a rebuild give the same rows. The hot tables of 0002 stay narrow because the many
// indexes that search needs stand here. Every table carries the tenant, so that a search never joins to learn whose row
// it is, and each index for a filter ends with the key, so that a page of it is one range scan in cursor order.
// Back out: drop the tables.

import type { Migration } from './migration.ts';

const PROJECTION = `
-- One row. Everything visible in the snapshot has been applied, exactly once; nothing else has.
create table projection_state (
  name text primary key,
  applied pg_snapshot not null
);
insert into projection_state (name, applied) values ('history', '3:3:');

-- Which definition an instance had before: read for every instance that the projector meets, rarely there.
create index engine_events_migrated_idx on engine_events (instance_key, seq) where type = 'instance-migrated';
`;

const INSTANCES = `
create table history_instances (
  key bigint primary key,
  definition_key bigint not null,
  process_id text not null,
  version integer not null,
  tenant_id text not null,
  business_id text,
  tags text[] not null,
  parent_key bigint,
  parent_element_key bigint,
  root_key bigint not null,
  state text not null,
  started_at timestamptz not null,
  ended_at timestamptz,
  suspended_at timestamptz,
  open_incidents integer not null
) with (fillfactor = 80);
comment on column history_instances.open_incidents is 'Active incidents of the instance and of all that it called';
create index history_instances_tenant_idx on history_instances (tenant_id, key);
create index history_instances_definition_idx on history_instances (definition_key, key);
create index history_instances_process_idx on history_instances (process_id, key);
create index history_instances_state_idx on history_instances (state, key);
create index history_instances_started_idx on history_instances (started_at, key);
create index history_instances_ended_idx on history_instances ((coalesce(ended_at, 'infinity')), key);
create index history_instances_parent_idx on history_instances (parent_key, key) where parent_key is not null;
create index history_instances_parent_element_idx on history_instances (parent_element_key)
  where parent_element_key is not null;
create index history_instances_root_idx on history_instances (root_key);
create index history_instances_business_idx on history_instances (business_id, key) where business_id is not null;
create index history_instances_tags_idx on history_instances using gin (tags);
create index history_instances_incident_idx on history_instances (key) where open_incidents > 0;

-- Counts per definition and element, so that a statistic over a million instances reads a handful of rows.
create table history_element_counts (
  definition_key bigint not null,
  tenant_id text not null,
  element_id text not null,
  active bigint not null,
  completed bigint not null,
  canceled bigint not null,
  primary key (definition_key, tenant_id, element_id)
) with (fillfactor = 50);
create table history_instance_counts (
  definition_key bigint not null,
  tenant_id text not null,
  active bigint not null,
  completed bigint not null,
  terminated bigint not null,
  primary key (definition_key, tenant_id)
) with (fillfactor = 50);
`;

const ELEMENTS = `
create table history_elements (
  key bigint primary key,
  instance_key bigint not null,
  root_key bigint not null,
  definition_key bigint not null,
  process_id text not null,
  tenant_id text not null,
  element_id text not null,
  element_name text not null,
  type text not null,
  state text not null,
  scope_key bigint,
  incident_key bigint,
  started_at timestamptz not null,
  ended_at timestamptz
) with (fillfactor = 80);
create index history_elements_instance_idx on history_elements (instance_key, key);
create index history_elements_definition_idx on history_elements (definition_key, element_id, key);
create index history_elements_element_idx on history_elements (element_id, key);
create index history_elements_process_idx on history_elements (process_id, key);
create index history_elements_active_idx on history_elements (element_id, instance_key) where state = 'ACTIVE';
create index history_elements_scope_idx on history_elements (scope_key, key);
create index history_elements_started_idx on history_elements (started_at, key);
create index history_elements_incident_idx on history_elements (incident_key) where incident_key is not null;

create table history_flows (
  instance_key bigint not null,
  flow_id text not null,
  root_key bigint not null,
  definition_key bigint not null,
  process_id text not null,
  tenant_id text not null,
  taken integer not null,
  primary key (instance_key, flow_id)
);

create table history_variables (
  scope_key bigint not null,
  name text not null,
  key bigint not null,
  instance_key bigint not null,
  root_key bigint not null,
  tenant_id text not null,
  value text not null,
  primary key (scope_key, name)
);
comment on column history_variables.key is 'A hash of scope and name: the same after a rebuild';
comment on column history_variables.value is 'JSON text';
create index history_variables_key_idx on history_variables (key);
create index history_variables_instance_idx on history_variables (instance_key, key);
-- A B-tree entry is limited to a third of a page; the search compares the beginning first.
create index history_variables_value_idx on history_variables (name, substr(value, 1, 200), instance_key);
`;

const WORK = `
create table history_tasks (
  key bigint primary key,
  instance_key bigint not null,
  root_key bigint not null,
  definition_key bigint not null,
  process_id text not null,
  version integer not null,
  tenant_id text not null,
  element_instance_key bigint not null,
  element_id text not null,
  name text,
  state text not null,
  assignee text,
  candidate_groups text[] not null,
  candidate_users text[] not null,
  created_at timestamptz not null,
  ended_at timestamptz,
  due_at timestamptz,
  follow_up_at timestamptz,
  priority integer not null,
  headers jsonb not null,
  form_reference text,
  tags text[] not null
) with (fillfactor = 80);
create index history_tasks_tenant_idx on history_tasks (tenant_id, key);
create index history_tasks_instance_idx on history_tasks (instance_key, key);
create index history_tasks_definition_idx on history_tasks (definition_key, key);
create index history_tasks_process_idx on history_tasks (process_id, key);
create index history_tasks_element_idx on history_tasks (element_id, key);
create index history_tasks_element_instance_idx on history_tasks (element_instance_key);
create index history_tasks_state_idx on history_tasks (state, key);
create index history_tasks_assignee_idx on history_tasks (assignee, key) where assignee is not null;
create index history_tasks_groups_idx on history_tasks using gin (candidate_groups);
create index history_tasks_users_idx on history_tasks using gin (candidate_users);
create index history_tasks_created_idx on history_tasks (created_at, key);
create index history_tasks_due_idx on history_tasks ((coalesce(due_at, 'infinity')), key);

create table history_jobs (
  key bigint primary key,
  instance_key bigint not null,
  root_key bigint not null,
  definition_key bigint not null,
  process_id text not null,
  tenant_id text not null,
  element_instance_key bigint not null,
  element_id text not null,
  type text not null,
  kind text not null,
  listener_event text not null,
  state text not null,
  retries integer not null,
  has_failed boolean not null,
  error_code text,
  error_message text,
  headers jsonb not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  ended_at timestamptz
) with (fillfactor = 80);
create index history_jobs_instance_idx on history_jobs (instance_key, key);
create index history_jobs_definition_idx on history_jobs (definition_key, key);
create index history_jobs_process_idx on history_jobs (process_id, key);
create index history_jobs_type_idx on history_jobs (type, key);
create index history_jobs_state_idx on history_jobs (state, key);
create index history_jobs_element_idx on history_jobs (element_id, key);
create index history_jobs_element_instance_idx on history_jobs (element_instance_key);

create table history_incidents (
  key bigint primary key,
  instance_key bigint not null,
  root_key bigint not null,
  definition_key bigint not null,
  process_id text not null,
  tenant_id text not null,
  element_instance_key bigint not null,
  element_id text not null,
  error_type text not null,
  message text not null,
  message_hash integer not null,
  job_key bigint,
  state text not null,
  created_at timestamptz not null,
  resolved_at timestamptz
);
create index history_incidents_instance_idx on history_incidents (instance_key, key);
create index history_incidents_definition_idx on history_incidents (definition_key, key);
create index history_incidents_process_idx on history_incidents (process_id, key);
create index history_incidents_active_idx on history_incidents (definition_key, element_id) where state = 'ACTIVE';
create index history_incidents_state_idx on history_incidents (state, key);
create index history_incidents_hash_idx on history_incidents (message_hash, key);
create index history_incidents_element_idx on history_incidents (element_instance_key);
create index history_incidents_job_idx on history_incidents (job_key) where job_key is not null;
create index history_incidents_created_idx on history_incidents (created_at, key);
`;

const EVENTS = `
create table history_subscriptions (
  key bigint primary key,
  instance_key bigint not null,
  root_key bigint not null,
  definition_key bigint not null,
  process_id text not null,
  tenant_id text not null,
  element_instance_key bigint not null,
  element_id text not null,
  message_name text not null,
  correlation_key text not null,
  state text not null,
  updated_at timestamptz not null
);
create index history_subscriptions_instance_idx on history_subscriptions (instance_key, key);
create index history_subscriptions_process_idx on history_subscriptions (process_id, key);
create index history_subscriptions_message_idx on history_subscriptions (message_name, correlation_key, key);
create index history_subscriptions_state_idx on history_subscriptions (state, key);

-- A message that an instance has taken; a non-interrupting catch event takes many.
create table history_correlations (
  instance_key bigint not null,
  seq integer not null,
  subscription_key bigint not null,
  message_key bigint not null,
  correlated_at timestamptz not null,
  primary key (instance_key, seq)
);
create index history_correlations_subscription_idx on history_correlations (subscription_key);
create index history_correlations_message_idx on history_correlations (message_key);

-- What an element instance waits for besides jobs, tasks and messages: times, signals, conditions, called instances.
create table history_waits (
  key bigint primary key,
  instance_key bigint not null,
  root_key bigint not null,
  definition_key bigint not null,
  process_id text not null,
  tenant_id text not null,
  element_instance_key bigint not null,
  element_id text not null,
  kind text not null,
  details jsonb not null,
  since timestamptz not null
);
create index history_waits_instance_idx on history_waits (instance_key, key);
create index history_waits_element_idx on history_waits (element_instance_key);
`;

export const history: Migration = {
  name: '0015_history',
  async up(knex) {
    for (const part of [PROJECTION, INSTANCES, ELEMENTS, WORK, EVENTS]) await knex.raw(part);
  },
};
