// The only caller of fetch. Adds the Idempotency-Key to posts, reads ErrorBody, tells the session about a 401.

import { ApiError } from './api-error.ts';
import type { ErrorBody } from './contract.ts';

export interface CallOptions {
  readonly body?: unknown;
  readonly form?: FormData;
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal;
}

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';
type Query = Readonly<Record<string, string | number | undefined>>;

let reportSessionLost: () => void = () => undefined;

/** The session composable registers itself here; the client must not know about pages. */
export function onSessionLost(report: () => void): void {
  reportSessionLost = report;
}

export async function call<T>(method: Method, path: string, options: CallOptions = {}): Promise<T> {
  const response = await send(method, path, options);
  if (response.ok) {
    // The contract promises the shape; the server's tests hold it to that.
    return (response.status === 204 ? undefined : await readJson(response)) as T;
  }
  const error = new ApiError(response.status, await readErrorBody(response));
  if (error.kind === 'unauthenticated' && path !== '/api/session') reportSessionLost();
  throw error;
}

async function send(method: Method, path: string, options: CallOptions): Promise<Response> {
  // The server words its errors in the language that the page is shown in.
  const headers: Record<string, string> = {
    accept: 'application/json',
    'accept-language': document.documentElement.lang || 'vi',
  };
  if (options.body !== undefined) headers['content-type'] = 'application/json';
  if (options.idempotencyKey !== undefined) headers['idempotency-key'] = options.idempotencyKey;
  const body = options.form ?? (options.body === undefined ? null : JSON.stringify(options.body));
  try {
    return await fetch(path, { method, headers, body, credentials: 'same-origin', signal: options.signal ?? null });
  } catch (cause) {
    if (options.signal?.aborted === true) throw cause;
    throw new ApiError(0, null, { cause });
  }
}

async function readJson(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch (cause) {
    throw new ApiError(0, null, { cause });
  }
}

/** A proxy in between may answer with something else than ErrorBody; the status still tells the kind. */
async function readErrorBody(response: Response): Promise<ErrorBody | null> {
  const text = await response.text().catch(() => '');
  if (!(response.headers.get('content-type') ?? '').includes('json')) return null;
  try {
    const value: unknown = JSON.parse(text);
    return isErrorBody(value) ? value : null;
  } catch {
    return null;
  }
}

const isErrorBody = (value: unknown): value is ErrorBody =>
  typeof value === 'object' && value !== null && 'code' in value && 'message' in value;

export function withQuery(path: string, query: Query): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') search.set(name, String(value));
  }
  const text = search.toString();
  return text === '' ? path : `${path}?${text}`;
}
