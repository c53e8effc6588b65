// The shape of a migration. Forward only: a mistake is corrected by the next migration, never by a way back,
// because data written meanwhile would be lost. All that are missing run in one transaction with a
// lock timeout (server/adapters/postgres/migrate.ts sets both), so a migration must not need a commit of its own.

import type { Knex } from 'knex';

export interface Migration {
  /** `0001_platform`: without extension, so that TypeScript and compiled runs record the same name. */
  readonly name: string;
  up(knex: Knex): Promise<void>;
}
