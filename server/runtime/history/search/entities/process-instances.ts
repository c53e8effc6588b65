// Instances of processes, running and ended.

import type { Entity } from '../entity.ts';
import { dateOf, keyOf, maybe, related, TENANT, textOf } from './shared.ts';

export const INSTANCE_STATES = ['ACTIVE', 'COMPLETED', 'TERMINATED'] as const;
export const ELEMENT_STATES = ['ACTIVE', 'COMPLETED', 'TERMINATED'] as const;

export const processInstances: Entity = {
  name: 'process-instances',
  from: 'history_instances t left join process_definitions d on d.key = t.definition_key',
  keys: [{ sql: 't.key', type: 'bigint' }],
  tenant: 't.tenant_id',
  hasOr: true,
  fields: {
    processDefinitionId: textOf('t.process_id'),
    processDefinitionName: maybe(textOf('d.name')),
    processDefinitionVersion: { type: 'int', sql: 't.version', filter: 'intF', isSortable: true },
    processDefinitionVersionTag: maybe(textOf('d.version_tag')),
    startDate: dateOf('t.started_at'),
    endDate: maybe(dateOf('t.ended_at')),
    state: { type: 'enum', sql: 't.state', values: INSTANCE_STATES, filter: 'enumF', isSortable: true },
    hasIncident: { type: 'bool', sql: 't.open_incidents > 0', filter: 'bool', isSortable: true },
    tenantId: TENANT,
    processInstanceKey: keyOf('t.key'),
    processDefinitionKey: keyOf('t.definition_key'),
    parentProcessInstanceKey: maybe(keyOf('t.parent_key')),
    parentElementInstanceKey: maybe(keyOf('t.parent_element_key')),
    rootProcessInstanceKey: { type: 'key', sql: 't.root_key', isNullable: true },
    tags: { type: 'strings', sql: 't.tags', filter: 'tags' },
    businessId: maybe(textOf('t.business_id')),
  },
  filters: {
    variables: { filter: 'variables', sql: 'v.instance_key = t.key' },
    elementId: related('strF', 'e.element_id', 'element'),
    elementInstanceState: { ...related('enumF', 'e.state', 'element'), values: ELEMENT_STATES },
    hasElementInstanceIncident: related('bool', 'e.incident_key is not null', 'element'),
    errorMessage: related('strF', 'n.message', 'incident'),
    incidentErrorHashCode: related('intF', 'n.message_hash', 'incident'),
    batchOperationId: related('strF', 'b.batch_key::text', 'batch'),
    batchOperationKey: related('strF', 'b.batch_key::text', 'batch'),
    hasRetriesLeft: {
      filter: 'bool',
      sql: `exists (select from history_jobs j where j.instance_key = t.key and j.state = 'FAILED' and j.retries > 0)`,
    },
  },
  related: {
    element: `select from history_elements e where e.instance_key = t.key and e.type <> 'PROCESS'`,
    incident: `select from history_incidents n where n.instance_key = t.key and n.state = 'ACTIVE'`,
    batch: 'select from batch_operation_items b where b.instance_key = t.key',
  },
};
