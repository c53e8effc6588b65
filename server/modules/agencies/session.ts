// Sessions: an opaque token for the client, only its hash in the database.

import type { Actor } from '../../shared/actor.ts';
import type { Instant } from '../../shared/time.ts';

/** A working day and a lunch break; the user logs in again the next morning. */
export const SESSION_TTL_MS = 12 * 60 * 60 * 1000;

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

export interface OpenedSession {
  /** Shown once; the database keeps its hash. */
  readonly token: string;
  readonly expiresAt: Instant;
  readonly actor: Actor;
}
