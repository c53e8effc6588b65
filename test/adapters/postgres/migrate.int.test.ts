// Migrations on an empty database, twice, at once, after a killed migrator, and against a schema from the future.

import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Migration } from '../../../migrations/migration.ts';
import { migrations } from '../../../migrations/index.ts';
import { checkSchema, migrate } from '../../../server/adapters/postgres/migrate.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';

let db: TestDatabase;
beforeEach(async () => {
  db = await createTestDatabase({ isEmpty: true });
});
afterEach(() => db.drop());

const createTable = (name: string, sql: string): Migration => ({
  name,
  async up(knex) {
    await knex.raw(sql);
  },
});
const ONE = createTable('0001_one', 'create table ones (n int)');
const TWO = createTable('0002_two', 'create table twos (n int)');

const appliedNames = async (): Promise<string[]> =>
  (await db.pool.query<{ name: string }>('select name from schema_migrations order by id')).rows.map(
    ({ name }) => name,
  );

describe('migrations', () => {
  it('bring an empty database to the current schema', async () => {
    expect(await checkSchema(db.url)).toBe('older');
    await migrate(db.url);
    expect(await checkSchema(db.url)).toBe('current');
    expect(await appliedNames()).toEqual(migrations.map(({ name }) => name));
  });

  it('change nothing when they run again', async () => {
    await migrate(db.url, [ONE]);
    await db.pool.query('insert into ones values (1)');
    await migrate(db.url, [ONE]);
    expect((await db.pool.query('select n from ones')).rows).toEqual([{ n: 1 }]);
    expect(await appliedNames()).toEqual(['0001_one']);
  });

  it('apply only what is missing on a database of an earlier release, and keep its data', async () => {
    await migrate(db.url, [ONE]);
    await db.pool.query('insert into ones values (1)');
    expect(await checkSchema(db.url, [ONE, TWO])).toBe('older');
    await migrate(db.url, [ONE, TWO]);
    expect(await checkSchema(db.url, [ONE, TWO])).toBe('current');
    expect((await db.pool.query('select n from ones')).rows).toEqual([{ n: 1 }]);
  });

  it('run once when three migrators start at once', async () => {
    const slow = createTable(
      '0001_slow',
      'create table slows (n int); insert into slows values (1); select pg_sleep(0.2)',
    );
    await Promise.all([migrate(db.url, [slow]), migrate(db.url, [slow]), migrate(db.url, [slow])]);
    expect((await db.pool.query('select n from slows')).rows).toEqual([{ n: 1 }]);
    expect(await appliedNames()).toEqual(['0001_slow']);
  });

  it('leave the previous schema when one of them fails, and can be repeated', async () => {
    const bad = createTable('0002_bad', 'create table bads (n int); select 1/0');
    await expect(migrate(db.url, [ONE, bad])).rejects.toMatchObject({ code: '22012' });
    expect((await db.pool.query(`select to_regclass('ones') as ones, to_regclass('bads') as bads`)).rows).toEqual([
      { ones: null, bads: null },
    ]);
    expect(await checkSchema(db.url, [ONE])).toBe('older');
    await migrate(db.url, [ONE, TWO]);
    expect(await checkSchema(db.url, [ONE, TWO])).toBe('current');
  });

  it('go on after a migrator that was killed while knex held its lock', async () => {
    await migrate(db.url, [ONE]);
    await db.pool.query('update schema_migrations_lock set is_locked = 1');
    await migrate(db.url, [ONE, TWO]);
    expect(await appliedNames()).toEqual(['0001_one', '0002_two']);
  });

  it('refuse a schema that is newer than the code and change nothing', async () => {
    await migrate(db.url, [ONE, TWO]);
    expect(await checkSchema(db.url, [ONE])).toBe('newer');
    await expect(migrate(db.url, [ONE])).rejects.toMatchObject({ code: 'SCHEMA_NEWER_THAN_CODE' });
    const other = createTable('0003_other', 'create table others (n int)');
    await expect(migrate(db.url, [ONE, other])).rejects.toMatchObject({ code: 'SCHEMA_NEWER_THAN_CODE' });
    expect((await db.pool.query(`select to_regclass('others') as others`)).rows).toEqual([{ others: null }]);
  });

  it('run each under a lock timeout, so that a busy table stops the migration and not the readers', async () => {
    const seen: string[] = [];
    const spy: Migration = {
      name: '0001_spy',
      async up(knex) {
        const { rows } = (await knex.raw('show lock_timeout')) as { rows: { lock_timeout: string }[] };
        seen.push(rows[0]?.lock_timeout ?? '');
      },
    };
    await migrate(db.url, [spy]);
    expect(seen).toEqual(['10s']);
  });

  it('have names in ascending order that begin with their number', () => {
    const names = migrations.map(({ name }) => name);
    expect(names).toEqual([...names].sort());
    expect(names.map((name) => Number(name.slice(0, 4)))).toEqual(names.map((_name, index) => index + 1));
  });

  it('free their lock when the session of the migrator ends', async () => {
    await migrate(db.url, [ONE]);
    const client = new pg.Client({ connectionString: db.url });
    await client.connect();
    const { rows } = await client.query(`select count(*)::int as held from pg_locks where locktype = 'advisory'
      and database = (select oid from pg_database where datname = current_database())`);
    await client.end();
    expect(rows).toEqual([{ held: 0 }]);
  });
});
