// What the runtime needs from outside. The carrier only says "look now" and carries ids; PostgreSQL decides
// whether work exists, so a carrier that loses everything delays work and loses nothing.

import type { Key } from '../shared/ids.ts';

/** Fresh ascending engine keys, from blocks leased of a database sequence. */
export interface KeySource {
  next(): Key;
  /** Makes sure that at least `count` keys can be taken without waiting. Called before each command. */
  reserve(count: number): Promise<void>;
}

/** One wake-up: "job `jobKey` may be due". `offerId` is a fresh UUID for each offer (a stale id would be swallowed). */
export interface Offer {
  readonly jobKey: Key;
  readonly offerId: string;
}

/** BullMQ on Redis, or on its PostgreSQL backend. */
export interface Carrier {
  /** Best effort; a failure is logged, the reconciler offers again. */
  offer(offers: readonly Offer[]): Promise<void>;
  /** Starts taking offers, at most `concurrency` at once; returns a function that stops after the running ones. */
  consume(handle: (offer: Offer) => Promise<void>, concurrency: number): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

/** What the runtime counts about work. Labels are names of job types. */
export interface WorkMetrics {
  activated(type: string, count: number): void;
  ended(type: string, outcome: 'completed' | 'failed' | 'error'): void;
}

/** Open jobs of a type at this moment. */
export interface WorkSnapshot {
  readonly type: string;
  readonly available: number;
  readonly held: number;
  /** Until a back-off or the suspension of the instance ends. */
  readonly resting: number;
  /** Without retries: an incident. */
  readonly stopped: number;
}

/** What somebody outside may be waiting for. */
export interface News {
  /** Types of jobs that external workers may take now. */
  readonly jobTypes: readonly string[];
  readonly endedInstances: readonly Key[];
}

/**
 * Carries news between the processes that share a database. Best effort: who waits also looks by himself at intervals,
 * so that news that is lost costs a moment and nothing else.
 */
export interface NewsChannel {
  /** Returns at once. Called after the commit: who hears it finds the rows. */
  tell(news: News): void;
  /** Hears what other processes tell, never what this one tells. */
  listen(hear: (news: News) => void): void;
}
