// Lets a reader follow the history in the order in which it became visible. A sequence number would be given out before
// the commit, so that a slow transaction could appear behind the reader; the transaction id can be compared with
// pg_snapshot_xmin: everything below it is decided and never changes.
// Lock: ACCESS EXCLUSIVE on engine_events for a rewrite. Back out: drop the column, after the readers are gone.

import type { Migration } from './migration.ts';

const EVENT_ORDER = `
alter table engine_events add column tx xid8 not null default pg_current_xact_id();
comment on column engine_events.tx is
  'Transaction that wrote the event. Readers take tx >= their mark and tx < pg_snapshot_xmin(pg_current_snapshot()).';
-- Ascending like the inserts, so that it grows at its right edge only, and equal entries share one.
create index engine_events_tx_idx on engine_events (tx);
`;

export const eventOrder: Migration = {
  name: '0011_event_order',
  async up(knex) {
    await knex.raw(EVENT_ORDER);
  },
};
