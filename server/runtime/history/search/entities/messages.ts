// Waits for messages, and the messages that were taken by them.

import type { Entity } from '../entity.ts';
import { dateOf, keyOf, rootKey, TENANT, textOf } from './shared.ts';

export const SUBSCRIPTION_STATES = ['CORRELATED', 'CREATED', 'DELETED', 'MIGRATED'] as const;

export const messageSubscriptions: Entity = {
  name: 'message-subscriptions',
  from: 'history_subscriptions t',
  keys: [{ sql: 't.key', type: 'bigint' }],
  tenant: 't.tenant_id',
  fields: {
    messageSubscriptionKey: keyOf('t.key'),
    processDefinitionId: textOf('t.process_id'),
    processDefinitionKey: keyOf('t.definition_key'),
    processInstanceKey: keyOf('t.instance_key'),
    rootProcessInstanceKey: rootKey,
    elementId: textOf('t.element_id'),
    elementInstanceKey: keyOf('t.element_instance_key'),
    messageSubscriptionState: {
      type: 'enum',
      sql: 't.state',
      values: SUBSCRIPTION_STATES,
      filter: 'enumF',
      isSortable: true,
    },
    lastUpdatedDate: dateOf('t.updated_at'),
    messageName: textOf('t.message_name'),
    correlationKey: textOf('t.correlation_key'),
    tenantId: TENANT,
  },
  filters: {},
};

export const correlatedSubscriptions: Entity = {
  name: 'correlated-message-subscriptions',
  from: 'history_correlations c join history_subscriptions t on t.key = c.subscription_key',
  keys: [
    { sql: 'c.instance_key', type: 'bigint' },
    { sql: 'c.seq', type: 'integer' },
  ],
  tenant: 't.tenant_id',
  fields: {
    correlationKey: textOf('t.correlation_key'),
    correlationTime: dateOf('c.correlated_at'),
    elementId: textOf('t.element_id'),
    elementInstanceKey: keyOf('t.element_instance_key'),
    messageKey: keyOf('c.message_key'),
    messageName: textOf('t.message_name'),
    partitionId: { type: 'int', sql: '1', filter: 'intF', isSortable: true, isConstant: true },
    processDefinitionId: textOf('t.process_id'),
    processDefinitionKey: keyOf('t.definition_key'),
    processInstanceKey: keyOf('c.instance_key'),
    rootProcessInstanceKey: rootKey,
    subscriptionKey: keyOf('c.subscription_key'),
    tenantId: TENANT,
  },
  filters: {},
};
