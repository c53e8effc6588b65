// One row of history per step instead of one per event: the events of a step as one JSON array, in their order. Eight rows
// with two index entries each were a third of what a step cost. `engine_events` is a view now and shows each event as before.
// What was recorded moves along, month by month; the events that one command had recorded become one row.
// Locks: ACCESS EXCLUSIVE on the history while it is rewritten, about a minute for ten million events; stop the program first. Back out:
// fill a table like that of 0012 from the view.

import type { Migration } from './migration.ts';

const TABLE = `
alter table engine_events rename to engine_events_before;

create table engine_steps (
  instance_key bigint not null,
  first_seq integer not null,
  last_seq integer not null check (last_seq >= first_seq),
  at timestamptz not null,
  actor_id text,
  tx xid8 not null default pg_current_xact_id(),
  migrated_from bigint,
  events json not null,
  constraint engine_steps_pkey primary key (instance_key, first_seq, at)
) partition by range (at);
comment on table engine_steps is 'What each step has recorded: events first_seq to last_seq of its instance';
comment on column engine_steps.tx is
  'Transaction that wrote the step; the read model finds by it what is new (docs/decisions/0013)';
comment on column engine_steps.migrated_from is 'The definition that the instance has left with this step';
-- Ascending like the inserts, so that it grows at its right edge only, and equal entries share one.
create index engine_steps_tx_idx on engine_steps (tx);
create index engine_steps_migrated_idx on engine_steps (instance_key, first_seq) where migrated_from is not null;
create table engine_steps_default partition of engine_steps default;
`;

/** The months that have a partition keep one, so that their retention goes on. */
const MONTHS = `
do $$
declare
  part text;
  month date;
begin
  for part in
    select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'engine_events_before'::regclass and c.relname ~ '^engine_events_[0-9]{4}_[0-9]{2}$'
  loop
    month := to_date(right(part, 7), 'YYYY_MM');
    execute format('create table %I partition of engine_steps for values from (%L) to (%L)',
      'engine_steps_' || right(part, 7), to_char(month, 'YYYY-MM-DD 00:00:00+00'),
      to_char(month + interval '1 month', 'YYYY-MM-DD 00:00:00+00'));
  end loop;
end $$;
`;

/** Numbers without a gap, recorded at one time by one actor in one transaction: what one command has left. */
const ROWS = `
insert into engine_steps (instance_key, first_seq, last_seq, at, actor_id, tx, migrated_from, events)
select instance_key, min(seq), max(seq), at, actor_id, tx,
  (array_agg((event ->> 'sourceKey')::bigint order by seq) filter (where type = 'instance-migrated'))[1],
  json_agg(event order by seq)
from (
  select e.*, seq - row_number() over (partition by instance_key, tx, at, actor_id order by seq) as run
  from engine_events_before e) as numbered
group by instance_key, tx, at, actor_id, run;
drop table engine_events_before;
`;

const VIEW = `
create view engine_events as
select s.instance_key, s.first_seq + e.place::integer - 1 as seq, s.at, s.actor_id, e.event ->> 'type' as type,
  e.event, s.tx
from engine_steps s, jsonb_array_elements(s.events::jsonb) with ordinality as e (event, place);
comment on view engine_events is 'The history event by event, for people; programs read engine_steps';
`;

export const stepHistory: Migration = {
  name: '0021_step_history',
  async up(knex) {
    for (const part of [TABLE, MONTHS, ROWS, VIEW]) await knex.raw(part);
  },
};
