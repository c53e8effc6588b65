// One installation inside the test process: the real wiring on a database of its own with the real sample province and
// the real process models. Only the carrier is not there: `settle` works on what a carrier would have offered, so that
// tests see the moment when all system work is done.

import { randomUUID } from 'node:crypto';
import { createPasswordHasher } from '../../server/adapters/ids/password-hasher.ts';
import { createLogger } from '../../server/adapters/logging/logger.ts';
import { createContentStore } from '../../server/adapters/postgres/content-store.ts';
import { buildApp } from '../../server/api/app.ts';
import type { App } from '../../server/api/types.ts';
import type { LoginAnswer, TaskView } from '../../server/api/contract/index.ts';
import type { Platform } from '../../server/main/boot.ts';
import { loadSampleProvince, SAMPLE_PASSWORD } from '../../server/main/seed/load-sample-province.ts';
import { deployWorkflows } from '../../server/main/workflows.ts';
import { DEFAULT_SIGNING, type SigningSettings } from '../../server/main/signing-settings.ts';
import { type Services, wire } from '../../server/main/wiring.ts';
import type { Carrier } from '../../server/runtime/ports.ts';
import type { Key } from '../../server/shared/ids.ts';
import { createFakeClock, type FakeClock } from './clock.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';

export interface Installation {
  readonly database: TestDatabase;
  readonly services: Services;
  readonly app: App;
  readonly clock: FakeClock;
  /** Failures of jobs since the last call. */
  readonly failures: string[];
  logIn(username: string): Promise<Caller>;
  /** Works until no system work is due. */
  settle(): Promise<void>;
  /** Works on the queue of timestamps and evidence until nothing is due. */
  upgradeAll(): Promise<void>;
  deploy(resourceName: string, xml: string): Promise<void>;
  close(): Promise<void>;
}

export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
  readonly bytes: Buffer;
  readonly headers: Readonly<Record<string, unknown>>;
}

export interface Caller {
  readonly token: string;
  readonly userId: string;
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  send(
    method: 'POST' | 'PUT' | 'DELETE',
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer>;
  upload(path: string, file: { readonly name: string; readonly bytes: Uint8Array }): Promise<Answer>;
  /** The open task of this kind for this document. */
  task(action: TaskView['action'], documentId: string): Promise<TaskView>;
  complete(action: TaskView['action'], documentId: string, body: unknown): Promise<Answer>;
}

const LIMIT_ROUNDS = 1_000;

export interface InstallationOptions {
  readonly isTestMode?: boolean;
  readonly signing?: Partial<SigningSettings>;
}

export async function createInstallation(options: InstallationOptions = {}): Promise<Installation> {
  const database = await createTestDatabase();
  const { transactions, pool } = database;
  const clock = createFakeClock();
  const offered: Key[] = [];
  const carrier: Carrier = {
    offer: (offers) => Promise.resolve(void offered.push(...offers.map((offer) => offer.jobKey))),
    consume: () => Promise.resolve(() => Promise.resolve()),
    close: () => Promise.resolve(),
  };
  const pinnable = {
    ...clock,
    pin: (instant: string) => Promise.resolve(clock.advanceTo(instant)),
    reset: () => Promise.resolve(),
  };
  const logger = createLogger({ level: 'silent' });
  const services = wire(
    {
      pool,
      transactions,
      statements: database.statements,
      databaseUrl: database.url,
      keys: database.createKeys(),
      clock: pinnable as unknown as Platform['clock'], // wire() only reads the time
      carrier,
      // One process: nobody else to tell.
      news: { tell: () => undefined, listen: () => undefined },
      contentStore: createContentStore(),
      logger,
      close: () => Promise.resolve(),
    },
    { ...DEFAULT_SIGNING, ...options.signing },
  );
  await deployWorkflows(transactions, services.runtime, 'workflows');
  await loadSampleProvince(
    transactions,
    { hasher: createPasswordHasher(), authority: services.files.authority },
    clock.now(),
  );
  const app = await buildApp({
    ...services,
    transactions,
    clock: pinnable,
    logger,
    settings: {
      version: 'test',
      role: 'api',
      isTestMode: options.isTestMode ?? false,
      webRoot: null,
      isSecure: false,
      uploadLimitBytes: 5 * 1024 * 1024,
      loginsPerMinute: 10_000,
    },
  });
  const failures: string[] = [];
  const log = (message: string, details: Readonly<Record<string, unknown>>): void => {
    failures.push(`${message}: ${details['error'] instanceof Error ? details['error'].message : ''}`);
  };

  return {
    database,
    services,
    app,
    clock,
    failures,
    logIn: (username) => logIn(app, username),
    async settle() {
      for (let round = 0; round < LIMIT_ROUNDS; round += 1) {
        const key = offered.shift();
        if (key !== undefined) await services.runtime.runJob(key, { handlers: services.flow.jobHandlers, log });
        else if ((await services.runtime.reconcile(Object.keys(services.flow.jobHandlers))) === 0) return;
      }
      throw new Error('The system work does not come to an end');
    },
    async upgradeAll() {
      while (await services.flow.upgradeNext());
    },
    async deploy(resourceName, xml) {
      await transactions.run((tx) => services.runtime.deploy(tx, [{ resourceName, xml }]));
    },
    async close() {
      await app.close();
      await database.drop();
    },
  };
}

async function logIn(app: App, username: string): Promise<Caller> {
  const response = await app.inject({
    method: 'POST',
    url: '/api/session',
    payload: { username, password: SAMPLE_PASSWORD },
  });
  if (response.statusCode !== 200) throw new Error(`${username} could not log in: ${response.body}`);
  const { token, session } = response.json<LoginAnswer>();
  return createCaller(app, token, session.user.id);
}

/** Speaks to the app as one person; without a token as nobody. */
export function createCaller(app: App, token: string, userId = ''): Caller {
  const authorization: Record<string, string> = token === '' ? {} : { authorization: `Bearer ${token}` };
  const inject = async (
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    url: string,
    payload: unknown,
    headers = {},
  ): Promise<Answer> => {
    const response = await app.inject({
      method,
      url,
      headers: { ...authorization, ...headers },
      ...(payload !== undefined && { payload: payload as string | object }),
    });
    const isJson = String(response.headers['content-type']).startsWith('application/json');
    return {
      status: response.statusCode,
      body: isJson ? response.json<Record<string, unknown>>() : {},
      bytes: response.rawPayload,
      headers: response.headers,
    };
  };
  const caller: Caller = {
    token,
    userId,
    get: (path, headers) => inject('GET', path, undefined, headers),
    send: (method, path, body, headers) => inject(method, path, body, headers),
    upload(path, { name, bytes }) {
      const boundary = `tram-${randomUUID()}`;
      const head = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\nContent-Type: application/pdf\r\n\r\n`;
      const payload = Buffer.concat([Buffer.from(head), bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]);
      return inject('POST', path, payload, { 'content-type': `multipart/form-data; boundary=${boundary}` });
    },
    async task(action, documentId) {
      const { body } = await caller.get('/api/tasks?limit=500');
      const items = body['items'] as TaskView[]; // the contract of GET /api/tasks
      const task = items.find((item) => item.action === action && item.document?.id === documentId);
      if (task === undefined) throw new Error(`No open task ${action} of document ${documentId}`);
      return task;
    },
    async complete(action, documentId, body) {
      const { key } = await caller.task(action, documentId);
      return caller.send('POST', `/api/tasks/${key}/complete`, body);
    },
  };
  return caller;
}
