// The state of an instance as JSON text. It is written whole with every step, read whole and hardly ever searched in, so
// that taking it apart for jsonb, and putting it together again for each reader, is work for nothing.
// Locks: ACCESS EXCLUSIVE on process_instances for a rewrite, about ten seconds per million instances; stop the program
// first. Back out: alter the type back.

import type { Migration } from './migration.ts';

const STATE = `alter table process_instances alter column state type json using state::json;`;

export const stateText: Migration = {
  name: '0023_state_text',
  async up(knex) {
    await knex.raw(STATE);
  },
};
