// Business time: wall time shifted by an offset, or pinned to one instant. The setting is one database row, so that
// all processes of an installation agree; each keeps a copy, re-reads it every second and reads time without waiting.
// Only deadlines, issue dates and signing times depend on it; leases and retries use the database's own clock.

import type { Clock } from '../../shared/clock.ts';
import { instantOf, millisOf, type Instant } from '../../shared/time.ts';
import { findClockSetting, storeClockSetting, type ClockSetting } from '../postgres/clock-setting.ts';
import type { Pool } from '../postgres/pool.ts';

export interface BusinessClock extends Clock {
  /** Reads the setting and begins to follow it. Throws when the database cannot be read. */
  start(): Promise<void>;
  stop(): void;
  /**
   * What the start of the program asked for. The same text as last time keeps the running time, so that a restart
   * goes on where the clock stands; another text sets the clock to it; null returns to system time.
   */
  request(text: string | null, instant: Instant | null): Promise<void>;
  /** From now on time runs from here. */
  set(instant: Instant): Promise<void>;
  /** Time stands still at this instant until the next set, pin or reset. */
  pin(instant: Instant): Promise<void>;
  /** Back to system time. */
  reset(): Promise<void>;
}

export interface BusinessClockOptions {
  readonly pollMs?: number;
  /** Told when the setting cannot be re-read; the last known one stays in force. */
  readonly onError?: (error: unknown) => void;
}

const SYSTEM_TIME: ClockSetting = { requested: null, offsetMs: 0, pinnedAt: null };
const POLL_MS = 1_000;

export function createClock(pool: Pool, options: BusinessClockOptions = {}): BusinessClock {
  let setting = SYSTEM_TIME;
  let timer: NodeJS.Timeout | null = null;
  // A slow poll that began before our own write must not bring the old setting back.
  let generation = 0;

  async function refresh(): Promise<void> {
    const seen = generation;
    const stored = await findClockSetting(pool);
    if (seen === generation) setting = stored ?? SYSTEM_TIME;
  }

  /** Another process may have changed the row since our last look, so each change starts from a fresh copy. */
  async function change(decide: (current: ClockSetting) => ClockSetting): Promise<void> {
    await refresh();
    const next = decide(setting);
    if (next === setting) return;
    generation += 1;
    await storeClockSetting(pool, next);
    generation += 1;
    setting = next;
  }

  const startingAt = (requested: string | null, instant: Instant): ClockSetting => ({
    requested,
    offsetMs: millisOf(instant) - Date.now(),
    pinnedAt: null,
  });

  return {
    now: () => setting.pinnedAt ?? instantOf(new Date(Date.now() + setting.offsetMs)),

    async start() {
      await refresh();
      timer ??= setInterval(() => {
        refresh().catch((error: unknown) => (options.onError ?? warn)(error));
      }, options.pollMs ?? POLL_MS);
      timer.unref();
    },

    stop() {
      if (timer !== null) clearInterval(timer);
      timer = null;
    },

    request: (text, instant) =>
      change((current) => {
        if (text === null || instant === null) return SYSTEM_TIME;
        return current.requested === text ? current : startingAt(text, instant);
      }),
    set: (instant) => change((current) => startingAt(current.requested, instant)),
    pin: (instant) => change((current) => ({ ...current, pinnedAt: instant })),
    reset: () => change((current) => ({ ...SYSTEM_TIME, requested: current.requested })),
  };
}

const warn = (error: unknown): void => process.emitWarning(error instanceof Error ? error : String(error));
