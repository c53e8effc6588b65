// User tasks, open and ended. Which version of a linked form was meant is noted with the task itself.

import type { Entity } from '../entity.ts';
import { dateOf, maybe, plainKeyOf, rootKey, TENANT, textOf } from './shared.ts';

export const TASK_STATES = [
  'CREATING',
  'CREATED',
  'ASSIGNING',
  'UPDATING',
  'COMPLETING',
  'COMPLETED',
  'CANCELING',
  'CANCELED',
  'FAILED',
] as const;

export const userTasks: Entity = {
  name: 'user-tasks',
  from: `history_tasks t left join process_definitions d on d.key = t.definition_key
    left join user_tasks u on u.key = t.key`,
  keys: [{ sql: 't.key', type: 'bigint' }],
  tenant: 't.tenant_id',
  fields: {
    name: maybe(textOf('t.name')),
    state: { type: 'enum', sql: 't.state', values: TASK_STATES, filter: 'enumF' },
    assignee: maybe({ type: 'string', sql: 't.assignee', filter: 'strF' }),
    elementId: { type: 'string', sql: 't.element_id', filter: 'string' },
    candidateGroups: { type: 'strings', sql: 't.candidate_groups' },
    candidateUsers: { type: 'strings', sql: 't.candidate_users' },
    processDefinitionId: { type: 'string', sql: 't.process_id', filter: 'string' },
    creationDate: dateOf('t.created_at'),
    completionDate: maybe(dateOf('t.ended_at')),
    followUpDate: maybe(dateOf('t.follow_up_at')),
    dueDate: maybe(dateOf('t.due_at')),
    tenantId: { ...TENANT },
    externalFormReference: { type: 'string', sql: 't.form_reference', isNullable: true },
    processDefinitionVersion: { type: 'int', sql: 't.version' },
    customHeaders: { type: 'headers', sql: 't.headers' },
    priority: { type: 'int', sql: 't.priority', filter: 'intF', isSortable: true },
    userTaskKey: { ...plainKeyOf('t.key') },
    elementInstanceKey: { type: 'key', sql: 't.element_instance_key', filter: 'key' },
    processName: { type: 'string', sql: 'd.name', isNullable: true },
    processDefinitionKey: { type: 'key', sql: 't.definition_key', filter: 'key' },
    processInstanceKey: { type: 'key', sql: 't.instance_key', filter: 'key' },
    rootProcessInstanceKey: rootKey,
    formKey: { type: 'key', sql: 'u.form_key', isNullable: true },
    tags: { type: 'strings', sql: 't.tags', filter: 'tags' },
  },
  filters: {
    candidateGroup: { filter: 'strF', sql: 't.candidate_groups', isList: true },
    candidateUser: { filter: 'strF', sql: 't.candidate_users', isList: true },
    processInstanceVariables: {
      filter: 'variables',
      sql: 'v.instance_key = t.instance_key and v.scope_key = t.instance_key',
    },
    localVariables: { filter: 'variables', sql: 'v.scope_key = t.element_instance_key' },
  },
};
