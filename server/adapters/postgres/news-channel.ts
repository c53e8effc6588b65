// News between processes over LISTEN and NOTIFY, on one connection of its own. NOTIFY makes the commits of all who send
// it queue behind one lock of the database; so it is never part of a step: it is sent after the commit, by this
// connection alone, one statement at a time for whatever has gathered meanwhile, and not at all while no other process
// listens. A connection that is lost is opened again with growing pauses; what was not told meanwhile is looked for.

import pg from 'pg';
import type { News, NewsChannel } from '../../runtime/ports.ts';
import type { Key } from '../../shared/ids.ts';

export interface NewsChannelOptions {
  /** False for processes in which nobody waits: they tell only. */
  readonly isListening: boolean;
  readonly applicationName?: string;
  readonly onError?: (error: unknown) => void;
}

export interface OpenNewsChannel extends NewsChannel {
  close(): Promise<void>;
}

const CHANNEL = 'tram_news';
/** Held in shared mode by every listener, so that a teller can see in pg_locks whether there is one. */
const LISTENER_LOCK = { classId: 0x7472616d, objectId: 1 } as const;
/** PostgreSQL refuses 8,000 bytes and more. */
const MAX_PAYLOAD_BYTES = 7_900;
/** More than that is not worth telling one by one: the look of the listeners finds all of it at once. */
const MAX_GATHERED = 5_000;
const PRESENCE_HOLDS_MS = 1_000;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 10_000;
const CONNECT_TIMEOUT_MS = 10_000;

export function openNewsChannel(url: string, options: NewsChannelOptions): OpenNewsChannel {
  const hearers = new Set<(news: News) => void>();
  const gathered = createGathering();
  const presence = createPresence();
  let isSending = false;

  const hear = (message: pg.Notification, client: pg.Client): void => {
    // The session of the sender is named in each message; its own news it knows already.
    if (message.payload === undefined || message.processId === processIdOf(client)) return;
    const news = readPayload(message.payload);
    if (news !== null) for (const listener of hearers) listener(news);
  };
  const connection = keepConnection(url, options, hear);

  async function send(client: pg.Client): Promise<void> {
    isSending = true;
    try {
      while (gathered.size() > 0) {
        const payloads = gathered.take();
        if (!(await presence.isSomebodyThere(client))) continue;
        await client.query(`select pg_notify('${CHANNEL}', payload) from unnest($1::text[]) payload`, [payloads]);
      }
    } catch (error) {
      options.onError?.(error);
    } finally {
      isSending = false;
    }
  }

  return {
    tell(news) {
      const client = connection.current();
      if (client === null) return;
      gathered.add(news);
      if (!isSending) void send(client);
    },
    listen(listener) {
      hearers.add(listener);
    },
    close: () => connection.close(),
  };
}

/** Typings of the driver leave it out: the process of the session on the server, as in pg_stat_activity. */
const processIdOf = (client: pg.Client): number | undefined => (client as { processID?: number }).processID;

interface KeptConnection {
  /** Null while it is away. */
  current(): pg.Client | null;
  close(): Promise<void>;
}

function keepConnection(
  url: string,
  options: NewsChannelOptions,
  hear: (message: pg.Notification, client: pg.Client) => void,
): KeptConnection {
  let ready: pg.Client | null = null;
  let pauseMs = FIRST_PAUSE_MS;
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;
  let opening: Promise<void> = Promise.resolve();

  function reopen(): void {
    if (isClosed) return;
    timer = setTimeout(() => {
      opening = open();
    }, pauseMs);
    timer.unref();
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
  }

  async function open(): Promise<void> {
    const client = new pg.Client({
      connectionString: url,
      application_name: options.applicationName ?? 'tram-news',
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      keepAlive: true,
    });
    let isLost = false;
    const lose = (error?: unknown): void => {
      if (isLost) return;
      isLost = true;
      ready = null;
      if (isClosed) return;
      if (error !== undefined) options.onError?.(error);
      client.end().catch((cause: unknown) => options.onError?.(cause));
      reopen();
    };
    client.on('error', lose);
    client.on('end', () => lose());
    client.on('notification', (message) => hear(message, client));
    try {
      await client.connect();
      if (options.isListening) {
        await client.query('select pg_advisory_lock_shared($1, $2)', [LISTENER_LOCK.classId, LISTENER_LOCK.objectId]);
        await client.query(`listen ${CHANNEL}`);
      }
      ready = client;
      pauseMs = FIRST_PAUSE_MS;
    } catch (error) {
      lose(error);
    }
    if (isClosed && !isLost) await client.end();
  }

  opening = open();
  return {
    current: () => ready,
    async close() {
      isClosed = true;
      clearTimeout(timer);
      const client = ready;
      ready = null;
      await client?.end();
      await opening;
    },
  };
}

/** Whether another session listens; asked at most once a second, and only when there is something to tell. */
function createPresence(): { isSomebodyThere(client: pg.Client): Promise<boolean> } {
  let isThere = false;
  let askedAt = -Infinity;
  return {
    async isSomebodyThere(client) {
      if (performance.now() - askedAt < PRESENCE_HOLDS_MS) return isThere;
      const { rows } = await client.query<{ is_there: boolean }>(
        `select exists (select from pg_locks where locktype = 'advisory' and classid = $1 and objid = $2 and objsubid = 2
           and database = (select oid from pg_database where datname = current_database())
           and granted and pid <> pg_backend_pid()) as is_there`,
        [LISTENER_LOCK.classId, LISTENER_LOCK.objectId],
      );
      isThere = rows[0]?.is_there === true;
      askedAt = performance.now();
      return isThere;
    },
  };
}

interface Gathering {
  size(): number;
  add(news: News): void;
  take(): readonly string[];
}

/** What has to be told, each type and each instance once. */
function createGathering(): Gathering {
  let types = new Set<string>();
  let ended = new Set<Key>();
  return {
    size: () => types.size + ended.size,
    add({ jobTypes, endedInstances }) {
      for (const type of jobTypes) if (types.size < MAX_GATHERED) types.add(type);
      for (const key of endedInstances) if (ended.size < MAX_GATHERED) ended.add(key);
    },
    take() {
      const payloads = [...writePayloads('i', [...ended]), ...writePayloads('t', [...types])];
      types = new Set();
      ended = new Set();
      return payloads;
    },
  };
}

/** `{"t":["letter-print"]}` or `{"i":["2251799813685251"]}`, as many as it takes. */
export function writePayloads(kind: 't' | 'i', entries: readonly string[]): readonly string[] {
  const payloads: string[] = [];
  let part: string[] = [];
  let bytes = 0;
  const flush = (): void => {
    if (part.length > 0) payloads.push(JSON.stringify({ [kind]: part }));
    part = [];
    bytes = 0;
  };
  for (const entry of entries) {
    const size = Buffer.byteLength(JSON.stringify(entry)) + 1;
    // A name of that length finds its pollers by their look.
    if (size > MAX_PAYLOAD_BYTES - 10) continue;
    if (bytes + size > MAX_PAYLOAD_BYTES - 10) flush();
    part.push(entry);
    bytes += size;
  }
  flush();
  return payloads;
}

/** Null for what is not ours: anybody on the database may notify. */
export function readPayload(payload: string): News | null {
  let value: unknown;
  try {
    value = JSON.parse(payload);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null) return null;
  const jobTypes = 't' in value ? textsOf(value.t) : [];
  const ended = 'i' in value ? textsOf(value.i) : [];
  // Keys are digits; nobody is looked up by anything else, because waiting callers are found by equality.
  return { jobTypes, endedInstances: ended as Key[] };
}

const textsOf = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((entry): entry is string => typeof entry === 'string') : [];
