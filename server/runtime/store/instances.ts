// SQL for instances and their history. The instance row is the lock: whoever changes anything of an instance holds
// it FOR UPDATE first (docs/decisions/0003).

import type { EngineEvent, InstanceState } from '../../engine/index.ts';
import type { Key } from '../../shared/ids.ts';
import type { Instant } from '../../shared/time.ts';
import type { Statements, Tx } from '../../shared/transactions.ts';

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

export async function findInstance(on: Statements, key: Key): Promise<InstanceRow | null> {
  const { rows } = await on.query<InstanceRow>(`select ${COLUMNS} from process_instances where key = $1`, [key]);
  return rows[0] ?? null;
}

export interface StoredEvent {
  readonly seq: number;
  readonly at: Instant;
  readonly actorId: string | null;
  readonly event: EngineEvent;
}

interface StoredStep extends Omit<StoredEvent, 'seq' | 'event'> {
  readonly firstSeq: number;
  readonly events: readonly EngineEvent[];
}

const STEP_COLUMNS = `first_seq as "firstSeq", at, actor_id as "actorId", events`;

const eventsOf = ({ firstSeq, at, actorId, events }: StoredStep): readonly StoredEvent[] =>
  events.map((event, place) => ({ seq: firstSeq + place, at, actorId, event }));

export async function listEvents(tx: Tx, instanceKey: Key): Promise<readonly StoredEvent[]> {
  const { rows } = await tx.query<StoredStep>(
    `select ${STEP_COLUMNS} from engine_steps where instance_key = $1 order by first_seq`,
    [instanceKey],
  );
  return rows.flatMap(eventsOf);
}

/**
 * The instance that an active element instance belongs to. An element instance is younger than its instance, and most
 * are hardly so: going back from its key finds it soon.
 */
export async function findElementOwner(tx: Tx, key: Key): Promise<Key | null> {
  const { rows } = await tx.query<{ key: Key }>(
    `select key from process_instances
     where key <= $1 and status = 'active' and (key = $1 or state -> 'elements' -> $1::text is not null) order by key desc limit 1`,
    [key],
  );
  return rows[0]?.key ?? null;
}

/** What one transaction has added: everything after the number that was the last before it. */
export async function listEventsAfter(tx: Tx, instanceKey: Key, seq: number): Promise<readonly StoredEvent[]> {
  const { rows } = await tx.query<StoredStep>(
    `select ${STEP_COLUMNS} from engine_steps where instance_key = $1 and first_seq > $2 order by first_seq`,
    [instanceKey, seq],
  );
  return rows.flatMap(eventsOf);
}
