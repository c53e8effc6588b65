// Works on operations on many instances, chunk by chunk. Several processes may run it: a batch is one process's at a time.

import type { Runtime } from '../runtime/index.ts';

export interface BatchRunnerDeps {
  readonly runtime: Pick<Runtime, 'commands'>;
  readonly intervalMs: number;
  readonly log: (message: string, details: Readonly<Record<string, unknown>>) => void;
}

export function startBatchRunner(deps: BatchRunnerDeps): () => Promise<void> {
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;
  const round = async (): Promise<void> => {
    try {
      while (!isStopped && (await deps.runtime.commands.runBatches()) > 0);
    } catch (error) {
      // The database is away for a moment; the next round tries again.
      deps.log('batch round failed', { error });
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
