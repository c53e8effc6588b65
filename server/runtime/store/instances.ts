// SQL for instances and their history. The instance row is the lock: whoever changes anything of an instance holds
// it FOR UPDATE first (docs/decisions/0003).

import type { EngineEvent, InstanceState } from '../../engine/index.ts';
import type { Key } from '../../shared/ids.ts';
import type { Instant } from '../../shared/time.ts';
import type { Tx } from '../../shared/transactions.ts';

export interface InstanceRow {
  readonly key: Key;
  readonly definitionKey: Key;
  readonly processId: string;
  readonly tenantId: string;
  readonly businessKey: string | null;
  readonly status: InstanceState['status'];
  readonly state: InstanceState;
  readonly step: number;
  readonly eventCount: number;
  readonly startCorrelation: string | null;
}

const COLUMNS = `key, definition_key as "definitionKey", process_id as "processId", tenant_id as "tenantId",
  business_key as "businessKey", status, state, step, event_count as "eventCount",
  start_correlation as "startCorrelation"`;

export async function lockInstance(tx: Tx, key: Key): Promise<InstanceRow | null> {
  const { rows } = await tx.query<InstanceRow>(
    `select ${COLUMNS} from process_instances where key = $1 for update`,
    [key],
    'instance_lock',
  );
  return rows[0] ?? null;
}

export async function findInstance(tx: Tx, key: Key): Promise<InstanceRow | null> {
  const { rows } = await tx.query<InstanceRow>(`select ${COLUMNS} from process_instances where key = $1`, [key]);
  return rows[0] ?? null;
}

export interface NewInstance {
  readonly definitionKey: Key;
  readonly version: number;
  readonly tenantId: string;
  readonly businessKey: string | null;
  readonly state: InstanceState;
  readonly eventCount: number;
  readonly startCorrelation: string | null;
  readonly startedAt: Instant;
}

export async function insertInstance(tx: Tx, row: NewInstance): Promise<void> {
  await tx.query(
    `insert into process_instances (key, definition_key, process_id, version, tenant_id, business_key, parent_key,
       status, state, step, event_count, started_at, ended_at, start_correlation)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1, $10, $11, case when $8 = 'active' then null else $11::timestamptz end, $12)`,
    [
      row.state.key,
      row.definitionKey,
      row.state.processId,
      row.version,
      row.tenantId,
      row.businessKey,
      row.state.parent?.instanceKey ?? null,
      row.state.status,
      JSON.stringify(row.state),
      row.eventCount,
      row.startedAt,
      row.startCorrelation,
    ],
    'instance_insert',
  );
}

export async function updateInstance(tx: Tx, state: InstanceState, eventCount: number, now: Instant): Promise<void> {
  await tx.query(
    `update process_instances set state = $2, status = $3, step = step + 1, event_count = $4,
       ended_at = case when $3 = 'active' then null else $5::timestamptz end
     where key = $1`,
    [state.key, JSON.stringify(state), state.status, eventCount, now],
    'instance_update',
  );
}

export interface EventsToAppend {
  readonly instanceKey: Key;
  readonly firstSeq: number;
  readonly at: Instant;
  readonly actorId: string | null;
  readonly events: readonly EngineEvent[];
}

export async function appendEvents(tx: Tx, batch: EventsToAppend): Promise<void> {
  if (batch.events.length === 0) return;
  await tx.query(
    `insert into engine_events (instance_key, seq, at, actor_id, type, event)
     select $1, $2 + ordinality - 1, $3, $4, event ->> 'type', event
     from jsonb_array_elements($5::jsonb) with ordinality as e (event, ordinality)`,
    [batch.instanceKey, batch.firstSeq, batch.at, batch.actorId, JSON.stringify(batch.events)],
    'events_append',
  );
}

export interface StoredEvent {
  readonly seq: number;
  readonly at: Instant;
  readonly actorId: string | null;
  readonly event: EngineEvent;
}

export async function listEvents(tx: Tx, instanceKey: Key): Promise<readonly StoredEvent[]> {
  const { rows } = await tx.query<StoredEvent>(
    `select seq, at, actor_id as "actorId", event from engine_events where instance_key = $1 order by seq`,
    [instanceKey],
  );
  return rows;
}
