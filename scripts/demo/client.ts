// A client of the public HTTP API as any other program would write it. It survives a server that dies: every command
// carries an Idempotency-Key that stays the same over its attempts, so that repeating it has one effect.

import type { CompleteAnswer, LoginAnswer, TaskView } from '../../server/api/contract/index.ts';

export interface ApiError {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

export class ApiRefusal extends Error {
  override readonly name = 'ApiRefusal';
  readonly error: ApiError;
  constructor(what: string, error: ApiError) {
    super(`${what}: ${error.status} ${error.code} – ${error.message}`);
    this.error = error;
  }
}

/** Asked before each attempt: with several API processes, each attempt may go to another one. */
export type BaseUrl = () => string;

interface RequestOptions {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly body?: unknown;
  readonly key?: string;
}

/** How long a server may be away before the journey gives up; a restart takes a few seconds. */
const PATIENCE_MS = 90_000;
const RETRY_EVERY_MS = 250;

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export class Person {
  readonly name: string;
  readonly #baseUrl: BaseUrl;
  readonly #token: string;

  private constructor(baseUrl: BaseUrl, name: string, token: string) {
    this.#baseUrl = baseUrl;
    this.name = name;
    this.#token = token;
  }

  static async logIn(baseUrl: BaseUrl, username: string, password: string): Promise<Person> {
    const response = await send(baseUrl, '/api/session', { method: 'POST', body: { username, password } }, null);
    const answer = (await response.json()) as LoginAnswer; // the contract of POST /api/session
    return new Person(baseUrl, username, answer.token);
  }

  async get<T>(path: string): Promise<T> {
    return (await (await send(this.#baseUrl, path, {}, this.#token)).json()) as T; // the contract of the route
  }

  async bytes(path: string): Promise<Uint8Array> {
    return new Uint8Array(await (await send(this.#baseUrl, path, {}, this.#token)).arrayBuffer());
  }

  async command<T>(method: 'POST' | 'PUT', path: string, body: unknown, key: string): Promise<T> {
    const response = await send(this.#baseUrl, path, { method, body, key }, this.#token);
    return (response.status === 204 ? undefined : await response.json()) as T; // the contract of the route
  }

  tasks(): Promise<readonly TaskView[]> {
    return this.get<{ items: TaskView[] }>('/api/tasks?limit=500').then(({ items }) => items);
  }

  complete(task: TaskView, body: unknown, key: string): Promise<CompleteAnswer> {
    return this.command<CompleteAnswer>('POST', `/api/tasks/${task.key}/complete`, body, key);
  }
}

/** Repeats while the server is away or busy; a refusal is final and thrown. */
async function send(baseUrl: BaseUrl, path: string, options: RequestOptions, token: string | null): Promise<Response> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const response = await attempt(baseUrl(), path, options, token);
    if (response !== null && response.ok) return response;
    if (response !== null && response.status < 500) {
      const error = (await response.json()) as Omit<ApiError, 'status'>; // ErrorBody of the contract
      throw new ApiRefusal(`${options.method ?? 'GET'} ${path}`, { ...error, status: response.status });
    }
    if (performance.now() > deadline) throw new Error(`${baseUrl()}${path} did not answer in ${PATIENCE_MS / 1000} s`);
    await pause(RETRY_EVERY_MS);
  }
}

/** Null when the connection could not be made or broke. */
async function attempt(
  baseUrl: string,
  path: string,
  { method = 'GET', body, key }: RequestOptions,
  token: string | null,
): Promise<Response | null> {
  const headers: Record<string, string> = {};
  if (body !== undefined) headers['content-type'] = 'application/json';
  if (token !== null) headers['authorization'] = `Bearer ${token}`;
  if (key !== undefined) headers['idempotency-key'] = key;
  try {
    const response = await fetch(`${baseUrl}${path}`, {
      method,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    // Read the body now: a server killed in the middle of its answer counts as one that did not answer.
    const bytes = await response.arrayBuffer();
    return new Response(response.status === 204 ? null : bytes, { status: response.status, headers: response.headers });
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}
