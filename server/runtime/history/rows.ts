// The rows of the read model as the fold makes them; the names are those of the columns (migrations/0015_history.ts), so
// that the writer needs no list of its own. A delta holds what one chunk of events does to one table: rows that were
// opened in the chunk, with everything that happened to them since, and changes to rows of earlier chunks.

import type { Key } from '../../shared/ids.ts';
import type { Instant } from '../../shared/time.ts';

/** Whose row it is: copied from the instance into everything that belongs to it. */
export interface Owner {
  readonly instance_key: Key;
  readonly root_key: Key;
  readonly definition_key: Key;
  readonly process_id: string;
  readonly tenant_id: string;
}

export interface InstanceRow extends Omit<Owner, 'instance_key'> {
  readonly key: Key;
  readonly version: number;
  readonly business_id: string | null;
  readonly tags: readonly string[];
  readonly parent_key: Key | null;
  readonly parent_element_key: Key | null;
  readonly state: 'ACTIVE' | 'COMPLETED' | 'TERMINATED';
  readonly started_at: Instant;
  readonly ended_at: Instant | null;
  readonly suspended_at: Instant | null;
  readonly open_incidents: number;
}

export interface ElementRow extends Owner {
  readonly key: Key;
  readonly element_id: string;
  readonly element_name: string;
  readonly type: string;
  readonly state: 'ACTIVE' | 'COMPLETED' | 'TERMINATED';
  readonly scope_key: Key | null;
  readonly incident_key: Key | null;
  readonly started_at: Instant;
  readonly ended_at: Instant | null;
}

export type TaskState = 'CREATING' | 'CREATED' | 'ASSIGNING' | 'UPDATING' | 'COMPLETING' | 'COMPLETED' | 'CANCELED';

export interface TaskRow extends Owner {
  readonly key: Key;
  readonly version: number;
  readonly element_instance_key: Key;
  readonly element_id: string;
  readonly name: string | null;
  readonly state: TaskState;
  readonly assignee: string | null;
  readonly candidate_groups: readonly string[];
  readonly candidate_users: readonly string[];
  readonly created_at: Instant;
  readonly ended_at: Instant | null;
  readonly due_at: Instant | null;
  readonly follow_up_at: Instant | null;
  readonly priority: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly form_reference: string | null;
  readonly tags: readonly string[];
}

export interface JobRow extends Owner {
  readonly key: Key;
  readonly element_instance_key: Key;
  readonly element_id: string;
  readonly type: string;
  readonly kind: 'BPMN_ELEMENT' | 'EXECUTION_LISTENER' | 'TASK_LISTENER';
  readonly listener_event: string;
  readonly state: 'CREATED' | 'COMPLETED' | 'FAILED' | 'RETRIES_UPDATED' | 'ERROR_THROWN' | 'CANCELED';
  readonly retries: number;
  readonly has_failed: boolean;
  readonly error_code: string | null;
  readonly error_message: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly created_at: Instant;
  readonly updated_at: Instant;
  readonly ended_at: Instant | null;
}

export interface IncidentRow extends Owner {
  readonly key: Key;
  readonly element_instance_key: Key;
  readonly element_id: string;
  readonly error_type: string;
  readonly message: string;
  readonly message_hash: number;
  readonly job_key: Key | null;
  readonly state: 'ACTIVE' | 'RESOLVED';
  readonly created_at: Instant;
  readonly resolved_at: Instant | null;
}

export interface SubscriptionRow extends Owner {
  readonly key: Key;
  readonly element_instance_key: Key;
  readonly element_id: string;
  readonly message_name: string;
  readonly correlation_key: string;
  readonly state: 'CREATED' | 'CORRELATED' | 'DELETED';
  readonly updated_at: Instant;
}

export interface WaitRow extends Owner {
  readonly key: Key;
  readonly element_instance_key: Key;
  readonly element_id: string;
  readonly kind: 'timer' | 'signal' | 'condition' | 'call' | 'decision';
  readonly details: Readonly<Record<string, string | number | null>>;
  readonly since: Instant;
}

export interface VariableRow extends Pick<Owner, 'instance_key' | 'root_key' | 'tenant_id'> {
  readonly scope_key: Key;
  readonly name: string;
  readonly value: string;
}

export interface FlowRow extends Owner {
  readonly flow_id: string;
  readonly taken: number;
}

export interface AuditRow extends Owner {
  readonly seq: number;
  readonly at: Instant;
  readonly actor_id: string;
  readonly entity_type: string;
  readonly entity_key: Key;
  readonly operation: string;
  readonly category: string;
  readonly element_instance_key: Key | null;
  readonly task_key: Key | null;
  readonly job_key: Key | null;
  readonly details: Readonly<Record<string, unknown>>;
}

export interface CorrelationRow {
  readonly instance_key: Key;
  readonly seq: number;
  readonly subscription_key: Key;
  readonly message_key: Key;
  readonly correlated_at: Instant;
}

/** What a chunk does to a table whose rows have keys. */
export interface Delta<Row> {
  readonly opened: Map<Key, Row>;
  readonly changed: Map<Key, Partial<Row>>;
  readonly removed: Set<Key>;
}

export const emptyDelta = <Row>(): Delta<Row> => ({ opened: new Map(), changed: new Map(), removed: new Set() });

export function change<Row>(delta: Delta<Row>, key: Key, patch: Partial<Row>): void {
  const opened = delta.opened.get(key);
  if (opened === undefined) delta.changed.set(key, { ...delta.changed.get(key), ...patch });
  else delta.opened.set(key, { ...opened, ...patch });
}

export function remove<Row>(delta: Delta<Row>, key: Key): void {
  if (!delta.opened.delete(key)) delta.removed.add(key);
}

/** Adds to a counter under a composed name; the parts come back with `partsOf`. */
export function count(counters: Map<string, number>, parts: readonly string[], by: number): void {
  const name = JSON.stringify(parts);
  counters.set(name, (counters.get(name) ?? 0) + by);
}

/** An instance goes on in another definition; what is open in it goes with it. */
export interface Move {
  readonly instance_key: Key;
  readonly definition_key: Key;
  readonly process_id: string;
  readonly version: number;
  /** Source element → target element, and the names of the targets. */
  readonly elements: Readonly<Record<string, string>>;
  readonly names: Readonly<Record<string, string>>;
  /** What had ended in this chunk before the move, and is still open in the table. */
  readonly ended: readonly Key[];
}

export interface Changes {
  /** In order; written before everything else, because what follows may end what was moved. */
  readonly moves: Move[];
  readonly instances: Delta<InstanceRow>;
  readonly elements: Delta<ElementRow>;
  readonly tasks: Delta<TaskRow>;
  readonly jobs: Delta<JobRow>;
  readonly incidents: Delta<IncidentRow>;
  readonly subscriptions: Delta<SubscriptionRow>;
  readonly waits: Delta<WaitRow>;
  readonly variables: Map<string, VariableRow>;
  readonly flows: Map<string, FlowRow>;
  readonly correlations: CorrelationRow[];
  readonly audit: AuditRow[];
  /** Ends that depend on what the row has become before: a job keeps ERROR_THROWN, a subscription CORRELATED. */
  readonly canceledJobs: { readonly key: Key; readonly at: Instant }[];
  readonly closedSubscriptions: { readonly key: Key; readonly at: Instant }[];
  /** Incidents that were resolved here and raised in an earlier chunk: their element has to be found by them. */
  readonly resolvedIncidents: Set<Key>;
  readonly incidentDeltas: Map<Key, number>;
  /** `[definition, tenant, element, state]` → change of the count; of an instance without element. */
  readonly elementCounts: Map<string, number>;
  readonly instanceCounts: Map<string, number>;
}

export const emptyChanges = (): Changes => ({
  moves: [],
  instances: emptyDelta(),
  elements: emptyDelta(),
  tasks: emptyDelta(),
  jobs: emptyDelta(),
  incidents: emptyDelta(),
  subscriptions: emptyDelta(),
  waits: emptyDelta(),
  variables: new Map(),
  flows: new Map(),
  correlations: [],
  audit: [],
  canceledJobs: [],
  closedSubscriptions: [],
  resolvedIncidents: new Set(),
  incidentDeltas: new Map(),
  elementCounts: new Map(),
  instanceCounts: new Map(),
});
