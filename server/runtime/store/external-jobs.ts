// SQL for jobs in the hands of external workers. `deadline_at` is business time: a job whose deadline has passed is
// available again. Our own workers hold theirs by `leased_until`; each side leaves alone what the other one holds.

import type { InstanceState } from '../../engine/index.ts';
import type { Key } from '../../shared/ids.ts';
import type { Instant } from '../../shared/time.ts';
import type { Statements, Tx } from '../../shared/transactions.ts';
import type { WorkSnapshot } from '../ports.ts';
import type { JobKind } from './jobs.ts';

/** $1 is business time. */
const IS_AVAILABLE = `j.status = 'open' and j.kind = 'service' and (j.due_at is null or j.due_at <= $1)
  and (j.deadline_at is null or j.deadline_at <= $1) and j.not_before <= clock_timestamp()
  and (j.leased_until is null or j.leased_until < clock_timestamp())`;

const IS_HELD = `(coalesce(j.deadline_at > $1, false) or coalesce(j.leased_until >= clock_timestamp(), false))`;
const IS_RESTING = `(coalesce(j.due_at > $1, false) or j.not_before > clock_timestamp())`;

/** A tenant sees its own. Jobs of a suspended instance rest by `not_before`. */
const IS_WORKABLE = `($2::text is null or exists (
  select 1 from process_instances i where i.key = j.instance_key and i.tenant_id = $2))`;

/** What one worker asks for. */
export interface Ask {
  readonly worker: string;
  readonly deadlineAt: Instant;
  readonly limit: number;
}

/** Workers of one type who may see the same jobs, in the order in which they came. */
export interface ActivationRequest {
  readonly type: string;
  readonly now: Instant;
  readonly tenantId: string | null;
  readonly asks: readonly Ask[];
  /** As many as the limits of the type allow; null when nobody has asked for them: a type with limits then gives nothing. */
  readonly allowed: number | null;
}

export interface ActivatedRow {
  readonly key: Key;
  readonly type: string;
  readonly instanceKey: Key;
  readonly elementInstanceKey: Key;
  readonly elementId: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly retries: number;
  readonly deadlineAt: Instant;
  /** Whose it is: the place among the asks. */
  readonly ask: number;
}

/**
 * The most urgent jobs, oldest first; who came first is served first. Statements that run at the same moment get
 * different jobs.
 */
export async function activateAvailable(on: Statements, request: ActivationRequest): Promise<readonly ActivatedRow[]> {
  const { asks, allowed } = request;
  const wanted = asks.reduce((sum, { limit }) => sum + limit, 0);
  const { rows } = await on.query<ActivatedRow>(
    `with asked as (
       select place - 1 as ask, worker, deadline_at, sum("limit") over (order by place) as last, "limit"
       from unnest($5::text[], $6::timestamptz[], $7::bigint[]) with ordinality as a (worker, deadline_at, "limit", place)),
     taken as materialized (
       select j.key, j.priority from jobs j where j.type = $3 and ${IS_AVAILABLE} and ${IS_WORKABLE}
         and ($8 or not exists (select 1 from job_limits l where l.type = $3))
       order by j.priority desc, j.key limit $4 for update skip locked),
     numbered as (select key, priority, row_number() over (order by priority desc, key) as number from taken),
     given as (
       select n.key, n.number, a.ask, a.worker, a.deadline_at from numbered n
       join asked a on n.number <= a.last and n.number > a.last - a."limit"),
     changed as (
       update jobs j set worker = g.worker, deadline_at = g.deadline_at from given g where j.key = g.key
       returning j.key, j.type, j.instance_key as "instanceKey", j.element_instance_key as "elementInstanceKey",
         j.element_id as "elementId", j.headers, j.retries, j.deadline_at as "deadlineAt", g.ask::integer, g.number)
     select * from changed order by number`,
    [
      request.now,
      request.tenantId,
      request.type,
      allowed === null ? wanted : Math.min(wanted, allowed),
      asks.map(({ worker }) => worker),
      asks.map(({ deadlineAt }) => deadlineAt),
      asks.map(({ limit }) => limit),
      allowed !== null,
    ],
    'external_jobs_activate',
  );
  return rows;
}

export interface WorkInstance {
  readonly key: Key;
  readonly rootKey: Key;
  readonly definitionKey: Key;
  readonly processId: string;
  readonly version: number;
  readonly tags: readonly string[];
  readonly state: InstanceState;
}

export async function listWorkInstances(on: Statements, keys: readonly Key[]): Promise<readonly WorkInstance[]> {
  const { rows } = await on.query<WorkInstance>(
    `select i.key, i.definition_key as "definitionKey", i.process_id as "processId", i.version, i.tags, i.state,
       case when i.parent_key is null then i.key else (
         with recursive up as (
           select i.parent_key as key
           union all select p.parent_key from process_instances p join up on p.key = up.key where p.parent_key is not null)
         select min(key) from up) end as "rootKey"
     from process_instances i where i.key = any ($1::bigint[])`,
    [keys],
    'external_jobs_instances',
  );
  return rows;
}

/** The worker hung up before it got them: they are free at once, as if nobody had asked. */
export async function releaseActivated(on: Statements, keys: readonly Key[], deadlineAt: Instant): Promise<void> {
  await on.query(
    `update jobs set worker = null, deadline_at = null
     where key = any ($1::bigint[]) and status = 'open' and deadline_at = $2`,
    [keys, deadlineAt],
    'external_jobs_release',
  );
}

/** For workers that wait: which of their types have work now. */
export async function listAvailableTypes(
  on: Statements,
  types: readonly string[],
  now: Instant,
): Promise<readonly string[]> {
  const { rows } = await on.query<{ type: string }>(
    `select t.type from unnest($2::text[]) as t (type)
     where exists (select 1 from jobs j where j.type = t.type and ${IS_AVAILABLE})`,
    [now, types],
    'external_jobs_types',
  );
  return rows.map((row) => row.type);
}

/** Open jobs by type, and those that have stopped; ended ones are not touched, partial indexes have the others. */
export async function countWork(on: Statements, now: Instant): Promise<readonly WorkSnapshot[]> {
  const { rows } = await on.query<WorkSnapshot>(
    `select type, count(*) filter (where state = 'stopped')::integer as stopped,
       count(*) filter (where state = 'held')::integer as held,
       count(*) filter (where state = 'resting')::integer as resting,
       count(*) filter (where state = 'available')::integer as available
     from (
       select j.type, case when ${IS_HELD} then 'held' when ${IS_RESTING} then 'resting' else 'available' end as state
       from jobs j where j.kind = 'service' and j.status = 'open'
       union all
       select j.type, 'stopped' from incidents n join jobs j on j.key = n.job_key
       where n.status = 'active' and j.status = 'failed') as work
     group by type order by type`,
    [now],
    'external_jobs_count',
  );
  return rows;
}

export interface JobState {
  readonly key: Key;
  readonly kind: JobKind;
  readonly type: string;
  readonly status: string;
  readonly retries: number;
  readonly instanceKey: Key;
  readonly elementInstanceKey: Key | null;
  readonly deadlineAt: Instant | null;
  readonly worker: string | null;
}

export async function findJobState(tx: Tx, key: Key): Promise<JobState | null> {
  const { rows } = await tx.query<JobState>(
    `select key, kind, type, status, retries, instance_key as "instanceKey",
       element_instance_key as "elementInstanceKey", deadline_at as "deadlineAt", worker
     from jobs where key = $1`,
    [key],
    'external_job_state',
  );
  return rows[0] ?? null;
}

export async function storeFailureMessage(
  tx: Tx,
  failure: {
    readonly key: Key;
    readonly message: string;
    readonly retries: number;
    readonly isFinal: boolean;
    readonly at: Instant;
  },
): Promise<void> {
  await tx.query(
    `update jobs set last_error = $2, retries = $3, attempts = attempts + 1, worker = null, deadline_at = null,
       status = case when $4 then 'failed' else status end, ended_at = case when $4 then $5::timestamptz end
     where key = $1 and status = 'open'`,
    [failure.key, failure.message, failure.retries, failure.isFinal, failure.at],
  );
}

/** Back-off of an external worker counts in business time, like its deadlines. */
export async function storeBackOff(tx: Tx, key: Key, dueAt: Instant | null): Promise<void> {
  await tx.query(`update jobs set due_at = $2 where key = $1 and status = 'open'`, [key, dueAt]);
}

export async function storeDeadline(tx: Tx, key: Key, deadlineAt: Instant): Promise<void> {
  await tx.query(`update jobs set deadline_at = $2 where key = $1`, [key, deadlineAt]);
}
