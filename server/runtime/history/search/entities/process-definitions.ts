// Deployed versions of processes. They belong to everybody: a process is the same in every agency.

import type { Entity } from '../entity.ts';
import { maybe, plainKeyOf, TENANT, textOf } from './shared.ts';

export const DEFINITION_STATES = ['ACTIVE', 'DELETED'] as const;

const IS_LATEST = `t.deleted_at is null and t.version = (select max(l.version) from process_definitions l
  where l.process_id = t.process_id and l.deleted_at is null)`;

/** The none start event names a form that is deployed. */
const HAS_START_FORM = `coalesce(t.model -> 'elements' -> (t.model ->> 'startEventId') -> 'startForm' <> 'null'::jsonb, false)`;

export const processDefinitions: Entity = {
  name: 'process-definitions',
  from: 'process_definitions t',
  keys: [{ sql: 't.key', type: 'bigint' }],
  tenant: null,
  fields: {
    name: maybe(textOf('t.name')),
    resourceName: { ...textOf('t.resource_name'), filter: 'string' },
    version: { type: 'int', sql: 't.version', filter: 'int', isSortable: true },
    versionTag: maybe({ ...textOf('t.version_tag'), filter: 'string' }),
    processDefinitionId: textOf('t.process_id'),
    tenantId: { ...TENANT, filter: 'string' },
    processDefinitionKey: plainKeyOf('t.key'),
    hasStartForm: { type: 'bool', sql: HAS_START_FORM, filter: 'bool' },
    state: {
      type: 'enum',
      sql: `case when t.deleted_at is null then 'ACTIVE' else 'DELETED' end`,
      values: DEFINITION_STATES,
      filter: 'enum',
    },
  },
  filters: { isLatestVersion: { filter: 'bool', sql: IS_LATEST } },
};
