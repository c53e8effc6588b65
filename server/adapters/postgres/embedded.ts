// A real PostgreSQL for one command: no server to install, no container. Invariants: one owner per data directory
// (an advisory lock held by a session of the owner: a killed owner loses it at once, a stale file cannot block);
// whatever was acknowledged survives `kill -9` of us (the server lives on and is adopted) and of the server
// (crash recovery; while we live, we start it again on the same port).

import pg from 'pg';
import { AppError } from '../../shared/app-error.ts';
import { prepareBinaries, serverUser } from './embedded-binaries.ts';
import {
  clusterDirOf,
  findHome,
  makeCluster,
  ownerOf,
  prepareHome,
  readCredentials,
  SUPERUSER,
  type Credentials,
} from './embedded-cluster.ts';
import {
  ensurePostmaster,
  findPostmaster,
  stopPostmaster,
  urlOf,
  type Postmaster,
  type PostmasterOptions,
} from './embedded-postmaster.ts';

export interface EmbeddedPostgres {
  /** The program's own role (no superuser) and database. */
  readonly url: string;
  readonly superuserUrl: string;
  readonly pid: number;
  stop(): Promise<void>;
}

export interface EmbeddedPostgresOptions {
  readonly dataDir: string;
  readonly logFile: string;
  readonly port?: number;
  /** Default true. False only for data that may be lost with the machine (tests). */
  readonly fsync?: boolean;
  /** Told when the server was lost and could not be brought back, or another process took the directory meanwhile. */
  readonly onLost?: (error: unknown) => void;
}

const APPLICATION = 'tram';
/** Held in the database `postgres`, so it cannot meet the program's own advisory locks. */
const OWNER_LOCK = 1;
/** A killed owner's session ends within milliseconds; a living owner keeps it. */
const OWNER_LOCK_TIMEOUT_MS = 2_000;

/** Throws AppError DATA_DIR_IN_USE, DATA_DIR_NOT_WRITABLE, EMBEDDED_POSTGRES_MISSING, EMBEDDED_POSTGRES_FAILED. */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const fsync = options.fsync ?? true;
  const homeDir = await prepareHome(options.dataDir, serverUser());
  const user = await ownerOf(homeDir, serverUser());
  const binaries = await prepareBinaries(homeDir, user);
  await makeCluster({ homeDir, binaries, user, fsync });
  const clusterDir = clusterDirOf(homeDir);
  const credentials = await readCredentials(clusterDir);
  const { superuserPassword } = credentials;
  const { logFile, port } = options;
  const postmasterOptions = { clusterDir, logFile, binaries, user, superuserPassword, fsync, port };
  const owner = await takeOwnership(postmasterOptions, options.onLost ?? warn);
  try {
    await provision(owner.client(), credentials);
  } catch (error) {
    await owner.stop();
    throw error;
  }
  return {
    url: urlOf(owner.postmaster().port, APPLICATION, credentials.applicationPassword, APPLICATION),
    superuserUrl: urlOf(owner.postmaster().port, SUPERUSER, superuserPassword, APPLICATION),
    get pid() {
      return owner.postmaster().pid;
    },
    stop: owner.stop,
  };
}

/** The URL of the server that another process owns on this directory; null when none runs. */
export async function findEmbeddedPostgres(dataDir: string): Promise<string | null> {
  const homeDir = await findHome(dataDir);
  if (homeDir === null) return null;
  const credentials = await readCredentials(clusterDirOf(homeDir));
  const found = await findPostmaster(clusterDirOf(homeDir), credentials.superuserPassword);
  return found && urlOf(found.port, APPLICATION, credentials.applicationPassword, APPLICATION);
}

interface Owner {
  client(): pg.Client;
  postmaster(): Postmaster;
  stop(): Promise<void>;
}

/** Gets the server running and keeps it so while we own it. */
async function takeOwnership(options: PostmasterOptions, onLost: (error: unknown) => void): Promise<Owner> {
  let isStopping = false;
  let postmaster = await ensurePostmaster(options);
  // The database URL is given out once, so a server that is started again keeps its port.
  const fixed = { ...options, port: postmaster.port };
  let client = await lockDirectory(fixed, postmaster, onSessionEnd);
  let recovery = Promise.resolve();

  function onSessionEnd(): void {
    if (!isStopping) recovery = recover().catch(onLost);
  }

  async function recover(): Promise<void> {
    postmaster = await ensurePostmaster(fixed);
    if (postmaster.port !== fixed.port) throw inUse(fixed.clusterDir);
    client = await lockDirectory(fixed, postmaster, onSessionEnd);
  }

  return {
    client: () => client,
    postmaster: () => postmaster,
    async stop() {
      if (isStopping) return;
      isStopping = true;
      await recovery;
      await stopPostmaster(options);
      await client.end();
    },
  };
}

async function lockDirectory(
  options: PostmasterOptions,
  postmaster: Postmaster,
  onEnd: () => void,
): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: urlOf(postmaster.port, SUPERUSER, options.superuserPassword, 'postgres'),
    application_name: 'tram-owner',
    keepAlive: true,
  });
  client.on('error', () => undefined); // 'end' follows and is handled.
  await client.connect();
  const deadline = Date.now() + OWNER_LOCK_TIMEOUT_MS;
  for (;;) {
    const { rows } = await client.query<{ is_locked: boolean }>('select pg_try_advisory_lock($1) as is_locked', [
      OWNER_LOCK,
    ]);
    if (rows[0]?.is_locked === true) break;
    if (Date.now() > deadline) {
      await client.end();
      throw inUse(options.clusterDir);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  client.once('end', onEnd);
  return client;
}

/** Role and database of the program. Only the owner comes here, so nothing can be made twice. */
async function provision(client: pg.Client, credentials: Credentials): Promise<void> {
  const { rows } = await client.query<{ has_role: boolean; has_database: boolean }>(
    `select exists (select from pg_roles where rolname = $1) as has_role,
            exists (select from pg_database where datname = $1) as has_database`,
    [APPLICATION],
  );
  if (rows[0]?.has_role !== true) {
    const password = client.escapeLiteral(credentials.applicationPassword);
    await client.query(`create role ${APPLICATION} login password ${password}`);
  }
  if (rows[0]?.has_database !== true) await client.query(`create database ${APPLICATION} owner ${APPLICATION}`);
}

const inUse = (clusterDir: string): AppError =>
  new AppError('rejection', 'DATA_DIR_IN_USE', `Another process owns '${clusterDir}'`);

const warn = (error: unknown): void => process.emitWarning(error instanceof Error ? error : String(error));
