// Who did what to instances, tasks, jobs and incidents.

import type { Entity, Field } from '../entity.ts';
import { dateOf, keyOf, maybe, rootKey, TENANT, textOf } from './shared.ts';

export const AUDIT_ENTITIES = [
  'AUTHORIZATION',
  'BATCH',
  'CLIENT',
  'DECISION',
  'GROUP',
  'INCIDENT',
  'JOB',
  'MAPPING_RULE',
  'PROCESS_INSTANCE',
  'RESOURCE',
  'ROLE',
  'TENANT',
  'USER',
  'USER_TASK',
  'VARIABLE',
] as const;
export const AUDIT_OPERATIONS = [
  'ASSIGN',
  'CANCEL',
  'COMPLETE',
  'CREATE',
  'DELETE',
  'EVALUATE',
  'MIGRATE',
  'MODIFY',
  'RESOLVE',
  'RESUME',
  'SUSPEND',
  'UNASSIGN',
  'UNKNOWN',
  'UPDATE',
] as const;
export const AUDIT_CATEGORIES = ['ADMIN', 'DEPLOYED_RESOURCES', 'USER_TASKS'] as const;
export const ACTOR_TYPES = ['ANONYMOUS', 'CLIENT', 'UNKNOWN', 'USER'] as const;

const enumOf = (sql: string, values: readonly string[]): Field => ({
  type: 'enum',
  sql,
  values,
  filter: 'enumF',
  isSortable: true,
});
const absent = (type: Field['type']): Field => ({
  type,
  sql: type === 'key' ? 'null::bigint' : 'null::text',
  isNullable: true,
});

/** Accounts have UUIDs; whoever came without credentials is called so; the others are programs. */
const ACTOR_TYPE = `case when t.actor_id = 'anonymous' then 'ANONYMOUS'
  when t.actor_id ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then 'USER' else 'CLIENT' end`;

export const auditLogs: Entity = {
  name: 'audit-logs',
  from: 'history_audit t',
  keys: [{ sql: 't.key', type: 'bigint' }],
  tenant: 't.tenant_id',
  fields: {
    auditLogKey: keyOf('t.key'),
    entityKey: { ...textOf('t.entity_key::text') },
    entityType: enumOf('t.entity_type', AUDIT_ENTITIES),
    operationType: enumOf('t.operation', AUDIT_OPERATIONS),
    category: enumOf('t.category', AUDIT_CATEGORIES),
    result: { ...enumOf(`'SUCCESS'::text`, ['SUCCESS', 'FAIL']), isConstant: true },
    timestamp: dateOf('t.at'),
    actorId: maybe(textOf('t.actor_id')),
    actorType: maybe(enumOf(ACTOR_TYPE, ACTOR_TYPES)),
    tenantId: maybe(TENANT),
    processInstanceKey: maybe(keyOf('t.instance_key')),
    rootProcessInstanceKey: rootKey,
    processDefinitionKey: maybe(keyOf('t.definition_key')),
    processDefinitionId: maybe(textOf('t.process_id')),
    elementInstanceKey: maybe(keyOf('t.element_instance_key')),
    userTaskKey: maybe(keyOf('t.task_key')),
    jobKey: maybe(keyOf('t.job_key')),
    agentElementId: absent('string'),
    entityDescription: { type: 'string', sql: `nullif(t.details, '{}')::text`, isNullable: true },
    batchOperationKey: absent('key'),
    batchOperationType: absent('string'),
    decisionDefinitionId: absent('string'),
    decisionDefinitionKey: absent('key'),
    decisionEvaluationKey: absent('key'),
    decisionRequirementsId: absent('string'),
    decisionRequirementsKey: absent('key'),
    deploymentKey: absent('key'),
    formKey: absent('key'),
    resourceKey: absent('key'),
    relatedEntityKey: absent('string'),
    relatedEntityType: absent('string'),
  },
  filters: {},
};
