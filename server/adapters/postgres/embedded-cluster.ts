// The files of the embedded database: where the cluster lies, how it is made, and its passwords. Invariant: a cluster
// directory under its final name is complete (made under another name, then renamed), so a killed first start leaves
// nothing that a later start could mistake for data.

import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import {
  chmod,
  chown,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { AppError } from '../../shared/app-error.ts';
import { spawnOptionsFor, type PostgresBinaries, type ServerUser } from './embedded-binaries.ts';
import { errorCodeOf } from './sqlstate.ts';

export const SUPERUSER = 'postgres';

export interface Credentials {
  /** Makes the role and the database, holds the lock; the program itself does not work with it. */
  readonly superuserPassword: string;
  readonly applicationPassword: string;
}

const CREDENTIALS_FILE = 'tram-credentials.json';
const LOCATION_FILE = 'postgres-location.txt';

/** Step by step: Node's own recursive mkdir never returns on some file systems (/proc). */
async function makeDirectories(path: string): Promise<void> {
  if (existsSync(path)) return;
  await makeDirectories(dirname(path));
  try {
    await mkdir(path);
  } catch (error) {
    if (errorCodeOf(error) !== 'EEXIST') throw error;
  }
}

/**
 * The directory that holds the cluster (and, if needed, a copy of the programs): the data directory, or a fresh one
 * in the system's temporary space when the server's user cannot reach the data directory (a checkout under /root).
 * The choice is kept in a file, so that a later change of permissions does not lead to an empty second cluster.
 */
export async function prepareHome(dataDir: string, user: ServerUser): Promise<string> {
  try {
    await makeDirectories(dataDir);
    const home = await realpath(dataDir);
    const locationFile = join(home, LOCATION_FILE);
    const elsewhere = await readLocation(locationFile);
    if (elsewhere !== null) return elsewhere;
    if (user === null || existsSync(clusterDirOf(home)) || (await canReach(home, user))) {
      // Asked now, because later the failure would be one of many lines in the server's log.
      await writeFile(join(home, '.writable'), '');
      await rm(join(home, '.writable'));
      return home;
    }
    return await chooseElsewhere(locationFile);
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError('rejection', 'DATA_DIR_NOT_WRITABLE', `Cannot write to '${dataDir}'`, { cause });
  }
}

/**
 * Who the server runs as. Under root a cluster that an ordinary user has made stays that user's: PostgreSQL refuses a
 * cluster of another owner, and the user wants to start it again without root.
 */
export async function ownerOf(homeDir: string, user: ServerUser): Promise<ServerUser> {
  if (user === null || !existsSync(clusterDirOf(homeDir))) return user;
  const { uid, gid } = await lstat(clusterDirOf(homeDir));
  return { uid, gid };
}

export const clusterDirOf = (homeDir: string): string => join(homeDir, 'cluster');

/** The home that an earlier start has chosen; null when there is no cluster yet. */
export async function findHome(dataDir: string): Promise<string | null> {
  const home = (await readLocation(join(dataDir, LOCATION_FILE))) ?? dataDir;
  return existsSync(clusterDirOf(home)) ? home : null;
}

async function readLocation(file: string): Promise<string | null> {
  if (!existsSync(file)) return null;
  const path = (await readFile(file, 'utf8')).split('\n')[0] ?? '';
  const stats = existsSync(path) ? await lstat(path) : null;
  // The place is public: only a directory that we own can be the one that we made.
  if (stats === null || !stats.isDirectory() || stats.uid !== (process.getuid?.() ?? stats.uid)) {
    throw new AppError('rejection', 'DATA_DIR_NOT_WRITABLE', `'${file}' names '${path}', which is not ours or gone`);
  }
  return path;
}

async function chooseElsewhere(locationFile: string): Promise<string> {
  const parent = existsSync('/var/tmp') ? '/var/tmp' : tmpdir();
  const home = await mkdtemp(join(parent, 'tram-'));
  await chmod(home, 0o755);
  const note = [
    home,
    'The database lies in the directory above, because PostgreSQL does not run as root and the user "nobody" cannot reach this one.',
    'Cơ sở dữ liệu nằm ở thư mục trên, vì PostgreSQL không chạy bằng quyền root và người dùng "nobody" không vào được thư mục này.',
    '',
  ].join('\n');
  try {
    await writeFile(locationFile, note, { flag: 'wx' });
    return home;
  } catch (error) {
    await rm(home, { recursive: true, force: true });
    const chosen = errorCodeOf(error) === 'EEXIST' ? await readLocation(locationFile) : null;
    if (chosen === null) throw error;
    return chosen;
  }
}

/** Whether the user may enter the directory and all above it (the x bit; access lists are not looked at). */
async function canReach(dir: string, user: { uid: number; gid: number }): Promise<boolean> {
  for (let path = dir; ; path = dirname(path)) {
    const { uid, gid, mode } = await lstat(path);
    const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) return false;
    if (path === dirname(path)) return true;
  }
}

export async function readCredentials(clusterDir: string): Promise<Credentials> {
  // We wrote the file ourselves in makeCluster; it is renamed into place together with the cluster.
  return JSON.parse(await readFile(join(clusterDir, CREDENTIALS_FILE), 'utf8')) as Credentials;
}

export interface ClusterOptions {
  readonly homeDir: string;
  readonly binaries: PostgresBinaries;
  readonly user: ServerUser;
  /** False: files need not survive a power cut (tests). */
  readonly fsync: boolean;
}

/** Makes the cluster unless it is there. Safe to run from two processes at once: one rename wins. */
export async function makeCluster(options: ClusterOptions): Promise<void> {
  const { homeDir, user } = options;
  const clusterDir = clusterDirOf(homeDir);
  if (existsSync(clusterDir)) return;
  await removeDeadPartials(homeDir);

  const credentials: Credentials = { superuserPassword: createPassword(), applicationPassword: createPassword() };
  const partial = `${clusterDir}.partial-${process.pid}`;
  const passwordFile = `${partial}.password`;
  await mkdir(partial, { mode: 0o700 });
  await writePrivately(passwordFile, credentials.superuserPassword, user);
  if (user !== null) await chown(partial, user.uid, user.gid);
  try {
    await runInitdb(options, partial, passwordFile);
    await writePrivately(join(partial, CREDENTIALS_FILE), JSON.stringify(credentials), user);
    await rename(partial, clusterDir);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    if (!['ENOTEMPTY', 'EEXIST', 'EPERM'].includes(errorCodeOf(error) ?? '') || !existsSync(clusterDir)) throw error;
  } finally {
    await rm(passwordFile, { force: true });
  }
}

async function runInitdb(options: ClusterOptions, clusterDir: string, passwordFile: string): Promise<void> {
  const args = [
    ...['-D', clusterDir, '-U', SUPERUSER, `--pwfile=${passwordFile}`, '--auth=scram-sha-256'],
    // Code-point order from PostgreSQL's own tables: the same on every platform, fast, and no index depends on the
    // version of a C library. Lists for people say `collate "vi-x-icu"`.
    ...['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
    ...(options.fsync ? [] : ['--no-sync']),
  ];
  const { status, output } = await runProgram(options.binaries.initdb, args, options.user);
  if (status !== 0) {
    throw new AppError('bug', 'EMBEDDED_POSTGRES_FAILED', `initdb ended with ${status}: ${output.slice(-500)}`);
  }
}

export function runProgram(
  path: string,
  args: readonly string[],
  user: ServerUser,
): Promise<{ status: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(path, args, {
      ...spawnOptionsFor(user),
      env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const collect = (chunk: Buffer): void => {
      output += chunk.toString();
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, output }));
  });
}

const createPassword = (): string => randomBytes(24).toString('base64url');

async function writePrivately(path: string, text: string, user: ServerUser): Promise<void> {
  await writeFile(path, text, { mode: 0o600 });
  if (user !== null) await chown(path, user.uid, user.gid);
}

/** What a killed first start has left. A partial of a living process belongs to a start that runs right now. */
async function removeDeadPartials(homeDir: string): Promise<void> {
  for (const name of await readdir(homeDir)) {
    const pid = /\.partial-(\d+)/.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) await rm(join(homeDir, name), { recursive: true, force: true });
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, and belongs to somebody else.
    return errorCodeOf(error) === 'EPERM';
  }
}
