// Looks every second for due timers and for work that a carrier lost, and offers it; sweeps what has expired once a
// minute. Several processes may run it: each job is taken by one of them.

import type { Runtime } from '../runtime/index.ts';
import { type Log, startRounds } from './rounds.ts';

export interface ReconcilerDeps {
  readonly runtime: Runtime;
  /** Types of service jobs that handlers of this process serve. */
  readonly jobTypes: readonly string[];
  readonly intervalMs: number;
  readonly log: Log;
}

const SWEEP_EVERY_MS = 60_000;
const FULL_BATCH = 500;

export function startReconciler({ runtime, jobTypes, ...deps }: ReconcilerDeps): () => Promise<void> {
  let lastSweep = 0;
  return startRounds(
    async (isStopped) => {
      while ((await runtime.reconcile(jobTypes)) >= FULL_BATCH && !isStopped());
      if (performance.now() - lastSweep <= SWEEP_EVERY_MS) return;
      lastSweep = performance.now();
      await runtime.sweep();
    },
    { ...deps, failure: 'reconciler round failed' },
  );
}
