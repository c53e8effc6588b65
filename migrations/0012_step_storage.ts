// What fast and safe steps need of the storage. Lock: ACCESS EXCLUSIVE on user_tasks for the trigger, short. Back out:
// drop the trigger once no process remembers instances between steps (server/runtime/step-cache.ts).

import type { Migration } from './migration.ts';

const STEP_STORAGE = `
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

export const stepStorage: Migration = {
  name: '0012_step_storage',
  async up(knex) {
    await knex.raw(STEP_STORAGE);
  },
};
