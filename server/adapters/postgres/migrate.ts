// Brings the schema to the state that this code expects, and tells whether it is there. Invariants: migrators wait
// for each other (an advisory lock, so that a killed one leaves nothing behind); all that is missing is applied
// in one transaction with a lock timeout, so a failed upgrade leaves the previous release's schema; code never runs on a schema that is newer than itself.

import knex, { type Knex } from 'knex';
import pg from 'pg';
import { migrations as allMigrations } from '../../../migrations/index.ts';
import type { Migration } from '../../../migrations/migration.ts';
import { AppError } from '../../shared/app-error.ts';

export type SchemaState = 'current' | 'older' | 'newer';

const TABLE_NAME = 'schema_migrations';
/** Any fixed number that no other part uses; read as "tram" in ASCII. */
const ADVISORY_LOCK = 0x7472616d;
/** A migration that waits longer for a table would make every later reader of that table wait behind it. */
const LOCK_TIMEOUT_MS = 10_000;

/** Applies what is missing. Throws AppError SCHEMA_NEWER_THAN_CODE before it changes anything. */
export async function migrate(url: string, migrations: readonly Migration[] = allMigrations): Promise<void> {
  const lock = new pg.Client({ connectionString: url, application_name: 'tram-migrate', keepAlive: true });
  await lock.connect();
  try {
    await lock.query('select pg_advisory_lock($1)', [ADVISORY_LOCK]);
    const state = await readState(lock, migrations);
    if (state === 'newer') throw newerThanCode();
    if (state === 'older') await applyMissing(url, migrations);
  } finally {
    // The end of the session frees the advisory lock, also when this process is killed.
    await lock.end();
  }
}

export async function checkSchema(url: string, migrations: readonly Migration[] = allMigrations): Promise<SchemaState> {
  const client = new pg.Client({ connectionString: url, application_name: 'tram-schema-check' });
  await client.connect();
  try {
    return await readState(client, migrations);
  } finally {
    await client.end();
  }
}

export const newerThanCode = (): AppError =>
  new AppError('rejection', 'SCHEMA_NEWER_THAN_CODE', 'The database was migrated by a newer version of this program');

async function applyMissing(url: string, migrations: readonly Migration[]): Promise<void> {
  const database = knex({
    client: 'pg',
    connection: url,
    pool: { min: 0, max: 2 },
    // knex prints what it also throws; the caller decides where an error is shown.
    log: { warn: ignore, error: ignore, deprecate: ignore, debug: ignore },
  });
  const config: Knex.MigratorConfig = {
    tableName: TABLE_NAME,
    migrationSource: createSource(migrations),
  };
  try {
    // knex marks its own lock in a row that outlives a killed migrator. The advisory lock says that nobody else is
    // migrating now, so a mark that is still there is stale.
    await database.migrate.forceFreeMigrationsLock(config);
    await database.migrate.latest(config);
  } finally {
    await database.destroy();
  }
}

const ignore = (): void => undefined;

const createSource = (migrations: readonly Migration[]): Knex.MigrationSource<Migration> => ({
  getMigrations: () => Promise.resolve([...migrations]),
  getMigrationName: (migration) => migration.name,
  getMigration: (migration) =>
    Promise.resolve({
      async up(database: Knex) {
        await database.raw(`set local lock_timeout = '${LOCK_TIMEOUT_MS}ms'`);
        await migration.up(database);
      },
      down: () => Promise.reject(new Error(`Migration '${migration.name}' has no way back; write the next one`)),
    }),
});

/** A name that the code does not know makes the schema newer, whatever else is missing. */
async function readState(client: pg.Client, migrations: readonly Migration[]): Promise<SchemaState> {
  const known = new Set(migrations.map((migration) => migration.name));
  const applied = await readApplied(client);
  if (applied.some((name) => !known.has(name))) return 'newer';
  return applied.length < known.size ? 'older' : 'current';
}

async function readApplied(client: pg.Client): Promise<string[]> {
  // A database that was never migrated has no such table; asked first, so that the server logs no error.
  const { rows: tables } = await client.query<{ is_there: boolean }>(`select to_regclass($1) is not null as is_there`, [
    TABLE_NAME,
  ]);
  if (tables[0]?.is_there !== true) return [];
  const { rows } = await client.query<{ name: string }>(`select name from ${TABLE_NAME} order by id`);
  return rows.map((row) => row.name);
}
