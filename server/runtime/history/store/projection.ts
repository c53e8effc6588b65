// SQL of the projector: which events are new, and the rows that they become. Every statement runs in the transaction
// that also moves the mark, so that events are applied exactly once whatever happens in between.

import type { EngineEvent, ExecutableProcess } from '../../../engine/index.ts';
import type { Key } from '../../../shared/ids.ts';
import type { Instant } from '../../../shared/time.ts';
import type { Tx } from '../../../shared/transactions.ts';
import type { InstanceHeader, RecordedEvent } from '../occurrence.ts';

/** A PostgreSQL snapshot in text form: `xmin:xmax:xip,…`. */
export type Snapshot = string;

/** Not visible in the applied snapshot: begun after it, or in progress when it was taken. Both are index ranges. */
const IS_NEW = `(e.tx >= pg_snapshot_xmax(s.applied)
  or e.tx = any (array(select pg_snapshot_xip(s.applied))))`;

export interface News {
  readonly hasNews: boolean;
  /** First transaction id that was not assigned yet: events committed before now are all below it. */
  readonly horizon: string;
}

/** Cheap: one probe of an index when nothing is new. */
export async function findNews(tx: Tx): Promise<News> {
  const { rows } = await tx.query<News>(
    `select exists (select 1 from engine_steps e where ${IS_NEW}) as "hasNews",
       pg_snapshot_xmax(pg_current_snapshot())::text as horizon
     from projection_state s where name = 'history'`,
    [],
    'history_news',
  );
  return rows[0] ?? { hasNews: true, horizon: '0' };
}

/** One projector at a time; the next one goes on where the last one has committed. */
export async function lockMark(tx: Tx): Promise<Snapshot> {
  const { rows } = await tx.query<{ applied: Snapshot }>(
    `select applied::text as applied from projection_state where name = 'history' for update`,
  );
  const mark = rows[0];
  if (mark === undefined) throw new Error('projection_state has no row for the history');
  return mark.applied;
}

export async function takeSnapshot(tx: Tx): Promise<Snapshot> {
  const { rows } = await tx.query<{ taken: Snapshot }>(`select pg_current_snapshot()::text as taken`);
  return rows[0]?.taken ?? '3:3:';
}

export const storeMark = (tx: Tx, applied: Snapshot): Promise<unknown> =>
  tx.query(`update projection_state set applied = $1::pg_snapshot where name = 'history'`, [applied]);

/** `$1` applied, `$2` current: what the chunk may contain beyond the last mark, in the order of transactions. */
const IS_AFTER = `e.tx >= pg_snapshot_xmax($1::pg_snapshot) and pg_visible_in_snapshot(e.tx, $2::pg_snapshot)`;
/** What was in progress at the last mark and has committed since. */
const WAS_OPEN = `e.tx = any (array(select pg_snapshot_xip($1::pg_snapshot)))
  and pg_visible_in_snapshot(e.tx, $2::pg_snapshot)`;
/** `$3`: the last transaction of the chunk. Two index ranges; a waiting million is not read to take the first of it. */
const IN_CHUNK = `((${IS_AFTER} and e.tx <= $3::xid8) or (${WAS_OPEN}))`;

export interface Range {
  readonly applied: Snapshot;
  readonly current: Snapshot;
}

/** The transaction of the event at this place after the mark, in the order of transactions; null when there are fewer. */
export async function findBoundary(tx: Tx, range: Range, place: number): Promise<string | null> {
  // A step has at least one event, so that no more steps than `place` and one need to be looked at.
  const { rows } = await tx.query<{ tx: string }>(
    `select s.tx::text as tx from (
       select e.tx, sum(e.last_seq - e.first_seq + 1) over (order by e.tx rows unbounded preceding) as events
       from engine_steps e where ${IS_AFTER} order by e.tx limit $3 + 1) as s
     where s.events > $3 order by s.tx limit 1`,
    [range.applied, range.current, place],
  );
  return rows[0]?.tx ?? null;
}

/**
 * The last transaction that an instance in the chunk needs: a step may have got its id before the step that it waited
 * for, so that the order of ids is not the order of the instance. Equals `upTo` when nothing is missing.
 */
export async function findEarlierSteps(tx: Tx, range: Range, upTo: string): Promise<string> {
  const { rows } = await tx.query<{ upTo: string | null }>(
    `with chunk as materialized (
       select e.instance_key, max(e.first_seq) as seq from engine_steps e where ${IN_CHUNK} group by e.instance_key)
     select max(e.tx)::text as "upTo"
     from chunk join engine_steps e on e.instance_key = chunk.instance_key and e.first_seq < chunk.seq
     where e.tx > $3::xid8 and ${IS_AFTER}`,
    [range.applied, range.current, upTo],
  );
  return rows[0]?.upTo ?? upTo;
}

/** In the order of each instance's steps. */
export async function listEventsOf(tx: Tx, range: Range, upTo: string): Promise<readonly RecordedEvent[]> {
  const { rows } = await tx.query<{
    instanceKey: Key;
    firstSeq: number;
    at: Instant;
    actorId: string | null;
    events: readonly EngineEvent[];
  }>(
    `select e.instance_key as "instanceKey", e.first_seq as "firstSeq", e.at, e.actor_id as "actorId", e.events
     from engine_steps e where ${IN_CHUNK} order by e.instance_key, e.first_seq`,
    [range.applied, range.current, upTo],
  );
  return rows.flatMap(({ instanceKey, firstSeq, at, actorId, events }) =>
    events.map((event, place) => ({ instanceKey, seq: firstSeq + place, at, actorId, event })),
  );
}

interface HeaderRow {
  readonly key: Key;
  readonly definitionKey: Key;
  readonly processId: string;
  readonly version: number;
  readonly tenantId: string;
  readonly businessId: string | null;
  readonly tags: readonly string[];
  readonly rootKey: Key;
}

/**
 * What each instance was when the given step happened. Its row says what it is now; the first migration from that step
 * on says what it left. One statement, so that both are seen in the same state.
 */
export async function listHeaders(
  tx: Tx,
  firstSteps: ReadonlyMap<Key, number>,
): Promise<ReadonlyMap<Key, InstanceHeader>> {
  const { rows } = await tx.query<HeaderRow>(
    `with recursive asked (key, seq) as (select * from unnest($1::bigint[], $2::integer[])),
     up (key, top, parent_key) as (
       select i.key, i.key, i.parent_key from asked join process_instances i on i.key = asked.key
       union all
       select up.key, p.key, p.parent_key from up join process_instances p on p.key = up.parent_key)
     select i.key, coalesce(d.key, i.definition_key) as "definitionKey",
       coalesce(d.process_id, i.process_id) as "processId", coalesce(d.version, i.version) as version,
       i.tenant_id as "tenantId", i.business_key as "businessId", i.tags, up.top as "rootKey"
     from up join asked on asked.key = up.key join process_instances i on i.key = up.key
     left join lateral (
       select e.migrated_from as source from engine_steps e
       where e.migrated_from is not null and e.instance_key = up.key and e.first_seq >= asked.seq
       order by e.first_seq limit 1) m on true
     left join process_definitions d on d.key = m.source
     where up.parent_key is null`,
    [[...firstSteps.keys()], [...firstSteps.values()]],
  );
  return new Map(
    rows.map((row) => [
      row.key,
      {
        owner: {
          instance_key: row.key,
          root_key: row.rootKey,
          definition_key: row.definitionKey,
          process_id: row.processId,
          tenant_id: row.tenantId,
        },
        version: row.version,
        businessId: row.businessId,
        tags: row.tags,
      },
    ]),
  );
}

export interface KnownProcess {
  readonly model: ExecutableProcess;
  readonly version: number;
}

export async function listProcesses(tx: Tx, keys: readonly Key[]): Promise<ReadonlyMap<Key, KnownProcess>> {
  if (keys.length === 0) return new Map();
  const { rows } = await tx.query<KnownProcess & { key: Key }>(
    `select key, version, model from process_definitions where key = any ($1::bigint[])`,
    [keys],
  );
  return new Map(rows.map(({ key, ...process }) => [key, process]));
}

const TABLES = [
  'history_instances',
  'history_instance_counts',
  'history_elements',
  'history_element_counts',
  'history_flows',
  'history_variables',
  'history_tasks',
  'history_jobs',
  'history_incidents',
  'history_subscriptions',
  'history_correlations',
  'history_waits',
  'history_audit',
];

/** Forgets everything that was derived, together with the mark. */
export async function clearHistory(tx: Tx): Promise<void> {
  await tx.query(`truncate ${TABLES.join(', ')}`);
  await storeMark(tx, '3:3:');
}
