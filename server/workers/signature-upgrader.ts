// Loops around the queue of timestamps and evidence, apart from the job worker: an authority may take minutes for one
// answer, and neither people nor processes wait for it. Several processes may run it; each piece is leased by one.

export interface UpgraderDeps {
  readonly upgradeNext: () => Promise<boolean>;
  /** At the same time; the authorities are asked by few, slowly, rather than by many at once. */
  readonly concurrency: number;
  readonly intervalMs: number;
  readonly log: (message: string, details: Readonly<Record<string, unknown>>) => void;
}

/** Returns a function that stops taking new work. What waits for an authority is given up: its lease runs out. */
export function startSignatureUpgrader(deps: UpgraderDeps): () => Promise<void> {
  let isStopped = false;
  const timers = new Set<NodeJS.Timeout>();

  const round = async (): Promise<void> => {
    try {
      while (!isStopped && (await deps.upgradeNext()));
    } catch (error) {
      if (!isStopped) deps.log('upgrade of signatures failed', { error });
    }
  };
  const loop = async (): Promise<void> => {
    await round();
    if (isStopped) return;
    const timer = setTimeout(() => {
      timers.delete(timer);
      void loop();
    }, deps.intervalMs);
    timers.add(timer);
  };
  for (let index = 0; index < deps.concurrency; index += 1) void loop();

  return () => {
    isStopped = true;
    timers.forEach((timer) => clearTimeout(timer));
    return Promise.resolve();
  };
}
