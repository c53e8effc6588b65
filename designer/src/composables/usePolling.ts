// Asks again every few seconds while the page can be seen. Hidden tabs rest, failures double the pause up to a
// minute, and one question is always answered before the next is asked: no storms on slow lines.

import { onScopeDispose } from 'vue';

export interface PollingOptions {
  readonly intervalMs: number;
  readonly maxIntervalMs?: number;
}

/** `ask` answers false when it failed. The first question is asked at once. */
export function usePolling(ask: () => Promise<boolean>, options: PollingOptions): { askNow: () => Promise<void> } {
  const maxIntervalMs = options.maxIntervalMs ?? 60_000;
  let pauseMs = options.intervalMs;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isAsking = false;
  let isStopped = false;

  async function askNow(): Promise<void> {
    if (isAsking || isStopped) return;
    clearTimeout(timer);
    isAsking = true;
    const hasSucceeded = await ask().catch(() => false);
    isAsking = false;
    pauseMs = hasSucceeded ? options.intervalMs : Math.min(pauseMs * 2, maxIntervalMs);
    schedule();
  }

  function schedule(): void {
    clearTimeout(timer);
    if (isStopped || document.hidden) return;
    timer = setTimeout(() => void askNow(), pauseMs);
  }

  const askWhenSeen = (): void => {
    if (!document.hidden) void askNow();
  };
  const askWhenOnline = (): void => void askNow();

  document.addEventListener('visibilitychange', askWhenSeen);
  window.addEventListener('online', askWhenOnline);
  onScopeDispose(() => {
    isStopped = true;
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', askWhenSeen);
    window.removeEventListener('online', askWhenOnline);
  });
  void askNow();
  return { askNow };
}
