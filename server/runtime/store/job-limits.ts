// SQL for the limits of job types: how many jobs of a type workers may hold at once, and how many may be given out per
// second. The row is locked while jobs of a limited type are given out, so that the limits hold across processes. The
// rate counts in technical time: it protects what the workers call, and that does not stand still with a pinned clock.

import type { Instant } from '../../shared/time.ts';
import type { Statements, Tx } from '../../shared/transactions.ts';

export interface JobLimit {
  readonly type: string;
  /** Held at once, by all workers together; null: any number. */
  readonly maxHeld: number | null;
  /** Given out per second; what was not used is kept for one second. Null: any number. */
  readonly perSecond: number | null;
}

export interface JobLimitState extends JobLimit {
  readonly held: number;
  readonly setBy: string;
  readonly setAt: Instant;
}

const LIMIT = `l.type, l.max_held as "maxHeld", l.per_second as "perSecond"`;
/** $1 is business time. */
const HELD = `(select count(*)::integer from jobs j where j.type = l.type and j.status = 'open' and j.kind = 'service'
  and j.deadline_at > $1)`;

export async function listJobLimits(on: Statements, now: Instant): Promise<readonly JobLimitState[]> {
  const { rows } = await on.query<JobLimitState>(
    `select ${LIMIT}, ${HELD} as held, l.set_by as "setBy", l.set_at as "setAt" from job_limits l order by l.type`,
    [now],
    'job_limits_list',
  );
  return rows;
}

export async function hasJobLimit(on: Statements, type: string): Promise<boolean> {
  const { rowCount } = await on.query(`select 1 from job_limits where type = $1`, [type], 'job_limits_has');
  return rowCount > 0;
}

export async function putJobLimit(
  tx: Tx,
  { type, maxHeld, perSecond }: JobLimit,
  by: { readonly actorId: string; readonly at: Instant },
): Promise<void> {
  await tx.query(
    `insert into job_limits (type, max_held, per_second, tokens, set_by, set_at)
     values ($1, $2, $3, greatest(1, coalesce($3::float8, 1)), $4, $5)
     on conflict (type) do update set max_held = excluded.max_held, per_second = excluded.per_second,
       tokens = least(job_limits.tokens, excluded.tokens), set_by = excluded.set_by, set_at = excluded.set_at`,
    [type, maxHeld, perSecond, by.actorId, by.at],
  );
}

export async function removeJobLimit(tx: Tx, type: string): Promise<boolean> {
  const { rowCount } = await tx.query(`delete from job_limits where type = $1`, [type]);
  return rowCount > 0;
}

/**
 * Locks the limits of the type until the transaction ends and answers how many jobs may be given out now; null when
 * there are no limits. Counted after the lock was got, so that what others have just given out is seen.
 */
export async function lockAllowance(tx: Tx, type: string, now: Instant): Promise<number | null> {
  const { rowCount } = await tx.query(
    `update job_limits set counted_at = clock_timestamp(), tokens = case when per_second is null then tokens else
       least(greatest(1, per_second), tokens + per_second * greatest(0, extract(epoch from clock_timestamp() - counted_at))) end
     where type = $1`,
    [type],
  );
  if (rowCount === 0) return null;
  const { rows } = await tx.query<{ allowed: number }>(
    `select greatest(0, least(1000000, case when max_held is null then 1000000 else max_held - ${HELD} end,
       case when per_second is null then 1000000 else floor(tokens) end))::integer as allowed
     from job_limits l where l.type = $2`,
    [now, type],
  );
  return rows[0]?.allowed ?? null;
}

export async function spendAllowance(tx: Tx, type: string, given: number): Promise<void> {
  await tx.query(`update job_limits set tokens = tokens - $2 where type = $1 and per_second is not null`, [
    type,
    given,
  ]);
}
