// The part of the fold about who did what. An event with an actor is an operation when it is what the actor asked for;
// what the engine did because of it is not.

import type { TaskCorrections } from '../../engine/index.ts';
import type { Key } from '../../shared/ids.ts';
import type { Occurrence } from './occurrence.ts';
import type { AuditRow, Changes } from './rows.ts';

type Operation = Pick<AuditRow, 'entity_type' | 'entity_key' | 'operation' | 'category'> &
  Partial<Pick<AuditRow, 'element_instance_key' | 'task_key' | 'job_key' | 'details'>>;

export function foldAudit(changes: Changes, occurrence: Occurrence): void {
  const { actorId, header, at, seq } = occurrence;
  if (actorId === null) return;
  const operation = operationOf(occurrence);
  if (operation === null) return;
  changes.audit.push({
    ...header.owner,
    seq,
    at,
    actor_id: actorId,
    element_instance_key: null,
    task_key: null,
    job_key: null,
    details: {},
    ...operation,
  });
}

function operationOf({ event, instanceKey }: Occurrence): Operation | null {
  const ofInstance = (operation: string, details: AuditRow['details'] = {}): Operation => ({
    entity_type: 'PROCESS_INSTANCE',
    entity_key: instanceKey,
    operation,
    category: 'DEPLOYED_RESOURCES',
    details,
  });
  switch (event.type) {
    case 'instance-started':
      return ofInstance('CREATE');
    case 'instance-terminated':
      return ofInstance('CANCEL');
    case 'instance-migrated':
      return ofInstance('MIGRATE', { from: event.sourceKey, to: event.targetKey, elements: event.elements });
    case 'instance-suspended':
      return ofInstance('SUSPEND');
    case 'instance-resumed':
      return ofInstance('RESUME');
    case 'task-completed':
      return ofTask(event.taskKey, 'COMPLETE');
    case 'task-corrected':
      return ofTask(event.taskKey, taskOperationOf(event.corrections), { ...event.corrections });
    case 'incident-resolved':
      return {
        entity_type: 'INCIDENT',
        entity_key: event.incidentKey,
        operation: 'RESOLVE',
        category: 'DEPLOYED_RESOURCES',
      };
    case 'job-retries-updated':
      return {
        entity_type: 'JOB',
        entity_key: event.jobKey,
        job_key: event.jobKey,
        operation: 'UPDATE',
        category: 'DEPLOYED_RESOURCES',
        details: { retries: event.retries },
      };
    default:
      return null;
  }
}

const ofTask = (key: Key, operation: string, details: AuditRow['details'] = {}): Operation => ({
  entity_type: 'USER_TASK',
  entity_key: key,
  task_key: key,
  operation,
  category: 'USER_TASKS',
  details,
});

function taskOperationOf({ assignee }: TaskCorrections): string {
  if (assignee === undefined) return 'UPDATE';
  return assignee === null ? 'UNASSIGN' : 'ASSIGN';
}
