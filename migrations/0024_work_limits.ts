// Work for machines: the priority of jobs, and limits per type that an operator sets.
// Locks: ACCESS EXCLUSIVE on jobs for a column without a rewrite, < 1 s; the new indexes block writes to jobs while they
// are built. Back out: create jobs_available_idx as in 0013, drop jobs_held_idx, the column and the table.

import type { Migration } from './migration.ts';

const PRIORITY = `
alter table jobs add column priority integer not null default 0;
drop index jobs_available_idx;
create index jobs_available_idx on jobs (type, priority desc, key) where status = 'open' and kind = 'service';
create index jobs_held_idx on jobs (type, deadline_at)
  where status = 'open' and kind = 'service' and deadline_at is not null;
`;

const LIMITS = `
create table job_limits (
  type text primary key,
  max_held integer check (max_held >= 0),
  per_second double precision check (per_second > 0),
  tokens double precision not null,
  counted_at timestamptz not null default clock_timestamp(),
  set_by text not null,
  set_at timestamptz not null
);
comment on table job_limits is 'How many jobs of a type workers may hold at once and take per second';
comment on column job_limits.tokens is 'Jobs that may be given out at counted_at (technical time)';
`;

export const workLimits: Migration = {
  name: '0024_work_limits',
  async up(knex) {
    await knex.raw(PRIORITY);
    await knex.raw(LIMITS);
  },
};
