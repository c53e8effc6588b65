// The one row of clock_setting: what server/adapters/clock/ keeps a copy of.

import type { Instant } from '../../shared/time.ts';
import type { Pool } from './pool.ts';

export interface ClockSetting {
  /** The text after --clock that led to it; null: nobody asked. */
  readonly requested: string | null;
  readonly offsetMs: number;
  /** While set, time stands still here and the offset is not looked at. */
  readonly pinnedAt: Instant | null;
}

export async function findClockSetting(pool: Pool): Promise<ClockSetting | null> {
  const { rows } = await pool.query<{ requested: string | null; offset_ms: string; pinned_at: Instant | null }>(
    `select requested, offset_ms, pinned_at from clock_setting`,
  );
  const row = rows[0];
  if (row === undefined) return null;
  return { requested: row.requested, offsetMs: Number(row.offset_ms), pinnedAt: row.pinned_at };
}

export async function storeClockSetting(pool: Pool, setting: ClockSetting): Promise<void> {
  await pool.query(
    `insert into clock_setting (requested, offset_ms, pinned_at) values ($1, $2, $3)
     on conflict (is_single) do update
        set requested = excluded.requested, offset_ms = excluded.offset_ms,
            pinned_at = excluded.pinned_at, updated_at = clock_timestamp()`,
    [setting.requested, setting.offsetMs, setting.pinnedAt],
  );
}
