// Projects the events of one step into rows: tasks, jobs, timers, subscriptions, incidents. The events carry what the
// rows need, so that this file decides nothing. Continuations between instances (start, cancel and completion of a
// called instance) become jobs, so that parent and child never share a transaction beyond the insert.

import type { EngineEvent } from '../engine/index.ts';
import type { Key } from '../shared/ids.ts';
import type { Instant } from '../shared/time.ts';
import type { Tx } from '../shared/transactions.ts';
import { insertJobs, type NewJob } from './store/jobs.ts';
import {
  findSubscription,
  insertSubscription,
  lockCorrelation,
  releaseSubscription,
  reserveBufferedMessage,
  type SubscriptionRow,
} from './store/messages.ts';
import type { NewNotice } from './store/notices.ts';
import type { NewTask } from './store/tasks.ts';
import {
  changeJob,
  changeTask,
  closeSubscription,
  emptyRows,
  resolveIncident,
  type StepRows as Rows,
} from './step-rows.ts';

export interface StepContext {
  readonly instanceKey: Key;
  readonly processId: string;
  readonly tenantId: string;
  readonly businessKey: string | null;
  readonly parent: { readonly instanceKey: Key; readonly elementInstanceKey: Key } | null;
  readonly actorId: string | null;
  readonly now: Instant;
  readonly nextKey: () => Key;
}

/** Adds what the events of one command leave behind; several commands of one instance may add to the same rows. */
export function projectEvents(rows: Rows, context: StepContext, events: readonly EngineEvent[]): void {
  for (const event of events) collect(rows, context, event);
}

function collect(rows: Rows, context: StepContext, event: EngineEvent): void {
  if (collectTaskOrMessage(rows, context, event)) return;
  if (collectJobOrTimer(rows, context, event)) return;
  if (collectBeyondInstance(rows, context, event)) return;
  collectCallOrIncident(rows, context, event);
}

function collectTaskOrMessage(rows: Rows, context: StepContext, event: EngineEvent): boolean {
  switch (event.type) {
    case 'task-created':
      rows.tasks.set(event.taskKey, newTask(context, event));
      return true;
    case 'task-opened':
      changeTask(rows, event.taskKey, { status: 'open' });
      return true;
    case 'task-corrected':
      changeTask(rows, event.taskKey, { corrections: event.corrections });
      return true;
    case 'task-completed':
      changeTask(rows, event.taskKey, {
        status: 'completed',
        endedAt: context.now,
        completedBy: context.actorId,
      });
      return true;
    case 'task-cancelled':
      changeTask(rows, event.taskKey, { status: 'cancelled', endedAt: context.now, completedBy: null });
      return true;
    case 'message-subscribed':
      rows.subscriptions.set(event.subscriptionKey, {
        key: event.subscriptionKey,
        instanceKey: context.instanceKey,
        elementInstanceKey: event.elementInstanceKey,
        elementId: event.elementId,
        processId: context.processId,
        messageName: event.messageName,
        correlationKey: event.correlationKey,
      });
      return true;
    case 'message-correlated':
      rows.reusedSubscriptions.add(event.subscriptionKey);
      return true;
    case 'subscription-closed':
      closeSubscription(rows, event.subscriptionKey);
      return true;
    default:
      return false;
  }
}

function collectJobOrTimer(rows: Rows, context: StepContext, event: EngineEvent): boolean {
  switch (event.type) {
    case 'job-created':
      addJob(rows, context, {
        key: event.jobKey,
        kind: 'service',
        elementInstanceKey: event.elementInstanceKey,
        elementId: event.elementId,
        type: event.jobType,
        headers: event.headers,
        retries: event.retries,
        ...(event.priority !== undefined && { priority: event.priority }),
      });
      return true;
    case 'timer-scheduled':
      addJob(rows, context, {
        key: event.timerKey,
        kind: 'timer',
        elementInstanceKey: event.elementInstanceKey,
        elementId: event.elementId,
        type: 'timer',
        dueAt: event.dueAt,
      });
      return true;
    case 'job-completed':
      changeJob(rows, event.jobKey, { status: 'completed', endedAt: context.now });
      return true;
    case 'timer-fired':
      changeJob(rows, event.timerKey, { status: 'completed', endedAt: context.now });
      return true;
    case 'job-cancelled':
      changeJob(rows, event.jobKey, { status: 'cancelled', endedAt: context.now });
      return true;
    case 'timer-cancelled':
      changeJob(rows, event.timerKey, { status: 'cancelled', endedAt: context.now });
      return true;
    case 'job-retries-updated':
      changeJob(rows, event.jobKey, { retries: event.retries });
      return true;
    case 'job-reopened':
      changeJob(rows, event.jobKey, { status: 'open', isReopened: true });
      rows.wakeUps.add(event.jobKey);
      return true;
    default:
      return false;
  }
}

/** What concerns other instances becomes a job: a step never locks a second instance. */
function collectBeyondInstance(rows: Rows, context: StepContext, event: EngineEvent): boolean {
  const toParent = (kind: NewJob['kind'], payload: NewJob['payload']): boolean => {
    if (context.parent === null) return true;
    const { instanceKey, elementInstanceKey } = context.parent;
    addJob(rows, context, { key: context.nextKey(), kind, type: kind, instanceKey, elementInstanceKey, payload });
    return true;
  };
  switch (event.type) {
    case 'signal-subscribed':
      rows.signals.set(event.subscriptionKey, {
        key: event.subscriptionKey,
        instanceKey: context.instanceKey,
        elementInstanceKey: event.elementInstanceKey,
        elementId: event.elementId,
        signalName: event.signalName,
      });
      return true;
    case 'signal-thrown':
      addJob(rows, context, {
        key: context.nextKey(),
        kind: 'broadcast-signal',
        type: event.signalName,
        payload: { variables: event.variables, thrownAt: context.now, afterKey: null },
      });
      return true;
    case 'error-propagated':
      return toParent('propagate-error', {
        errorKey: event.errorKey,
        code: event.code,
        message: event.message,
        variables: event.variables,
      });
    case 'escalation-propagated':
      return toParent('propagate-escalation', { code: event.code, variables: event.variables });
    case 'error-rejected':
      addJob(rows, context, {
        key: context.nextKey(),
        kind: 'reject-error',
        type: 'reject-error',
        instanceKey: event.childInstanceKey,
        payload: { errorKey: event.errorKey },
      });
      return true;
    case 'decision-requested':
      addJob(rows, context, {
        key: event.decisionKey,
        kind: 'decision',
        type: event.decisionId,
        elementInstanceKey: event.elementInstanceKey,
        elementId: event.elementId,
        payload: { binding: { ...event.binding }, variables: event.variables },
      });
      return true;
    case 'decision-cancelled':
      changeJob(rows, event.decisionKey, { status: 'cancelled', endedAt: context.now });
      return true;
    case 'task-late':
      if (event.action !== 'reassign') rows.notices.push(newNotice(context, event, event.action));
      if (event.action === 'reassign' && event.to !== null) {
        changeTask(rows, event.taskKey, { corrections: { assignee: event.to }, isTakenAway: true });
      }
      return true;
    default:
      return false;
  }
}

function collectCallOrIncident(rows: Rows, context: StepContext, event: EngineEvent): void {
  switch (event.type) {
    case 'call-requested':
      addJob(rows, context, {
        key: context.nextKey(),
        kind: 'start-child',
        elementInstanceKey: event.elementInstanceKey,
        elementId: event.elementId,
        type: event.processId,
        payload: {
          childInstanceKey: event.childInstanceKey,
          variables: event.variables,
          binding: { kind: event.binding.kind, versionTag: event.binding.versionTag },
          callDepth: event.callDepth,
        },
      });
      return;
    case 'call-cancelled':
      addJob(rows, context, {
        key: context.nextKey(),
        kind: 'cancel-child',
        type: 'cancel-child',
        payload: { childInstanceKey: event.childInstanceKey },
      });
      return;
    case 'instance-completed':
      if (context.parent === null) return;
      addJob(rows, context, {
        key: context.nextKey(),
        kind: 'complete-call',
        instanceKey: context.parent.instanceKey,
        elementInstanceKey: context.parent.elementInstanceKey,
        type: 'complete-call',
        payload: { variables: event.variables },
      });
      return;
    case 'incident-raised':
      // The job behind an uncaught error rests until the incident is resolved.
      if (event.errorType === 'UNHANDLED_ERROR_EVENT' && event.jobKey !== null) {
        changeJob(rows, event.jobKey, { status: 'failed', endedAt: context.now });
      }
      rows.incidents.set(event.incidentKey, {
        key: event.incidentKey,
        instanceKey: context.instanceKey,
        elementInstanceKey: event.elementInstanceKey,
        elementId: event.elementId,
        errorType: event.errorType,
        message: event.message,
        jobKey: event.jobKey,
        createdAt: context.now,
        resolvedAt: null,
      });
      return;
    case 'incident-resolved':
      resolveIncident(rows, event.incidentKey, context.now);
      return;
    default:
      return; // state only: element lifecycle, flows, joins, variables
  }
}

const newNotice = (
  context: StepContext,
  event: Extract<EngineEvent, { type: 'task-late' }>,
  kind: NewNotice['kind'],
): NewNotice => ({
  key: context.nextKey(),
  kind,
  instanceKey: context.instanceKey,
  taskKey: event.taskKey,
  elementId: event.elementId,
  tenantId: context.tenantId,
  businessKey: context.businessKey,
  to: event.to,
  createdAt: context.now,
});

type JobSeed = Partial<NewJob> & Pick<NewJob, 'key' | 'kind' | 'type'>;

function addJob(rows: Rows, context: StepContext, seed: JobSeed): void {
  const dueAt = seed.dueAt ?? null;
  const isOffered = dueAt === null || dueAt <= context.now;
  rows.jobs.set(seed.key, {
    instanceKey: context.instanceKey,
    elementInstanceKey: null,
    elementId: null,
    headers: {},
    payload: {},
    retries: 3,
    ...seed,
    dueAt,
    createdAt: context.now,
    isOffered,
    status: 'open',
    endedAt: null,
  });
  if (isOffered) rows.wakeUps.add(seed.key);
}

const newTask = (
  context: StepContext,
  event: Extract<EngineEvent, { type: 'task-created' }>,
): NewTask & { readonly endedAt: null; readonly completedBy: null } => ({
  key: event.taskKey,
  instanceKey: context.instanceKey,
  elementInstanceKey: event.elementInstanceKey,
  elementId: event.elementId,
  processId: context.processId,
  tenantId: context.tenantId,
  businessKey: context.businessKey,
  name: event.name,
  formReference: event.formReference,
  form: event.form ?? null,
  headers: event.headers,
  status: event.isCreating === true ? 'creating' : 'open',
  assignee: event.assignee,
  candidateGroups: event.candidateGroups,
  candidateUsers: event.candidateUsers,
  dueAt: event.dueAt,
  followUpAt: event.followUpAt,
  priority: event.priority,
  createdAt: context.now,
  endedAt: null,
  completedBy: null,
});

/** A subscription opened now takes the oldest message that was published before it and is still kept. */
export async function matchBufferedMessages(tx: Tx, rows: Rows, context: StepContext): Promise<void> {
  const opened = [...rows.subscriptions.values()].sort((a, b) => compareText(lockName(a), lockName(b)));
  for (const subscription of opened) {
    await lockCorrelation(tx, subscription.messageName, subscription.correlationKey);
    await insertSubscription(tx, subscription, context.now);
    const messageKey = await reserveBufferedMessage(tx, subscription, context.now);
    if (messageKey !== null) addJob(rows, context, correlateJob(context.nextKey(), subscription, messageKey));
  }
}

/** A subscription that stays open (non-interrupting boundary event) is free for the next message. */
export async function reuseSubscriptions(tx: Tx, rows: Rows, context: StepContext): Promise<void> {
  for (const key of rows.reusedSubscriptions) {
    const subscription = await findSubscription(tx, key);
    if (subscription === null) continue;
    await lockCorrelation(tx, subscription.messageName, subscription.correlationKey);
    await releaseSubscription(tx, key);
    const messageKey = await reserveBufferedMessage(tx, subscription, context.now);
    if (messageKey === null) continue;
    const follower = emptyRows();
    addJob(follower, context, correlateJob(context.nextKey(), subscription, messageKey));
    await insertJobs(tx, [...follower.jobs.values()]);
    for (const jobKey of follower.wakeUps) rows.wakeUps.add(jobKey);
  }
}

/** One order of advisory locks over all steps, so that two of them cannot deadlock. */
const lockName = (subscription: SubscriptionRow): string =>
  `${subscription.messageName}:${subscription.correlationKey}`;
const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export const correlateJob = (key: Key, subscription: SubscriptionRow, messageKey: Key): JobSeed => ({
  key,
  kind: 'correlate',
  instanceKey: subscription.instanceKey,
  elementInstanceKey: subscription.elementInstanceKey,
  elementId: subscription.elementId,
  type: 'correlate',
  payload: { subscriptionKey: subscription.key, messageKey },
});
