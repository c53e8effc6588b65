// Keeps the read model warm, so that a search has little or nothing to catch up with. Several processes may run it: the
// projector takes its lock, and whoever comes second finds nothing new.

import type { Runtime } from '../runtime/index.ts';

export interface ProjectorDeps {
  readonly runtime: Runtime;
  readonly intervalMs: number;
  readonly log: (message: string, details: Readonly<Record<string, unknown>>) => void;
}

export function startProjector({ runtime, intervalMs, log }: ProjectorDeps): () => Promise<void> {
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;

  const round = async (): Promise<void> => {
    try {
      await runtime.history.catchUp();
    } catch (error) {
      // The database is away for a moment; the next round, or the next search, catches up.
      log('projector round failed', { error });
    }
    if (isStopped) return;
    timer = setTimeout(() => {
      running = round();
    }, intervalMs);
  };
  let running = round();

  return async () => {
    isStopped = true;
    clearTimeout(timer);
    await running;
  };
}
