// Incidents, open and resolved.

import type { Entity } from '../entity.ts';
import { dateOf, keyOf, maybe, rootKey, TENANT, textOf } from './shared.ts';

export const INCIDENT_STATES = ['ACTIVE', 'MIGRATED', 'PENDING', 'RESOLVED', 'UNKNOWN'] as const;
export const ERROR_TYPES = [
  'UNSPECIFIED',
  'UNKNOWN',
  'IO_MAPPING_ERROR',
  'JOB_NO_RETRIES',
  'EXECUTION_LISTENER_NO_RETRIES',
  'TASK_LISTENER_NO_RETRIES',
  'AD_HOC_SUB_PROCESS_NO_RETRIES',
  'CONDITION_ERROR',
  'EXTRACT_VALUE_ERROR',
  'CALLED_ELEMENT_ERROR',
  'UNHANDLED_ERROR_EVENT',
  'MESSAGE_SIZE_EXCEEDED',
  'CALLED_DECISION_ERROR',
  'DECISION_EVALUATION_ERROR',
  'FORM_NOT_FOUND',
  'RESOURCE_NOT_FOUND',
] as const;

/** What the engine names and the vocabulary of the interface does not. */
const ERROR_TYPE = `case t.error_type when 'STEP_LIMIT_EXCEEDED' then 'UNKNOWN' else t.error_type end`;

export const incidents: Entity = {
  name: 'incidents',
  from: 'history_incidents t',
  keys: [{ sql: 't.key', type: 'bigint' }],
  tenant: 't.tenant_id',
  fields: {
    processDefinitionId: textOf('t.process_id'),
    errorType: { type: 'enum', sql: ERROR_TYPE, values: ERROR_TYPES, filter: 'enumF', isSortable: true },
    errorMessage: { type: 'string', sql: 't.message', filter: 'strF' },
    elementId: textOf('t.element_id'),
    creationTime: dateOf('t.created_at'),
    state: { type: 'enum', sql: 't.state', values: INCIDENT_STATES, filter: 'enumF', isSortable: true },
    tenantId: TENANT,
    incidentKey: keyOf('t.key'),
    processDefinitionKey: keyOf('t.definition_key'),
    processInstanceKey: keyOf('t.instance_key'),
    rootProcessInstanceKey: rootKey,
    elementInstanceKey: keyOf('t.element_instance_key'),
    jobKey: maybe(keyOf('t.job_key')),
  },
  filters: {},
};
