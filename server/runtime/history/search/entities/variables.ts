// Variables with their last value, also of scopes that have ended. A search cuts long values unless it is asked not to;
// the answer for one variable never does.

import type { Entity, Field } from '../entity.ts';
import { VALUE_PREFIX } from '../filters.ts';
import { keyOf, PLAIN_TENANT, rootKey, textOf } from './shared.ts';

/** Characters of JSON text. */
export const LONGEST_VALUE = 8_191;
const IS_TRUNCATED = `length(v.value) > ${LONGEST_VALUE}`;

const describeVariables = (value: Field, extra: Readonly<Record<string, Field>>): Entity => ({
  name: 'variables',
  from: 'history_variables v',
  keys: [
    { sql: 'v.key', type: 'bigint' },
    { sql: 'v.scope_key', type: 'bigint' },
  ],
  tenant: 'v.tenant_id',
  fields: {
    name: textOf('v.name'),
    tenantId: PLAIN_TENANT,
    variableKey: keyOf('v.key'),
    scopeKey: keyOf('v.scope_key'),
    processInstanceKey: keyOf('v.instance_key'),
    rootProcessInstanceKey: { ...rootKey, sql: 'v.root_key' },
    value,
    ...extra,
  },
  filters: {
    value: { filter: 'strF', sql: 'v.value', prefix: VALUE_PREFIX },
    isTruncated: { filter: 'bool', sql: IS_TRUNCATED },
  },
});

const FULL: Field = { type: 'string', sql: 'v.value', isSortable: true, order: VALUE_PREFIX.sql };
const CUT: Field = { ...FULL, sql: `left(v.value, ${LONGEST_VALUE})` };

/** One variable. */
export const variable = describeVariables(FULL, {});
export const cutVariables = describeVariables(CUT, { isTruncated: { type: 'bool', sql: IS_TRUNCATED } });
export const fullVariables = describeVariables(FULL, { isTruncated: { type: 'bool', sql: 'false' } });
