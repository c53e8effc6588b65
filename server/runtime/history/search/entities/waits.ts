// What element instances wait for now: work, people, messages, signals, times, conditions.

import { ELEMENT_TYPES } from '../../element-types.ts';
import type { Entity } from '../entity.ts';
import { keyOf, maybe, rootKey, TENANT, textOf } from './shared.ts';

export const WAIT_TYPES = ['CONDITION', 'JOB', 'MESSAGE', 'SIGNAL', 'TIMER', 'USER_TASK'] as const;

const COMMON = `key, instance_key, root_key, definition_key, process_id, tenant_id, element_instance_key, element_id`;
const ALL_WAITS = `(
    select ${COMMON}, upper(kind) as type, case kind
        when 'timer' then jsonb_build_object('timerKey', key::text, 'dueDate', details -> 'dueAt',
          'repetitions', details -> 'repetitionsLeft')
        when 'signal' then jsonb_build_object('signalSubscriptionKey', key::text, 'signalName', details -> 'signalName')
        else '{}'::jsonb end as details
      from history_waits where kind in ('timer', 'signal', 'condition')
    union all
    select ${COMMON}, 'JOB', jsonb_build_object('jobKey', key::text, 'jobType', type, 'jobKind', kind,
        'listenerEventType', listener_event, 'retries', retries)
      from history_jobs where state not in ('COMPLETED', 'CANCELED')
    union all
    select ${COMMON}, 'USER_TASK', jsonb_build_object('userTaskKey', key::text, 'assignee', assignee)
      from history_tasks where state not in ('COMPLETED', 'CANCELED')
    union all
    select ${COMMON}, 'MESSAGE', jsonb_build_object('messageSubscriptionKey', key::text,
        'messageName', message_name, 'correlationKey', correlation_key)
      from history_subscriptions where state = 'CREATED')`;

/** An event that is armed on another element: on its boundary, or as the start of an event subprocess in it. */
const ELEMENT_TYPE = `case when e.key is null or e.type = 'PROCESS' then 'START_EVENT'
  when e.element_id = t.element_id then e.type
  when e.type in ('SUB_PROCESS', 'EVENT_SUB_PROCESS') and t.type <> 'JOB' then 'BOUNDARY_EVENT'
  when e.type = 'EVENT_BASED_GATEWAY' then 'INTERMEDIATE_CATCH_EVENT' else 'BOUNDARY_EVENT' end`;

export const waitStates: Entity = {
  name: 'wait-states',
  from: `${ALL_WAITS} t left join history_elements e on e.key = t.element_instance_key`,
  keys: [{ sql: 't.key', type: 'bigint' }],
  tenant: 't.tenant_id',
  fields: {
    elementInstanceKey: keyOf('t.element_instance_key'),
    elementId: textOf('t.element_id'),
    elementType: { type: 'enum', sql: ELEMENT_TYPE, values: ELEMENT_TYPES, filter: 'enumF', isSortable: true },
    waitStateType: { type: 'enum', sql: 't.type', values: WAIT_TYPES, filter: 'enumF', isSortable: true },
    details: { type: 'json', sql: `jsonb_build_object('waitStateType', t.type) || t.details` },
    processInstanceKey: keyOf('t.instance_key'),
    rootProcessInstanceKey: maybe({ ...rootKey, filter: 'keyF', isSortable: true }),
    bpmnProcessId: textOf('t.process_id'),
    tenantId: TENANT,
  },
  filters: {
    processDefinitionKey: { filter: 'keyF', sql: 't.definition_key' },
    processDefinitionId: { filter: 'strF', sql: 't.process_id' },
  },
};
