// Jobs. What a worker holds at this moment is not history: worker and deadline are read from the job itself.

import type { Entity } from '../entity.ts';
import { dateOf, keyOf, maybe, rootKey, TENANT, textOf } from './shared.ts';

export const JOB_STATES = [
  'CANCELED',
  'COMPLETED',
  'CREATED',
  'ERROR_THROWN',
  'FAILED',
  'MIGRATED',
  'RETRIES_UPDATED',
  'TIMED_OUT',
] as const;
export const JOB_KINDS = ['BPMN_ELEMENT', 'EXECUTION_LISTENER', 'TASK_LISTENER', 'AD_HOC_SUB_PROCESS'] as const;
export const LISTENER_EVENTS = [
  'ASSIGNING',
  'CANCELING',
  'COMPLETING',
  'CREATING',
  'END',
  'START',
  'UNSPECIFIED',
  'UPDATING',
] as const;

export const jobs: Entity = {
  name: 'jobs',
  from: 'history_jobs t left join jobs h on h.key = t.key',
  keys: [{ sql: 't.key', type: 'bigint' }],
  tenant: 't.tenant_id',
  fields: {
    customHeaders: { type: 'headers', sql: 't.headers' },
    deadline: maybe(dateOf('h.deadline_at')),
    deniedReason: maybe({ ...textOf('null::text'), isConstant: true }),
    elementId: textOf('t.element_id'),
    elementInstanceKey: keyOf('t.element_instance_key'),
    endTime: maybe(dateOf('t.ended_at')),
    errorCode: maybe(textOf('t.error_code')),
    errorMessage: maybe(textOf('t.error_message')),
    hasFailedWithRetriesLeft: { type: 'bool', sql: 't.has_failed', filter: 'bool' },
    isDenied: { type: 'bool', sql: 'false', filter: 'bool', isSortable: true, isConstant: true },
    jobKey: keyOf('t.key'),
    kind: { type: 'enum', sql: 't.kind', values: JOB_KINDS, filter: 'enumF', isSortable: true },
    listenerEventType: {
      type: 'enum',
      sql: 't.listener_event',
      values: LISTENER_EVENTS,
      filter: 'enumF',
      isSortable: true,
    },
    processDefinitionId: textOf('t.process_id'),
    processDefinitionKey: keyOf('t.definition_key'),
    processInstanceKey: keyOf('t.instance_key'),
    rootProcessInstanceKey: rootKey,
    retries: { type: 'int', sql: 't.retries', filter: 'intF', isSortable: true },
    state: { type: 'enum', sql: 't.state', values: JOB_STATES, filter: 'enumF', isSortable: true },
    tenantId: TENANT,
    type: textOf('t.type'),
    worker: textOf(`coalesce(h.worker, '')`),
    creationTime: dateOf('t.created_at'),
    lastUpdateTime: dateOf('t.updated_at'),
  },
  filters: {},
};
