// A database of its own for each test file: a clone of the migrated template (40–60 ms), so files cannot disturb each
// other and nothing has to be cleaned between them.

import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { createKeySource } from '../../server/adapters/ids/key-source.ts';
import { createPool, type Pool } from '../../server/adapters/postgres/pool.ts';
import { errorCodeOf } from '../../server/adapters/postgres/sqlstate.ts';
import { createBatchPool, createStatements } from '../../server/adapters/postgres/statements.ts';
import { createTransactions } from '../../server/adapters/postgres/transactions.ts';
import type { KeySource } from '../../server/runtime/ports.ts';
import type { Statements, Transactions } from '../../server/shared/transactions.ts';
import type { TestDatabaseUrls } from './global-setup.ts';

export interface TestDatabase {
  readonly url: string;
  readonly name: string;
  readonly pool: Pool;
  readonly transactions: Transactions;
  /** On sessions of their own, as in production. */
  readonly statements: Statements;
  /** Runs one statement as superuser on another database: drop, rename, refuse connections. */
  administer(sql: string): Promise<void>;
  /** Keys from a connection of their own, as in production: a step takes keys while it holds a connection of `pool`. */
  createKeys(): KeySource;
  /** Closes the pools and removes the database. Call it in afterAll. */
  drop(): Promise<void>;
}

export interface TestDatabaseOptions {
  /** True: without any table, for tests of the migrations themselves. */
  readonly isEmpty?: boolean;
  readonly maxConnections?: number;
}

/** SQLSTATE 55006: another file is cloning the template at this moment. */
const OBJECT_IN_USE = '55006';
const DEFAULT_CONNECTIONS = 10;

export async function createTestDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const { url: templateUrl, superuserUrl } = await askForTemplate();
  const administer = (sql: string): Promise<void> => runAsAdmin(superuserUrl, sql);
  const template = options.isEmpty === true ? 'template1' : new URL(templateUrl).pathname.slice(1);
  const name = `test_${randomBytes(6).toString('hex')}`;
  await administer(`create database ${name} template ${template} owner tram`);
  const url = new URL(templateUrl);
  url.pathname = `/${name}`;
  const keyPools: Pool[] = [];
  const pool = createPool(url.href, { max: options.maxConnections ?? DEFAULT_CONNECTIONS, applicationName: name });
  const batchPool = createBatchPool(url.href, { max: 2, applicationName: `${name}-steps` });
  return {
    url: url.href,
    name,
    pool,
    transactions: createTransactions(pool),
    statements: createStatements(batchPool),
    createKeys() {
      const keyPool = createPool(url.href, { max: 1, applicationName: `${name}-keys` });
      keyPools.push(keyPool);
      return createKeySource(keyPool);
    },
    administer,
    async drop() {
      await Promise.all([pool, batchPool, ...keyPools].map((open) => open.end()));
      await administer(`drop database if exists ${name} with (force)`);
    },
  };
}

async function askForTemplate(): Promise<TestDatabaseUrls> {
  const response = await fetch(inject('testDatabaseService'));
  const text = await response.text();
  if (!response.ok) throw new Error(`The test database did not start: ${text}`);
  // Our own global set-up wrote it.
  return JSON.parse(text) as TestDatabaseUrls;
}

/** On the maintenance database: a template with an open session cannot be cloned. */
async function runAsAdmin(superuserUrl: string, sql: string): Promise<void> {
  const url = new URL(superuserUrl);
  url.pathname = '/postgres';
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    for (;;) {
      try {
        await client.query(sql);
        return;
      } catch (error) {
        if (errorCodeOf(error) !== OBJECT_IN_USE) throw error;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
  } finally {
    await client.end();
  }
}
