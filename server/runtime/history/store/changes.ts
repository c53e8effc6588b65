// SQL that writes what a chunk of events does, one statement per table and kind of change. Rows travel as JSON under the
// names of their columns; PostgreSQL knows the types of its own tables, so that no list of columns stands here twice.

import type { Key } from '../../../shared/ids.ts';
import type { Instant } from '../../../shared/time.ts';
import type { Tx } from '../../../shared/transactions.ts';
import type { Changes, Delta } from '../rows.ts';
import { moveInstance } from './moves.ts';

export async function storeChanges(tx: Tx, changes: Changes): Promise<void> {
  for (const move of changes.moves) await moveInstance(tx, move);
  await storeDelta(tx, INSTANCES, changes.instances);
  await storeDelta(tx, ELEMENTS, changes.elements);
  await storeDelta(tx, TASKS, changes.tasks);
  await storeDelta(tx, JOBS, changes.jobs);
  await storeDelta(tx, INCIDENTS, changes.incidents);
  await storeDelta(tx, SUBSCRIPTIONS, changes.subscriptions);
  await storeDelta(tx, WAITS, changes.waits);
  await cancelJobs(tx, changes.canceledJobs);
  await closeSubscriptions(tx, changes.closedSubscriptions);
  await releaseElements(tx, [...changes.resolvedIncidents]);
  await shiftIncidents(tx, changes.incidentDeltas);
  await storeVariables(tx, [...changes.variables.values()]);
  await storeFlows(tx, [...changes.flows.values()]);
  await insertRows(tx, 'history_correlations', changes.correlations);
  await storeAudit(tx, changes.audit);
  await shiftElementCounts(tx, changes.elementCounts);
  await shiftInstanceCounts(tx, changes.instanceCounts);
}

interface TableSpec {
  readonly name: string;
  /** Columns that may change after the row was opened. */
  readonly changing: readonly string[];
}

const INSTANCES: TableSpec = {
  name: 'history_instances',
  changing: ['state', 'ended_at', 'suspended_at', 'definition_key', 'process_id', 'version', 'business_id'],
};
const ELEMENTS: TableSpec = {
  name: 'history_elements',
  changing: ['state', 'ended_at', 'incident_key'],
};
const TASKS: TableSpec = {
  name: 'history_tasks',
  changing: [
    'state',
    'assignee',
    'candidate_groups',
    'candidate_users',
    'ended_at',
    'due_at',
    'follow_up_at',
    'priority',
  ],
};
const JOBS: TableSpec = {
  name: 'history_jobs',
  changing: ['state', 'retries', 'has_failed', 'error_code', 'error_message', 'updated_at', 'ended_at'],
};
const INCIDENTS: TableSpec = { name: 'history_incidents', changing: ['state', 'resolved_at'] };
const SUBSCRIPTIONS: TableSpec = { name: 'history_subscriptions', changing: ['state', 'updated_at'] };
const WAITS: TableSpec = { name: 'history_waits', changing: [] };

async function storeDelta<Row extends object>(tx: Tx, table: TableSpec, delta: Delta<Row>): Promise<void> {
  await insertRows(tx, table.name, [...delta.opened.values()]);
  const patches = [...delta.changed].map(([key, patch]) => ({ key, patch }));
  if (patches.length > 0) {
    const columns = table.changing.join(', ');
    await tx.query(
      `update ${table.name} t set (${columns}) = (select ${columns} from jsonb_populate_record(t, p.patch))
       from jsonb_to_recordset($1::jsonb) as p (key bigint, patch jsonb) where t.key = p.key`,
      [JSON.stringify(patches)],
    );
  }
  if (delta.removed.size > 0) {
    await tx.query(`delete from ${table.name} where key = any ($1::bigint[])`, [[...delta.removed]]);
  }
}

async function insertRows(tx: Tx, table: string, rows: readonly object[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(`insert into ${table} select * from jsonb_populate_recordset(null::${table}, $1::jsonb)`, [
    JSON.stringify(rows),
  ]);
}

interface End {
  readonly key: Key;
  readonly at: Instant;
}

async function cancelJobs(tx: Tx, ends: readonly End[]): Promise<void> {
  if (ends.length === 0) return;
  await tx.query(
    `update history_jobs t set state = 'CANCELED', ended_at = e.at, updated_at = e.at
     from jsonb_to_recordset($1::jsonb) as e (key bigint, at timestamptz)
     where t.key = e.key and t.state <> 'ERROR_THROWN'`,
    [JSON.stringify(ends)],
  );
}

async function closeSubscriptions(tx: Tx, ends: readonly End[]): Promise<void> {
  if (ends.length === 0) return;
  await tx.query(
    `update history_subscriptions t set state = 'DELETED', updated_at = e.at
     from jsonb_to_recordset($1::jsonb) as e (key bigint, at timestamptz)
     where t.key = e.key and t.state = 'CREATED'`,
    [JSON.stringify(ends)],
  );
}

/** The element of a resolved incident goes on, unless a newer one holds it. */
async function releaseElements(tx: Tx, incidents: readonly Key[]): Promise<void> {
  if (incidents.length === 0) return;
  await tx.query(`update history_elements set incident_key = null where incident_key = any ($1::bigint[])`, [
    incidents,
  ]);
}

/** An incident counts for its instance and for everything that called it. */
async function shiftIncidents(tx: Tx, deltas: ReadonlyMap<Key, number>): Promise<void> {
  const shifts = [...deltas].filter(([, by]) => by !== 0).map(([key, by]) => ({ key, by }));
  if (shifts.length === 0) return;
  await tx.query(
    `with recursive up (key, by) as (
       select d.key, d.by from jsonb_to_recordset($1::jsonb) as d (key bigint, by integer)
       union all
       select i.parent_key, up.by from up join history_instances i on i.key = up.key where i.parent_key is not null)
     update history_instances t set open_incidents = t.open_incidents + s.by
     from (select key, sum(by)::integer as by from up group by key) s where t.key = s.key and s.by <> 0`,
    [JSON.stringify(shifts)],
  );
}

async function storeVariables(tx: Tx, rows: readonly object[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(
    `insert into history_variables (scope_key, name, key, instance_key, root_key, tenant_id, value)
     select v.scope_key, v.name, hashtextextended(v.scope_key || ' ' || v.name, 0) & 9223372036854775807,
       v.instance_key, v.root_key, v.tenant_id, v.value
     from jsonb_populate_recordset(null::history_variables, $1::jsonb) v
     on conflict (scope_key, name) do update set value = excluded.value`,
    [JSON.stringify(rows)],
  );
}

async function storeFlows(tx: Tx, rows: readonly object[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(
    `insert into history_flows select * from jsonb_populate_recordset(null::history_flows, $1::jsonb)
     on conflict (instance_key, flow_id) do update set taken = history_flows.taken + excluded.taken`,
    [JSON.stringify(rows)],
  );
}

async function storeAudit(tx: Tx, rows: readonly object[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(
    `insert into history_audit (key, instance_key, root_key, definition_key, process_id, tenant_id, at, actor_id,
       entity_type, entity_key, operation, category, element_instance_key, task_key, job_key, details)
     select hashtextextended(a.instance_key || ' ' || a.seq, 0) & 9223372036854775807, a.instance_key, a.root_key,
       a.definition_key, a.process_id, a.tenant_id, a.at, a.actor_id, a.entity_type, a.entity_key, a.operation,
       a.category, a.element_instance_key, a.task_key, a.job_key, a.details
     from jsonb_to_recordset($1::jsonb) as a (seq integer, instance_key bigint, root_key bigint,
       definition_key bigint, process_id text, tenant_id text, at timestamptz, actor_id text, entity_type text,
       entity_key bigint, operation text, category text, element_instance_key bigint, task_key bigint,
       job_key bigint, details jsonb)
     on conflict (key) do nothing`,
    [JSON.stringify(rows)],
  );
}

/** `[definition, tenant, element, state]` → change. */
async function shiftElementCounts(tx: Tx, counters: ReadonlyMap<string, number>): Promise<void> {
  if (counters.size === 0) return;
  await tx.query(
    `insert into history_element_counts (definition_key, tenant_id, element_id, active, completed, canceled)
     select (c.name ->> 0)::bigint, c.name ->> 1, c.name ->> 2,
       coalesce(sum(by) filter (where c.name ->> 3 = 'ACTIVE'), 0),
       coalesce(sum(by) filter (where c.name ->> 3 = 'COMPLETED'), 0),
       coalesce(sum(by) filter (where c.name ->> 3 = 'TERMINATED'), 0)
     from jsonb_to_recordset($1::jsonb) as c (name jsonb, by bigint) group by 1, 2, 3 order by 1, 2, 3
     on conflict (definition_key, tenant_id, element_id) do update set
       active = history_element_counts.active + excluded.active,
       completed = history_element_counts.completed + excluded.completed,
       canceled = history_element_counts.canceled + excluded.canceled`,
    [toJson(counters)],
  );
}

/** `[definition, tenant, state]` → change. */
async function shiftInstanceCounts(tx: Tx, counters: ReadonlyMap<string, number>): Promise<void> {
  if (counters.size === 0) return;
  await tx.query(
    `insert into history_instance_counts (definition_key, tenant_id, active, completed, terminated)
     select (c.name ->> 0)::bigint, c.name ->> 1,
       coalesce(sum(by) filter (where c.name ->> 2 = 'ACTIVE'), 0),
       coalesce(sum(by) filter (where c.name ->> 2 = 'COMPLETED'), 0),
       coalesce(sum(by) filter (where c.name ->> 2 = 'TERMINATED'), 0)
     from jsonb_to_recordset($1::jsonb) as c (name jsonb, by bigint) group by 1, 2 order by 1, 2
     on conflict (definition_key, tenant_id) do update set
       active = history_instance_counts.active + excluded.active,
       completed = history_instance_counts.completed + excluded.completed,
       terminated = history_instance_counts.terminated + excluded.terminated`,
    [toJson(counters)],
  );
}

/** The names are JSON already (rows.ts, `count`). */
const toJson = (counters: ReadonlyMap<string, number>): string =>
  `[${[...counters].map(([name, by]) => `{"name":${name},"by":${by}}`).join(',')}]`;
