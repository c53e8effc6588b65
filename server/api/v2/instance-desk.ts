// Where callers wait for the end of an instance that they have started. The end is announced after its commit, also by
// other processes; a look at intervals for all of them finds what no announcement has told.

import type { Commands } from '../../runtime/index.ts';
import type { Key } from '../../shared/ids.ts';

type Outcome = NonNullable<Awaited<ReturnType<Commands['findOutcome']>>>;

export interface InstanceDesk {
  /** Null when it still runs after that time, or nobody listens any more. */
  wait(key: Key, waitMs: number, signal: AbortSignal): Promise<Outcome | null>;
  close(): void;
}

const LOOK_EVERY_MS = 500;

export function createInstanceDesk(commands: Commands): InstanceDesk {
  const waiting = new Map<Key, () => void>();
  let looker: NodeJS.Timeout | null = null;
  let isClosed = false;
  const stopListening = commands.onNews(({ endedInstances }) => {
    for (const key of endedInstances) waiting.get(key)?.();
  });

  function look(): void {
    looker = null;
    for (const check of waiting.values()) check();
    scheduleLook();
  }
  function scheduleLook(): void {
    if (looker !== null || waiting.size === 0 || isClosed) return;
    looker = setTimeout(look, LOOK_EVERY_MS);
    looker.unref();
  }

  return {
    wait(key, waitMs, signal) {
      return new Promise((resolve, reject) => {
        const end = (settle: () => void): void => {
          clearTimeout(timer);
          signal.removeEventListener('abort', giveUp);
          waiting.delete(key);
          settle();
        };
        const giveUp = (): void => end(() => resolve(null));
        const check = (): void => {
          commands
            .findOutcome(key)
            .then((outcome) => {
              if (outcome !== null) end(() => resolve(outcome));
            })
            .catch((error: unknown) => end(() => reject(error instanceof Error ? error : new Error(String(error)))));
        };
        const timer = setTimeout(giveUp, waitMs);
        signal.addEventListener('abort', giveUp, { once: true });
        waiting.set(key, check);
        scheduleLook();
        check();
      });
    },
    close() {
      isClosed = true;
      stopListening();
      if (looker !== null) clearTimeout(looker);
    },
  };
}
