// Element instances: every element that an instance has entered, and the instance itself as PROCESS.

import { ELEMENT_TYPES } from '../../element-types.ts';
import type { Entity } from '../entity.ts';
import { ELEMENT_STATES } from './process-instances.ts';
import { dateOf, maybe, PLAIN_TENANT, plainKeyOf, rootKey, textOf } from './shared.ts';

export const elementInstances: Entity = {
  name: 'element-instances',
  from: 'history_elements t',
  keys: [{ sql: 't.key', type: 'bigint' }],
  tenant: 't.tenant_id',
  fields: {
    processDefinitionId: { ...textOf('t.process_id'), filter: 'string' },
    startDate: dateOf('t.started_at'),
    endDate: maybe(dateOf('t.ended_at')),
    elementId: { ...textOf('t.element_id'), filter: 'string' },
    elementName: { ...textOf('t.element_name'), filter: 'string' },
    type: { type: 'enum', sql: 't.type', values: ELEMENT_TYPES, filter: 'enum', isSortable: true },
    state: { type: 'enum', sql: 't.state', values: ELEMENT_STATES, filter: 'enumF', isSortable: true },
    hasIncident: { type: 'bool', sql: 't.incident_key is not null', filter: 'bool' },
    tenantId: PLAIN_TENANT,
    elementInstanceKey: plainKeyOf('t.key'),
    processInstanceKey: plainKeyOf('t.instance_key'),
    rootProcessInstanceKey: rootKey,
    processDefinitionKey: plainKeyOf('t.definition_key'),
    incidentKey: maybe(plainKeyOf('t.incident_key')),
  },
  filters: { elementInstanceScopeKey: { filter: 'key', sql: 't.scope_key' } },
};
