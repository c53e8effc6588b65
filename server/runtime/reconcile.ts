// Finds work that no carrier knows: never offered (due timers), or offered long ago and not taken (a flushed Redis, an
// emptied queue table, a worker that died). Correctness rests here; the carrier only makes it fast.

import type { Clock } from '../shared/clock.ts';
import type { Key } from '../shared/ids.ts';
import type { Transactions } from '../shared/transactions.ts';
import { type HistorySettings, keepEventMonths } from './event-history.ts';
import { deleteOldAnswers } from './store/idempotency.ts';
import { takeUnofferedJobs } from './store/jobs.ts';
import { deleteExpiredMessages } from './store/messages.ts';

export interface ReconcileDeps {
  readonly eventHistory?: HistorySettings;
  readonly transactions: Transactions;
  readonly clock: Clock;
  readonly wake: (jobKeys: readonly Key[]) => void;
}

/** An offer that nobody took after this time counts as lost. */
const OFFER_STALE_MS = 5_000;
const BATCH = 500;
const KEEP_ANSWERS_HOURS = 7 * 24;

/** Offers lost and newly due jobs of the given types, and all timers and continuations; returns how many. Call it again at once when it returns a full batch. */
export async function reconcileJobs(deps: ReconcileDeps, jobTypes: readonly string[]): Promise<number> {
  const options = { jobTypes, staleAfterMs: OFFER_STALE_MS, limit: BATCH };
  const keys = await deps.transactions.run((tx) => takeUnofferedJobs(tx, deps.clock.now(), options));
  if (keys.length > 0) deps.wake(keys);
  return keys.length;
}

/**
 * Removes what has served its time: expired buffered messages, old answers of idempotent commands, months of history;
 * and prepares the months to come.
 */
export async function sweepExpired(deps: ReconcileDeps): Promise<void> {
  await deps.transactions.run(async (tx) => {
    await deleteExpiredMessages(tx, deps.clock.now(), BATCH);
    await deleteOldAnswers(tx, KEEP_ANSWERS_HOURS);
  });
  await keepEventMonths(deps);
}
