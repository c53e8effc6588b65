// Machine clients: programs that speak to /v2 with a token instead of a person's account.

import type { Instant } from '../../shared/time.ts';

export const CLIENT_SCOPES = ['read', 'deploy', 'start', 'work', 'tasks', 'operate', 'metrics'] as const;
/**
 * read: searches and reads · deploy: definitions · start: instances, messages, signals, decisions · work: jobs
 * · tasks: user tasks · operate: what operators do to running instances · metrics: the figures of the server
 */
export type ClientScope = (typeof CLIENT_SCOPES)[number];

export interface Client {
  readonly clientId: string;
  /** The agency whose instances it sees; null sees all. */
  readonly tenantId: string | null;
  readonly scopes: readonly ClientScope[];
}

export interface ClientToken extends Client {
  /** Shown once; only its hash is kept. */
  readonly token: string;
  readonly expiresAt: Instant | null;
}
