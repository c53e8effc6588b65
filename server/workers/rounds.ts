// The loop that all workers share: a round, a pause, the next round. A round that fails is told and costs nothing but
// itself; stopping lets the round under way end and begins no other.

export type Log = (message: string, details: Readonly<Record<string, unknown>>) => void;

export interface RoundsOptions {
  readonly intervalMs: number;
  /** What the log says when a round fails. */
  readonly failure: string;
  readonly log: Log;
}

/** `round` is told how to see that it should end early. Returns a function that stops and waits for the last round. */
export function startRounds(
  round: (isStopped: () => boolean) => Promise<void>,
  { intervalMs, failure, log }: RoundsOptions,
): () => Promise<void> {
  let hasStopped = false;
  let timer: NodeJS.Timeout | undefined;
  const isStopped = (): boolean => hasStopped;

  const loop = async (): Promise<void> => {
    try {
      await round(isStopped);
    } catch (error) {
      // The database is away for a moment; the next round tries again.
      log(failure, { error });
    }
    if (hasStopped) return;
    timer = setTimeout(() => {
      running = loop();
    }, intervalMs);
  };
  let running = loop();

  return async () => {
    hasStopped = true;
    clearTimeout(timer);
    await running;
  };
}
