// Forms and other deployed files.

import type { Entity } from '../entity.ts';
import { plainKeyOf, TENANT, textOf } from './shared.ts';

export const forms: Entity = {
  name: 'forms',
  from: 'forms t',
  keys: [{ sql: 't.key', type: 'bigint' }],
  tenant: null,
  fields: {
    tenantId: TENANT,
    formId: textOf('t.form_id'),
    schema: { type: 'string', sql: 't.schema' },
    version: { type: 'int', sql: 't.version' },
    formKey: plainKeyOf('t.key'),
  },
  filters: {},
};

export const resources: Entity = {
  name: 'resources',
  from: 'resources t',
  keys: [{ sql: 't.key', type: 'bigint' }],
  tenant: null,
  where: 't.deleted_at is null',
  fields: {
    resourceName: textOf('t.resource_name'),
    version: { type: 'int', sql: 't.version' },
    versionTag: { type: 'string', sql: 'null::text', isNullable: true },
    resourceId: textOf('t.resource_id'),
    tenantId: TENANT,
    resourceKey: plainKeyOf('t.key'),
  },
  filters: {},
};
