// Bringing the platform up and down: on its own database and on a given one, and what is refused with which words.

import { createServer } from 'node:net';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLogger } from '../../server/adapters/logging/logger.ts';
import { boot, type Platform } from '../../server/main/boot.ts';
import { loadConfig, type Config } from '../../server/main/config.ts';
import { migrate } from '../../server/adapters/postgres/migrate.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

const logger = createLogger({ level: 'silent' });
let dir: string;
let platforms: Platform[] = [];
let databases: TestDatabase[] = [];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), `tram-test-${process.pid}-`));
  chmodSync(dir, 0o755);
});
afterEach(async () => {
  for (const platform of platforms) await platform.close();
  for (const database of databases) await database.drop();
  [platforms, databases] = [[], []];
  rmSync(dir, { recursive: true, force: true });
});

const configOf = (args: string[] = [], env: Record<string, string> = {}): Config =>
  loadConfig(['--port', '0', '--data-dir', join(dir, 'data'), ...args], env);

async function start(config: Config): Promise<Platform> {
  const platform = await boot(config, { logger });
  platforms.push(platform);
  return platform;
}

async function createDatabase(options: { isEmpty: boolean }): Promise<TestDatabase> {
  const database = await createTestDatabase(options);
  databases.push(database);
  return database;
}

describe('boot with the embedded database', () => {
  it('brings up database, schema, clock, keys and queue, and takes everything down', async () => {
    const platform = await start(configOf(['--clock', '2019-05-06T08:00:00+07:00']));
    expect(platform.clock.now().slice(0, 10)).toBe('2019-05-06');
    await platform.keys.reserve(1);
    expect(Number(platform.keys.next())).toBeGreaterThanOrEqual(2251799813685249);
    await platform.carrier.offer([]);
    const { pool } = platform;
    await platform.close();
    expect(existsSync(join(dir, 'data/postgres/cluster/postmaster.pid'))).toBe(false);
    await expect(pool.query('select 1')).rejects.toThrow(/after calling end/);
  });

  it('refuses a second start on the same data directory and names the directory', async () => {
    await start(configOf());
    await expect(boot(configOf(), { logger })).rejects.toMatchObject({
      code: 'DATA_DIR_IN_USE',
      exitCode: 5,
      message: expect.stringContaining(join(dir, 'data')),
    });
  });

  it('lets a worker without a database of its own join, and refuses it when none runs', async () => {
    await expect(boot(configOf(['--role', 'worker']), { logger })).rejects.toMatchObject({
      code: 'DATABASE_UNREACHABLE',
    });
    const owner = await start(configOf());
    const worker = await start(configOf(['--role', 'worker']));
    expect(worker.databaseUrl).toBe(owner.databaseUrl);
  });

  it('refuses a taken port before it touches the data directory', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    await expect(boot(configOf(['--port', String(port)]), { logger })).rejects.toMatchObject({ code: 'PORT_IN_USE' });
    expect(existsSync(join(dir, 'data'))).toBe(false);
    other.close();
  });

  it('refuses a data directory that cannot be made', async () => {
    writeFileSync(join(dir, 'data'), 'a file where a directory should be');
    await expect(boot(configOf(), { logger })).rejects.toMatchObject({ code: 'DATA_DIR_NOT_WRITABLE', exitCode: 4 });
  });

  it('gives back the directory when the start fails half-way', async () => {
    const redisThatIsAway = { REDIS_URL: 'redis://127.0.0.1:1' };
    await expect(boot(configOf([], redisThatIsAway), { logger })).rejects.toMatchObject({ code: 'REDIS_UNREACHABLE' });
    expect((await start(configOf())).databaseUrl).toContain('127.0.0.1');
  });
});

describe('boot with a given database', () => {
  it('migrates it as `all` and as `migrate`, and keeps no file of its own', async () => {
    const database = await createDatabase({ isEmpty: true });
    const platform = await start(configOf(['--role', 'migrate'], { DATABASE_URL: database.url }));
    const { rows } = await platform.pool.query(`select count(*)::int as jobs from bullmq.job`);
    expect(rows).toEqual([{ jobs: 0 }]);
    expect(existsSync(join(dir, 'data'))).toBe(false);
  });

  it('refuses a worker on a database that was not migrated', async () => {
    const database = await createDatabase({ isEmpty: true });
    const config = configOf(['--role', 'worker'], { DATABASE_URL: database.url });
    await expect(boot(config, { logger })).rejects.toMatchObject({ code: 'SCHEMA_OLDER_THAN_CODE' });
  });

  it('refuses a schema that is newer than the code, in every role', async () => {
    const database = await createDatabase({ isEmpty: true });
    await migrate(database.url);
    await database.pool.query(`insert into schema_migrations (name, batch) values ('9999_future', 99)`);
    for (const role of ['all', 'api', 'worker', 'migrate']) {
      const config = configOf(['--role', role], { DATABASE_URL: database.url });
      await expect(boot(config, { logger })).rejects.toMatchObject({ code: 'SCHEMA_NEWER_THAN_CODE', exitCode: 6 });
    }
  });

  it('names a server that is away without the password of its URL', async () => {
    const config = configOf([], { DATABASE_URL: 'postgres://tram:s3cret@127.0.0.1:1/tram' });
    const error: unknown = await boot(config, { logger }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'DATABASE_UNREACHABLE', exitCode: 7 });
    expect(String(error)).toContain('127.0.0.1:1/tram');
    expect(String(error)).not.toContain('s3cret');
  });

  it('explains a wrong password and a missing database in the same way', async () => {
    const database = await createDatabase({ isEmpty: true });
    const wrongPassword = new URL(database.url);
    wrongPassword.password = 'wrong';
    const missingDatabase = new URL(database.url);
    missingDatabase.pathname = '/no_such_database';
    for (const { href } of [wrongPassword, missingDatabase]) {
      await expect(boot(configOf([], { DATABASE_URL: href }), { logger })).rejects.toMatchObject({
        code: 'DATABASE_UNREACHABLE',
      });
    }
  });

  it('gives up soon on a Redis that accepts connections and never answers', async () => {
    const database = await createDatabase({ isEmpty: false });
    const silent = createServer();
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const address = silent.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const env = { DATABASE_URL: database.url, REDIS_URL: `redis://127.0.0.1:${port}` };
    await expect(boot(configOf([], env), { logger })).rejects.toMatchObject({ code: 'REDIS_UNREACHABLE', exitCode: 8 });
    silent.close();
  });

  it('leaves the clock of the installation alone when a worker starts without the flag', async () => {
    const database = await createDatabase({ isEmpty: false });
    const env = { DATABASE_URL: database.url };
    await start(configOf(['--clock', '2019-05-06T08:00:00+07:00'], env));
    const worker = await start(configOf(['--role', 'worker'], env));
    expect(worker.clock.now().slice(0, 10)).toBe('2019-05-06');
  });
});
