// Counts that are asked for like things: how many instances run of each process and version, and how many stand still
// for the same reason. Rows of tenants that the viewer does not see are not counted.

import type { Entity, Field } from '../entity.ts';
import { TENANT } from './shared.ts';

const MAY_COUNT = '(:viewer is null or tenant_id = :viewer)';
const { filter: _unused, ...ANSWERED_TENANT } = TENANT;

const PER_DEFINITION = `select c.definition_key, sum(c.active)::integer as active, coalesce(max(n.troubled), 0) as troubled
  from history_instance_counts c left join (
    select definition_key, count(*)::integer as troubled from history_instances
    where open_incidents > 0 and state = 'ACTIVE' and ${MAY_COUNT} group by definition_key) n
  on n.definition_key = c.definition_key
  where ${MAY_COUNT.replaceAll('tenant_id', 'c.tenant_id')} group by c.definition_key having sum(c.active) > 0`;

const counted = (sql: string): Field => ({ type: 'int', sql, isSortable: true });

export const instancesByProcess: Entity = {
  name: 'instances-by-process',
  from: `(select d.process_id, sum(c.active - c.troubled)::integer as healthy, sum(c.troubled)::integer as troubled
      from (${PER_DEFINITION}) c join process_definitions d on d.key = c.definition_key group by d.process_id) t
    cross join lateral (select l.name, count(*) over () > 1 as has_many from process_definitions l
      where l.process_id = t.process_id order by l.version desc limit 1) l`,
  keys: [{ sql: 't.process_id', type: 'text' }],
  tenant: null,
  fields: {
    processDefinitionId: { type: 'string', sql: 't.process_id', isSortable: true },
    tenantId: ANSWERED_TENANT,
    latestProcessDefinitionName: { type: 'string', sql: 'l.name', isNullable: true, isSortable: true },
    hasMultipleVersions: { type: 'bool', sql: 'l.has_many', isSortable: true },
    activeInstancesWithoutIncidentCount: counted('t.healthy'),
    activeInstancesWithIncidentCount: counted('t.troubled'),
  },
  filters: {},
};

const VERSION_FIELDS: Readonly<Record<string, Field>> = {
  processDefinitionId: { type: 'string', sql: 'd.process_id', isSortable: true },
  processDefinitionKey: { type: 'key', sql: 'd.key', isSortable: true },
  processDefinitionName: { type: 'string', sql: 'd.name', isNullable: true, isSortable: true },
  processDefinitionVersion: counted('d.version'),
  tenantId: ANSWERED_TENANT,
};

export const instancesByVersion: Entity = {
  name: 'instances-by-version',
  from: `(${PER_DEFINITION}) t join process_definitions d on d.key = t.definition_key`,
  keys: [{ sql: 't.definition_key', type: 'bigint' }],
  tenant: null,
  fields: {
    ...VERSION_FIELDS,
    activeInstancesWithoutIncidentCount: counted('t.active - t.troubled'),
    activeInstancesWithIncidentCount: counted('t.troubled'),
  },
  filters: {
    processDefinitionId: { filter: 'string', sql: 'd.process_id' },
    tenantId: { filter: 'string', sql: TENANT.sql },
  },
};

export const instancesByError: Entity = {
  name: 'instances-by-error',
  from: `(select message_hash, min(message) as message, count(distinct instance_key)::integer as instances
      from history_incidents where state = 'ACTIVE' and ${MAY_COUNT} group by message_hash) t`,
  keys: [{ sql: 't.message_hash', type: 'integer' }],
  tenant: null,
  fields: {
    errorHashCode: counted('t.message_hash'),
    errorMessage: { type: 'string', sql: 't.message', isSortable: true },
    activeInstancesWithErrorCount: counted('t.instances'),
  },
  filters: {},
};

export const errorsByDefinition: Entity = {
  name: 'errors-by-definition',
  from: `(select definition_key, message_hash, count(distinct instance_key)::integer as instances
      from history_incidents where state = 'ACTIVE' and ${MAY_COUNT} group by definition_key, message_hash) t
    join process_definitions d on d.key = t.definition_key`,
  keys: [
    { sql: 't.definition_key', type: 'bigint' },
    { sql: 't.message_hash', type: 'integer' },
  ],
  tenant: null,
  fields: { ...VERSION_FIELDS, activeInstancesWithErrorCount: counted('t.instances') },
  filters: { errorHashCode: { filter: 'int', sql: 't.message_hash' } },
};

/** All of them. */
export const STATISTICS: readonly Entity[] = [
  instancesByProcess,
  instancesByVersion,
  instancesByError,
  errorsByDefinition,
];
