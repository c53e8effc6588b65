// What people and programs did to instances, derived from the events that name an actor (docs/decisions/0013). One row
// per operation, not per event: what the engine did because of it is the history of the instance.
// Back out: drop the table.

import type { Migration } from './migration.ts';

const AUDIT = `
create table history_audit (
  key bigint primary key,
  instance_key bigint not null,
  root_key bigint not null,
  definition_key bigint not null,
  process_id text not null,
  tenant_id text not null,
  at timestamptz not null,
  actor_id text not null,
  entity_type text not null,
  entity_key bigint not null,
  operation text not null,
  category text not null,
  element_instance_key bigint,
  task_key bigint,
  job_key bigint,
  details jsonb not null
);
comment on column history_audit.key is 'A hash of the instance and the sequence number of the event: the same after a rebuild';
create index history_audit_instance_idx on history_audit (instance_key, key);
create index history_audit_task_idx on history_audit (task_key, key) where task_key is not null;
create index history_audit_at_idx on history_audit (at, key);
create index history_audit_actor_idx on history_audit (actor_id, key);
create index history_audit_tenant_idx on history_audit (tenant_id, key);
`;

export const historyAudit: Migration = {
  name: '0018_history_audit',
  async up(knex) {
    await knex.raw(AUDIT);
  },
};
