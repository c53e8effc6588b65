// Keeps the read model warm, so that a search has little or nothing to catch up with. Several processes may run it: the
// projector takes its lock, and whoever comes second finds nothing new.

import type { Runtime } from '../runtime/index.ts';
import { type Log, startRounds } from './rounds.ts';

export interface ProjectorDeps {
  readonly runtime: Runtime;
  readonly intervalMs: number;
  readonly log: Log;
}

export const startProjector = ({ runtime, ...deps }: ProjectorDeps): (() => Promise<void>) =>
  startRounds(
    async () => {
      await runtime.history.catchUp();
    },
    { ...deps, failure: 'projector round failed' },
  );
