// Deployed decision files, the decisions in them with their versions and tags, and the history of evaluations: what went
// in, which rules matched, what came out. One row per evaluation and one per decision that took part in it.
// Locks: only new tables. Back out: drop them; instances that wait for a decision would stop with an incident.

import type { Migration } from './migration.ts';

const DECISIONS = `
create table decision_requirements (
  key bigint primary key,
  requirements_id text not null,
  version integer not null check (version > 0),
  name text not null,
  resource_name text not null,
  xml text not null,
  content_hash text not null,
  import_keys bigint[] not null,
  deployment_key bigint not null,
  deployed_at timestamptz not null,
  constraint decision_requirements_id_version_key unique (requirements_id, version)
);
comment on column decision_requirements.import_keys is 'Every file that it imports, directly or through others';

create table decision_definitions (
  key bigint primary key,
  decision_id text not null,
  version integer not null check (version > 0),
  version_tag text,
  name text not null,
  requirements_key bigint not null references decision_requirements (key),
  requirements_id text not null,
  requirements_version integer not null,
  deployment_key bigint not null,
  constraint decision_definitions_id_version_key unique (decision_id, version)
);
create index decision_definitions_version_tag_idx on decision_definitions (decision_id, version_tag)
  where version_tag is not null;
create index decision_definitions_deployment_key_idx on decision_definitions (deployment_key, decision_id);
create index decision_definitions_requirements_key_idx on decision_definitions (requirements_key);

create table decision_evaluations (
  key bigint primary key,
  evaluated_at timestamptz not null,
  decision_key bigint not null references decision_definitions (key),
  status text not null check (status in ('evaluated', 'failed')),
  output jsonb,
  failure text,
  failed_decision_id text,
  process_definition_key bigint,
  instance_key bigint,
  element_instance_key bigint,
  element_id text
);
create index decision_evaluations_instance_key_idx on decision_evaluations (instance_key) where instance_key is not null;
create index decision_evaluations_decision_key_idx on decision_evaluations (decision_key, key);

create table decision_instances (
  evaluation_key bigint not null references decision_evaluations (key) on delete cascade,
  ordinal integer not null check (ordinal > 0),
  decision_key bigint not null references decision_definitions (key),
  decision_type text not null,
  status text not null check (status in ('evaluated', 'failed')),
  failure text,
  result jsonb,
  inputs jsonb not null,
  matched_rules jsonb not null,
  primary key (evaluation_key, ordinal)
);
create index decision_instances_decision_key_idx on decision_instances (decision_key);
`;

export const decisions: Migration = {
  name: '0016_decisions',
  async up(knex) {
    await knex.raw(DECISIONS);
  },
};
