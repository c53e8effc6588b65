// Operations on many instances, and their single items. Written by the commands; nothing here is derived.

import type { Entity } from '../entity.ts';
import { dateOf, keyOf, maybe, textOf } from './shared.ts';

export const BATCH_TYPES = [
  'CANCEL_PROCESS_INSTANCE',
  'RESOLVE_INCIDENT',
  'MIGRATE_PROCESS_INSTANCE',
  'MODIFY_PROCESS_INSTANCE',
  'DELETE_PROCESS_INSTANCE',
  'ADD_VARIABLE',
  'UPDATE_VARIABLE',
  'DELETE_DECISION_DEFINITION',
  'DELETE_PROCESS_DEFINITION',
] as const;
export const BATCH_STATES = [
  'ACTIVE',
  'CANCELED',
  'COMPLETED',
  'CREATED',
  'FAILED',
  'PARTIALLY_COMPLETED',
  'SUSPENDED',
] as const;
export const BATCH_ITEM_STATES = ['ACTIVE', 'COMPLETED', 'SKIPPED', 'CANCELED', 'FAILED'] as const;

export const batchOperations: Entity = {
  name: 'batch-operations',
  from: 'batch_operations t',
  keys: [{ sql: 't.key', type: 'bigint' }],
  tenant: 't.tenant_id',
  fields: {
    batchOperationKey: { ...textOf('t.key::text'), order: 't.key::text' },
    state: { type: 'enum', sql: 't.state', values: BATCH_STATES, filter: 'enumF', isSortable: true },
    batchOperationType: { type: 'enum', sql: 't.type', values: BATCH_TYPES },
    startDate: maybe({ ...dateOf('t.started_at') }),
    endDate: maybe({ ...dateOf('t.ended_at') }),
    actorId: maybe(textOf('t.actor_id')),
    operationsTotalCount: { type: 'int', sql: 't.total' },
    operationsFailedCount: { type: 'int', sql: 't.failed' },
    operationsCompletedCount: { type: 'int', sql: 't.completed' },
    errors: { type: 'json', sql: 't.errors' },
  },
  filters: { operationType: { filter: 'enumF', sql: 't.type', values: BATCH_TYPES } },
};

export const batchItems: Entity = {
  name: 'batch-operation-items',
  from: 'batch_operation_items t join batch_operations b on b.key = t.batch_key',
  keys: [
    { sql: 't.batch_key', type: 'bigint' },
    { sql: 't.item_key', type: 'bigint' },
  ],
  tenant: 'b.tenant_id',
  fields: {
    operationType: { type: 'enum', sql: 'b.type', values: BATCH_TYPES, filter: 'enumF' },
    batchOperationKey: textOf('t.batch_key::text'),
    itemKey: textOf('t.item_key::text'),
    processInstanceKey: keyOf('t.instance_key'),
    rootProcessInstanceKey: { type: 'key', sql: 'null::bigint', isNullable: true },
    state: { type: 'enum', sql: 't.state', values: BATCH_ITEM_STATES, filter: 'enumF', isSortable: true },
    processedDate: maybe({ type: 'date', sql: 't.processed_at' }),
    errorMessage: { type: 'string', sql: 't.error', isNullable: true },
  },
  filters: {},
};
