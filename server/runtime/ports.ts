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
