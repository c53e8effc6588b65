// Loops around the queue of timestamps and evidence, apart from the job worker: an authority may take minutes for one
// answer, and neither people nor processes wait for it. Several processes may run it; each piece is leased by one.

import { type Log, startRounds } from './rounds.ts';

export interface UpgraderDeps {
  readonly upgradeNext: () => Promise<boolean>;
  /** At the same time; the authorities are asked by few, slowly, rather than by many at once. */
  readonly concurrency: number;
  readonly intervalMs: number;
  readonly log: Log;
}

/** Returns a function that stops taking new work. What waits for an authority is given up: its lease runs out. */
export function startSignatureUpgrader({ upgradeNext, concurrency, ...deps }: UpgraderDeps): () => Promise<void> {
  let isGivenUp = false;
  const options = {
    intervalMs: deps.intervalMs,
    failure: 'upgrade of signatures failed',
    log: (...told: Parameters<Log>): void => {
      if (!isGivenUp) deps.log(...told);
    },
  };
  const stops = Array.from({ length: concurrency }, () =>
    startRounds(async (isStopped) => {
      while (!isStopped() && (await upgradeNext()));
    }, options),
  );
  return () => {
    isGivenUp = true;
    for (const stop of stops) void stop();
    return Promise.resolve();
  };
}
