// Closing a task changes its status, which partial indexes look at, so that the new version of the row gets an entry in
// every index that is not partial. All that asks for tasks by person or instance asks for open ones: these indexes hold
// open tasks only, and closing costs one entry instead of three. Ended tasks of an instance are asked for when it is
// deleted; a summary of page ranges is enough for that and costs no entry per row.
// Locks: SHARE on user_tasks while the indexes are built, a second per million rows. Back out: create the indexes of 0002.

import type { Migration } from './migration.ts';

const INDEXES = `
drop index user_tasks_business_key_idx;
drop index user_tasks_instance_key_idx;
drop index user_tasks_open_assignee_idx;
drop index user_tasks_open_groups_idx;
create index user_tasks_open_assignee_idx on user_tasks (assignee) where status = 'open' and assignee is not null;
create index user_tasks_open_groups_idx on user_tasks using gin (candidate_groups)
  where status = 'open' and candidate_groups <> '{}';
create index user_tasks_open_instance_idx on user_tasks (instance_key) where status in ('creating', 'open');
create index user_tasks_instance_ranges_idx on user_tasks using brin (instance_key int8_minmax_multi_ops)
  with (autosummarize = on);
`;

export const openTaskIndexes: Migration = {
  name: '0022_open_task_indexes',
  async up(knex) {
    await knex.raw(INDEXES);
  },
};
