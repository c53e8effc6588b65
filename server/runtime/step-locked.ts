// Commands of one instance that lost their races against other processes: a batch again, but under the lock of the row,
// so that it cannot lose, and for all that waits for this instance here. However many processes hammer one instance, each
// takes its turn at the lock with everything it has; nobody decides in vain.

import type { Decision } from '../engine/index.ts';
import { isTransient } from '../shared/app-error.ts';
import { runBatch, type StepBatchDeps } from './step-batch.ts';
import { createStepCache } from './step-cache.ts';
import { createStepQueue, type StepQueue, type Waiting } from './step-queue.ts';
import { lockInstance } from './store/instances.ts';

type Outcome =
  { readonly kind: 'decided'; readonly decision: Decision } | { readonly kind: 'refused'; readonly error: unknown };

/** Answers the callers or puts them aside; never throws. Callers are told after the commit. */
export async function runLocked(deps: StepBatchDeps, queue: StepQueue, entries: readonly Waiting[]): Promise<void> {
  const [first] = entries;
  if (first === undefined || first.instanceKey === null) return;
  const { instanceKey } = first;
  const outcomes = new Map<Waiting, Outcome>();
  try {
    await deps.transactions.run(async (tx) => {
      outcomes.clear();
      await lockInstance(tx, instanceKey);
      const wakeUps: (() => void)[] = [];
      const inside: StepBatchDeps = {
        ...deps,
        statements: tx,
        cache: createStepCache(),
        wake: (keys) => void wakeUps.push(() => deps.wake(keys)),
        announce: (news) => void wakeUps.push(() => deps.announce?.(news)),
      };
      await runBatch(
        inside,
        createStepQueue(),
        entries.map((entry) => listen(entry, outcomes)),
      );
      tx.afterCommit(() => {
        for (const wakeUp of wakeUps) wakeUp();
      });
    });
  } catch (error) {
    // Unreachable is unreachable for all. Otherwise nothing is stored, and each alone meets its own fate.
    if (isTransient(error)) for (const entry of entries) entry.reject(error);
    else queue.putAside(entries, 'alone');
    return;
  }
  deps.cache.forget(instanceKey);
  const unanswered: Waiting[] = [];
  for (const entry of entries) {
    const outcome = outcomes.get(entry);
    if (outcome === undefined) unanswered.push(entry);
    else if (outcome.kind === 'decided') entry.resolve(outcome.decision);
    else entry.reject(outcome.error);
  }
  queue.putAside(unanswered, 'alone');
}

/** Holds the answer back until the commit. It reads afresh: one race is lost already. */
const listen = (entry: Waiting, outcomes: Map<Waiting, Outcome>): Waiting => ({
  ...entry,
  tries: 1,
  resolve: (decision) => void outcomes.set(entry, { kind: 'decided', decision }),
  reject: (error) => void outcomes.set(entry, { kind: 'refused', error }),
});
