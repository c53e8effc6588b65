// What fast and safe steps need of the storage: a step number that also answers for access to tasks, and a history that
// is partitioned by month, so that what is too old is dropped and never deleted row by row. The table of before becomes
// the default partition: no row is copied, and a clock that was set to another year never stops a step.
// Lock: ACCESS EXCLUSIVE on user_tasks and engine_events; the new primary key reads what is there. Back out: drop the trigger once no
// process remembers instances between steps (server/runtime/step-cache.ts); partitions stay.

import type { Migration } from './migration.ts';

const TASK_ACCESS = `
-- The step of an instance is the version of everything that a step is decided on. Who may act on a task is part of it,
-- and is changed by others than the engine (claim, assign); so each such change advances the step, whoever makes it.
-- Ending a task does not name these columns and therefore does not fire the trigger.
create function advance_step_of_task() returns trigger language plpgsql as $$
begin
  update process_instances set step = step + 1 where key = new.instance_key;
  return null;
end $$;
create trigger user_tasks_access_changed after update of tenant_id, assignee, candidate_groups, candidate_users
  on user_tasks for each row execute function advance_step_of_task();
`;

const HISTORY_BY_MONTH = `
alter table engine_events rename to engine_events_default;
alter table engine_events_default drop constraint engine_events_pkey;
alter index engine_events_tx_idx rename to engine_events_default_tx_idx;
create table engine_events (like engine_events_default including defaults including comments)
  partition by range (at);
alter table engine_events add constraint engine_events_pkey primary key (instance_key, seq, at);
create index engine_events_tx_idx on engine_events (tx);
alter table engine_events attach partition engine_events_default default;
`;

export const stepStorage: Migration = {
  name: '0012_step_storage',
  async up(knex) {
    await knex.raw(TASK_ACCESS);
    await knex.raw(HISTORY_BY_MONTH);
  },
};
