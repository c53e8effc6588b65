// Routes of the session: who is logged in.

import { call } from './client.ts';
import type { LoginAnswer, LoginBody, SessionView } from './contract.ts';
import { newIdempotencyKey } from './idempotency-key.ts';

export const getSession = (signal?: AbortSignal): Promise<SessionView> =>
  call('GET', '/api/session', signal === undefined ? {} : { signal });

export const openSession = (body: LoginBody): Promise<LoginAnswer> =>
  call('POST', '/api/session', { body, idempotencyKey: newIdempotencyKey() });

export const closeSession = (): Promise<void> => call('DELETE', '/api/session');
