// The part of the fold about what waits for somebody: tasks, jobs, incidents, messages.

import type { TaskCorrections } from '../../engine/index.ts';
import type { Key } from '../../shared/ids.ts';
import type { Instant } from '../../shared/time.ts';
import { hashMessage } from './message-hash.ts';
import type { Occurrence } from './occurrence.ts';
import { change, type Changes, type JobRow, remove, type TaskRow } from './rows.ts';

export function foldWork(changes: Changes, occurrence: Occurrence): boolean {
  return (
    foldTask(changes, occurrence) ||
    foldJob(changes, occurrence) ||
    foldIncident(changes, occurrence) ||
    foldMessage(changes, occurrence)
  );
}

function foldTask(changes: Changes, { event, header, at }: Occurrence): boolean {
  switch (event.type) {
    case 'task-created':
      changes.tasks.opened.set(event.taskKey, {
        ...header.owner,
        key: event.taskKey,
        version: header.version,
        element_instance_key: event.elementInstanceKey,
        element_id: event.elementId,
        name: event.name,
        state: event.isCreating === true ? 'CREATING' : 'CREATED',
        assignee: event.assignee,
        candidate_groups: event.candidateGroups,
        candidate_users: event.candidateUsers,
        created_at: at,
        ended_at: null,
        due_at: event.dueAt,
        follow_up_at: event.followUpAt,
        priority: event.priority,
        headers: event.headers,
        form_reference: event.formReference,
        tags: header.tags,
      });
      return true;
    case 'task-changing': {
      const state = event.on === 'assigning' ? 'ASSIGNING' : 'UPDATING';
      change(changes.tasks, event.taskKey, { state });
      return true;
    }
    case 'task-opened':
    case 'task-changed':
    case 'task-change-denied':
    case 'task-completion-denied':
      change(changes.tasks, event.taskKey, { state: 'CREATED' });
      return true;
    case 'task-corrected':
      change(changes.tasks, event.taskKey, correctionsOf(event.corrections));
      return true;
    case 'task-late':
      if (event.action === 'reassign' && event.to !== null) {
        change(changes.tasks, event.taskKey, { assignee: event.to });
      }
      return true;
    case 'task-completing':
      change(changes.tasks, event.taskKey, { state: 'COMPLETING' });
      return true;
    case 'task-completed':
      change(changes.tasks, event.taskKey, { state: 'COMPLETED', ended_at: at });
      return true;
    case 'task-cancelled':
      change(changes.tasks, event.taskKey, { state: 'CANCELED', ended_at: at });
      return true;
    default:
      return false;
  }
}

/** Absent attributes stay as they are; null empties one. */
function correctionsOf(corrections: TaskCorrections): Partial<TaskRow> {
  const { assignee, candidateGroups, candidateUsers, dueAt, followUpAt, priority } = corrections;
  return {
    ...(assignee !== undefined && { assignee }),
    ...(candidateGroups !== undefined && { candidate_groups: candidateGroups }),
    ...(candidateUsers !== undefined && { candidate_users: candidateUsers }),
    ...(dueAt !== undefined && { due_at: dueAt }),
    ...(followUpAt !== undefined && { follow_up_at: followUpAt }),
    ...(priority !== undefined && { priority }),
  };
}

function foldJob(changes: Changes, { event, header, at }: Occurrence): boolean {
  const update = (jobKey: Key, patch: Partial<JobRow>): void =>
    change(changes.jobs, jobKey, { ...patch, updated_at: at });
  switch (event.type) {
    case 'job-created': {
      const moment = event.listener?.on;
      changes.jobs.opened.set(event.jobKey, {
        ...header.owner,
        key: event.jobKey,
        element_instance_key: event.elementInstanceKey,
        element_id: event.elementId,
        type: event.jobType,
        kind: kindOf(moment),
        listener_event: moment === undefined ? 'UNSPECIFIED' : moment.toUpperCase(),
        state: 'CREATED',
        retries: event.retries,
        has_failed: false,
        error_code: null,
        error_message: null,
        headers: event.headers,
        created_at: at,
        updated_at: at,
        ended_at: null,
      });
      return true;
    }
    case 'job-completed':
      update(event.jobKey, { state: 'COMPLETED', ended_at: at });
      return true;
    case 'job-failed':
      update(event.jobKey, {
        state: 'FAILED',
        retries: event.retriesLeft,
        has_failed: event.retriesLeft > 0,
        error_message: event.message,
      });
      return true;
    case 'job-error-thrown':
      update(event.jobKey, {
        state: 'ERROR_THROWN',
        error_code: event.code,
        error_message: event.message,
        ended_at: at,
      });
      return true;
    case 'job-cancelled':
      cancelJob(changes, event.jobKey, at);
      return true;
    case 'job-retries-updated':
      update(event.jobKey, { state: 'RETRIES_UPDATED', retries: event.retries });
      return true;
    case 'job-reopened':
      update(event.jobKey, { state: 'CREATED', ended_at: null });
      return true;
    default:
      return false;
  }
}

const kindOf = (moment: string | undefined): JobRow['kind'] => {
  if (moment === undefined) return 'BPMN_ELEMENT';
  return moment === 'start' || moment === 'end' ? 'EXECUTION_LISTENER' : 'TASK_LISTENER';
};

/** The job of a caught error is cancelled with its element; what it was ended by stays readable. */
function cancelJob(changes: Changes, key: Key, at: Instant): void {
  const opened = changes.jobs.opened.get(key);
  if (opened === undefined) changes.canceledJobs.push({ key, at });
  else if (opened.state !== 'ERROR_THROWN') {
    change(changes.jobs, key, { state: 'CANCELED', ended_at: at, updated_at: at });
  }
}

function foldIncident(changes: Changes, { event, header, at, instanceKey }: Occurrence): boolean {
  const shift = (by: number): void => {
    changes.incidentDeltas.set(instanceKey, (changes.incidentDeltas.get(instanceKey) ?? 0) + by);
  };
  switch (event.type) {
    case 'incident-raised':
      changes.incidents.opened.set(event.incidentKey, {
        ...header.owner,
        key: event.incidentKey,
        element_instance_key: event.elementInstanceKey,
        element_id: event.elementId,
        error_type: event.errorType,
        message: event.message,
        message_hash: hashMessage(event.message),
        job_key: event.jobKey,
        state: 'ACTIVE',
        created_at: at,
        resolved_at: null,
      });
      change(changes.elements, event.elementInstanceKey, { incident_key: event.incidentKey });
      shift(1);
      return true;
    case 'incident-resolved': {
      const { incidentKey } = event;
      const raised = changes.incidents.opened.get(incidentKey);
      change(changes.incidents, incidentKey, { state: 'RESOLVED', resolved_at: at });
      if (raised === undefined) changes.resolvedIncidents.add(incidentKey);
      else change(changes.elements, raised.element_instance_key, { incident_key: null });
      shift(-1);
      return true;
    }
    default:
      return false;
  }
}

function foldMessage(changes: Changes, { event, header, at, instanceKey, seq }: Occurrence): boolean {
  switch (event.type) {
    case 'message-subscribed':
      changes.subscriptions.opened.set(event.subscriptionKey, {
        ...header.owner,
        key: event.subscriptionKey,
        element_instance_key: event.elementInstanceKey,
        element_id: event.elementId,
        message_name: event.messageName,
        correlation_key: event.correlationKey,
        state: 'CREATED',
        updated_at: at,
      });
      return true;
    case 'message-correlated':
      change(changes.subscriptions, event.subscriptionKey, { state: 'CORRELATED', updated_at: at });
      changes.correlations.push({
        instance_key: instanceKey,
        seq,
        subscription_key: event.subscriptionKey,
        message_key: event.messageKey,
        correlated_at: at,
      });
      return true;
    case 'subscription-closed': {
      // Messages and signals share this event; a key belongs to one of them.
      const { subscriptionKey } = event;
      remove(changes.waits, subscriptionKey);
      const opened = changes.subscriptions.opened.get(subscriptionKey);
      if (opened === undefined) changes.closedSubscriptions.push({ key: subscriptionKey, at });
      else if (opened.state === 'CREATED') {
        change(changes.subscriptions, subscriptionKey, { state: 'DELETED', updated_at: at });
      }
      return true;
    }
    default:
      return false;
  }
}
