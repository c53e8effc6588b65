// Looks every second for due timers and for work that a carrier lost, and offers it; sweeps what has expired once a
// minute. Several processes may run it: each job is taken by one of them.

import type { Runtime } from '../runtime/index.ts';

export interface ReconcilerDeps {
  readonly runtime: Runtime;
  /** Types of service jobs that handlers of this process serve. */
  readonly jobTypes: readonly string[];
  readonly intervalMs: number;
  readonly log: (message: string, details: Readonly<Record<string, unknown>>) => void;
}

const SWEEP_EVERY_MS = 60_000;
const FULL_BATCH = 500;

export function startReconciler(deps: ReconcilerDeps): () => Promise<void> {
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;
  let lastSweep = 0;

  const round = async (): Promise<void> => {
    try {
      while ((await deps.runtime.reconcile(deps.jobTypes)) >= FULL_BATCH && !isStopped);
      if (performance.now() - lastSweep > SWEEP_EVERY_MS) {
        lastSweep = performance.now();
        await deps.runtime.sweep();
      }
    } catch (error) {
      // The database is away for a moment; the next round tries again.
      deps.log('reconciler round failed', { error });
    }
  };
  const loop = async (): Promise<void> => {
    await round();
    if (isStopped) return;
    timer = setTimeout(() => {
      running = loop();
    }, deps.intervalMs);
  };
  let running = loop();

  return async () => {
    isStopped = true;
    clearTimeout(timer);
    await running;
  };
}
