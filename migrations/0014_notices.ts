// Notices that late handling of user tasks makes (remind, escalate), and start events that wait for a condition.
// Locks: ACCESS EXCLUSIVE on start_subscriptions for the constraint, < 1 s. Back out: delete the rows of kind
// 'condition', restore the constraint, drop the table.

import type { Migration } from './migration.ts';

const NOTICES = `
create table notices (
  key bigint primary key,
  kind text not null constraint notices_kind_check check (kind in ('remind', 'escalate')),
  instance_key bigint not null,
  task_key bigint not null,
  element_id text not null,
  task_name text,
  tenant_id text not null,
  business_key text,
  recipients text[] not null,
  created_at timestamptz not null,
  read_at timestamptz,
  read_by text
);
comment on column notices.recipients is 'Users and groups; a reminder without a named one goes to whoever has or may take the task';
create index notices_unread_idx on notices using gin (recipients) where read_at is null;

alter table start_subscriptions drop constraint start_subscriptions_kind_check;
alter table start_subscriptions add constraint start_subscriptions_kind_check
  check (kind in ('message', 'signal', 'condition'));
`;

export const notices: Migration = {
  name: '0014_notices',
  async up(knex) {
    await knex.raw(NOTICES);
  },
};
