// Works on operations on many instances, chunk by chunk. Several processes may run it: a batch is one process's at a time.

import type { Runtime } from '../runtime/index.ts';
import { type Log, startRounds } from './rounds.ts';

export interface BatchRunnerDeps {
  readonly runtime: Pick<Runtime, 'commands'>;
  readonly intervalMs: number;
  readonly log: Log;
}

export const startBatchRunner = ({ runtime, ...deps }: BatchRunnerDeps): (() => Promise<void>) =>
  startRounds(
    async (isStopped) => {
      while (!isStopped() && (await runtime.commands.runBatches()) > 0);
    },
    { ...deps, failure: 'batch round failed' },
  );
