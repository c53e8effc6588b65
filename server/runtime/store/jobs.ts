// SQL for jobs: system work, timers and continuations between instances. A job row is also its own outbox entry:
// `offered_at` says when a carrier was last told about it. Leases and offers use the database's clock, due times the
// business clock. Locks: whoever works on a job of an instance holds the instance row first; start-child and
// cancel-child hold only the job row.

import type { Json } from '../../engine/index.ts';
import type { Key } from '../../shared/ids.ts';
import type { Instant } from '../../shared/time.ts';
import type { Tx } from '../../shared/transactions.ts';

export type JobKind =
  | 'service'
  | 'timer'
  | 'correlate'
  // between called and calling instances
  | 'start-child'
  | 'cancel-child'
  | 'complete-call'
  | 'propagate-error'
  | 'reject-error'
  | 'propagate-escalation'
  // beyond one instance
  | 'start-by-event'
  | 'start-timer'
  | 'broadcast-signal'
  | 'deliver-signal'
  | 'decision';

/** `instance_key` of jobs that begin an instance or concern many. */
export const NO_INSTANCE = '0' as Key;

export interface JobRow {
  readonly key: Key;
  readonly kind: JobKind;
  /** The instance that the job acts on; for start-child the parent; '0' when it begins or concerns many. */
  readonly instanceKey: Key;
  readonly elementInstanceKey: Key | null;
  readonly elementId: string | null;
  readonly type: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: Readonly<Record<string, Json>>;
  readonly retries: number;
  readonly attempts: number;
}

const COLUMNS = `key, kind, instance_key as "instanceKey", element_instance_key as "elementInstanceKey",
  element_id as "elementId", type, headers, payload, retries, attempts`;

const IS_DUE = `status = 'open' and (due_at is null or due_at <= $1) and (deadline_at is null or deadline_at <= $1)
  and not_before <= clock_timestamp()
  and (leased_until is null or leased_until < clock_timestamp())`;

export interface NewJob extends Omit<JobRow, 'attempts'> {
  /** External workers get higher ones first; absent: 0. */
  readonly priority?: number;
  readonly dueAt: Instant | null;
  readonly createdAt: Instant;
  /** True when the carrier is told right after the commit. */
  readonly isOffered: boolean;
}

export async function insertJobs(tx: Tx, jobs: readonly NewJob[]): Promise<void> {
  if (jobs.length === 0) return;
  await tx.query(
    `insert into jobs (key, kind, instance_key, element_instance_key, element_id, type, headers, payload, status,
       retries, priority, due_at, offered_at, created_at)
     select j.key, j.kind, j."instanceKey", j."elementInstanceKey", j."elementId", j.type, j.headers, j.payload, 'open',
       j.retries, coalesce(j.priority, 0), j."dueAt", case when j."isOffered" then clock_timestamp() end, j."createdAt"
     from jsonb_to_recordset($1::jsonb) as j (key bigint, kind text, "instanceKey" bigint,
       "elementInstanceKey" bigint, "elementId" text, type text, headers jsonb, payload jsonb, retries integer, priority integer,
       "dueAt" timestamptz, "isOffered" boolean, "createdAt" timestamptz)`,
    [JSON.stringify(jobs)],
    'jobs_insert',
  );
}

export async function endJobs(
  tx: Tx,
  keys: readonly Key[],
  status: 'completed' | 'cancelled' | 'failed',
  now: Instant,
): Promise<void> {
  if (keys.length === 0) return;
  await tx.query(
    `update jobs set status = $2, ended_at = $3, lease_token = null, leased_until = null
     where key = any ($1::bigint[]) and status = 'open'`,
    [keys, status, now],
    'jobs_end',
  );
}

export interface JobFailure {
  readonly key: Key;
  /** The lease of the worker that failed; null when it worked without one. */
  readonly leaseToken: string | null;
  readonly retries: number;
  readonly message: string;
  readonly backoffMs: number;
}

/**
 * Gives the job back for a later try, or parks it as failed when no tries are left. False when it has ended already or
 * belongs to the lease of another worker: a late worker's failure is not the failure of its successor.
 */
export async function storeFailure(tx: Tx, failure: JobFailure): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update jobs set retries = $2, last_error = $3, attempts = attempts + 1, lease_token = null, leased_until = null,
       offered_at = null, not_before = clock_timestamp() + make_interval(secs => $4 / 1000.0),
       status = case when $2 > 0 then 'open' else 'failed' end
     where key = $1 and status = 'open' and lease_token is not distinct from $5::uuid`,
    [failure.key, failure.retries, failure.message, failure.backoffMs, failure.leaseToken],
  );
  return rowCount > 0;
}

/** Reads a due job without locking it, to learn which instance must be locked first. */
export async function findDueJob(tx: Tx, key: Key, now: Instant): Promise<JobRow | null> {
  const { rows } = await tx.query<JobRow>(
    `select ${COLUMNS} from jobs where ${IS_DUE} and key = $2`,
    [now, key],
    'job_due',
  );
  return rows[0] ?? null;
}

/** Locks the job row if it is still due and nobody else works on it. */
export async function lockDueJob(tx: Tx, key: Key, now: Instant): Promise<JobRow | null> {
  const { rows } = await tx.query<JobRow>(
    `select ${COLUMNS} from jobs where ${IS_DUE} and key = $2 for update skip locked`,
    [now, key],
    'job_lock',
  );
  return rows[0] ?? null;
}

/** Takes the job for work outside a transaction; null when it is not due or somebody else has it. */
export async function leaseJob(
  tx: Tx,
  key: Key,
  now: Instant,
  leaseMs: number,
): Promise<(JobRow & { leaseToken: string }) | null> {
  const { rows } = await tx.query<JobRow & { leaseToken: string }>(
    `update jobs set lease_token = gen_random_uuid(), leased_until = clock_timestamp() + make_interval(secs => $3 / 1000.0)
     where key = (select key from jobs where ${IS_DUE} and key = $2 for update skip locked)
     returning ${COLUMNS}, lease_token as "leaseToken"`,
    [now, key, leaseMs],
    'job_lease',
  );
  return rows[0] ?? null;
}

/** Locks a leased job for its completion; null when the lease was lost (the fence of a late worker). */
export async function lockLeasedJob(tx: Tx, key: Key, leaseToken: string): Promise<JobRow | null> {
  const { rows } = await tx.query<JobRow>(
    `select ${COLUMNS} from jobs where key = $1 and status = 'open' and lease_token = $2 for update`,
    [key, leaseToken],
    'job_lock_leased',
  );
  return rows[0] ?? null;
}

/**
 * Work that is due and that no carrier seems to know: never offered, or offered long ago and not taken. Marks it as
 * offered, so that several reconcilers share the work. Service jobs of other types wait for external workers.
 */
export async function takeUnofferedJobs(
  tx: Tx,
  now: Instant,
  options: { readonly jobTypes: readonly string[]; readonly staleAfterMs: number; readonly limit: number },
): Promise<readonly Key[]> {
  const { rows } = await tx.query<{ key: Key }>(
    `update jobs set offered_at = clock_timestamp()
     where key in (
       select key from jobs where ${IS_DUE}
         and (kind <> 'service' or type = any ($4))
         and (offered_at is null or offered_at < clock_timestamp() - make_interval(secs => $2 / 1000.0))
       order by due_at nulls first limit $3 for update skip locked)
     returning key`,
    [now, options.staleAfterMs, options.limit, options.jobTypes],
    'jobs_unoffered',
  );
  return rows.map((row) => row.key);
}

export async function countOpenJobs(tx: Tx): Promise<number> {
  const { rows } = await tx.query<{ count: string }>(
    `select count(*) as count from jobs where status = 'open' and kind <> 'timer'`,
  );
  return Number(rows[0]?.count ?? 0);
}
