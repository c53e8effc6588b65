// The rows that one write of one instance leaves behind, as their net effect: a task that was created and cancelled
// within the write is one cancelled row, never an insert and an update. This is what lets the whole write be a single
// statement, because a statement cannot change a row that it has just inserted, nor the same row twice.

import type { EngineEvent, InstanceState, TaskCorrections } from '../engine/index.ts';
import type { Key } from '../shared/ids.ts';
import type { Instant } from '../shared/time.ts';
import type { IncidentRow } from './store/incidents.ts';
import type { NewJob } from './store/jobs.ts';
import type { SubscriptionRow } from './store/messages.ts';
import type { SignalSubscription } from './store/signals.ts';
import type { NewNotice } from './store/notices.ts';
import type { NewTask } from './store/tasks.ts';

export interface TaskChange {
  status?: 'open' | 'completed' | 'cancelled';
  endedAt?: Instant;
  completedBy?: string | null;
  corrections?: TaskCorrections;
  /** Late handling: whoever had claimed the task loses it. */
  isTakenAway?: boolean;
}

export interface JobChange {
  status?: 'open' | 'completed' | 'cancelled' | 'failed';
  endedAt?: Instant;
  retries?: number;
  /** From failed to open; every other change of status is one of an open job. */
  isReopened?: boolean;
}

type Ended<Row> = Row & { readonly endedAt: Instant | null };

export interface StepRows {
  readonly tasks: Map<Key, Ended<NewTask> & { readonly completedBy: string | null }>;
  readonly taskChanges: Map<Key, TaskChange>;
  readonly jobs: Map<Key, Ended<NewJob> & { readonly status: 'open' | 'completed' | 'cancelled' | 'failed' }>;
  readonly jobChanges: Map<Key, JobChange>;
  readonly notices: NewNotice[];
  readonly signals: Map<Key, SignalSubscription>;
  readonly incidents: Map<Key, IncidentRow & { readonly resolvedAt: Instant | null }>;
  readonly resolvedIncidents: Map<Key, Instant>;
  /** Subscriptions to messages and signals that were there before. */
  readonly closedSubscriptions: Set<Key>;
  /** Opened by this write: to be matched with kept messages under a lock, see `needsMessages`. */
  readonly subscriptions: Map<Key, SubscriptionRow>;
  /** Stay open after a message has arrived: free for the next one. */
  readonly reusedSubscriptions: Set<Key>;
  /** Jobs that a carrier should be told about after the commit. */
  readonly wakeUps: Set<Key>;
}

export interface NewInstance {
  readonly definitionKey: Key;
  readonly version: number;
  readonly tenantId: string;
  readonly businessKey: string | null;
  readonly startCorrelation: string | null;
  readonly tags: readonly string[];
  readonly startedAt: Instant;
}

/** Events of one command. */
export interface EventBatch {
  readonly firstSeq: number;
  readonly at: Instant;
  readonly actorId: string | null;
  readonly events: readonly EngineEvent[];
}

export interface JobGuard {
  readonly key: Key;
  readonly lease: string | null;
}

export interface StepWrite {
  readonly state: InstanceState;
  /** Present when the write begins the instance. */
  readonly begins: NewInstance | null;
  /** The step that was decided on; null when the caller holds the lock of the row. */
  readonly expectedStep: number | null;
  /** Jobs that must be open and in this lease, or nothing is written. */
  readonly guards: readonly JobGuard[];
  /** Commands that this write takes together. */
  readonly steps: number;
  readonly eventCount: number;
  readonly at: Instant;
  readonly history: readonly EventBatch[];
  readonly rows: StepRows;
}

export const emptyRows = (): StepRows => ({
  tasks: new Map(),
  taskChanges: new Map(),
  jobs: new Map(),
  jobChanges: new Map(),
  notices: [],
  signals: new Map(),
  incidents: new Map(),
  resolvedIncidents: new Map(),
  closedSubscriptions: new Set(),
  subscriptions: new Map(),
  reusedSubscriptions: new Set(),
  wakeUps: new Set(),
});

export function changeTask(rows: StepRows, key: Key, change: TaskChange): void {
  const created = rows.tasks.get(key);
  if (created === undefined) {
    const before = rows.taskChanges.get(key);
    rows.taskChanges.set(key, {
      ...before,
      ...change,
      ...(change.corrections !== undefined && { corrections: { ...before?.corrections, ...change.corrections } }),
    });
    return;
  }
  const { status = created.status, endedAt = created.endedAt, completedBy = created.completedBy } = change;
  rows.tasks.set(key, { ...created, ...change.corrections, status, endedAt, completedBy });
}

export function changeJob(rows: StepRows, key: Key, change: JobChange): void {
  const created = rows.jobs.get(key);
  if (created === undefined) {
    rows.jobChanges.set(key, { ...rows.jobChanges.get(key), ...change });
  } else {
    const { status = created.status, endedAt = created.endedAt, retries = created.retries } = change;
    rows.jobs.set(key, { ...created, status, endedAt: status === 'open' ? null : endedAt, retries });
  }
  // Nobody needs to be woken for what has ended already.
  if (change.status !== undefined && change.status !== 'open') rows.wakeUps.delete(key);
}

export function closeSubscription(rows: StepRows, key: Key): void {
  rows.reusedSubscriptions.delete(key);
  const isNew = rows.subscriptions.delete(key) || rows.signals.delete(key);
  if (!isNew) rows.closedSubscriptions.add(key);
}

export function resolveIncident(rows: StepRows, key: Key, now: Instant): void {
  const raised = rows.incidents.get(key);
  if (raised === undefined) rows.resolvedIncidents.set(key, now);
  else rows.incidents.set(key, { ...raised, resolvedAt: now });
}
