// SQL for message subscriptions and buffered messages. Publishing and subscribing take the same advisory lock on
// (name, correlation key), so that a message and a subscription written at the same moment cannot miss each other.

import type { Json } from '../../engine/index.ts';
import type { Key } from '../../shared/ids.ts';
import type { Instant } from '../../shared/time.ts';
import type { Tx } from '../../shared/transactions.ts';

export interface SubscriptionRow {
  readonly key: Key;
  readonly instanceKey: Key;
  readonly elementInstanceKey: Key;
  readonly elementId: string;
  readonly processId: string;
  readonly messageName: string;
  readonly correlationKey: string;
}

const COLUMNS = `key, instance_key as "instanceKey", element_instance_key as "elementInstanceKey",
  element_id as "elementId", process_id as "processId", message_name as "messageName",
  correlation_key as "correlationKey"`;

export const lockCorrelation = (tx: Tx, name: string, correlationKey: string): Promise<unknown> =>
  tx.query(`select pg_advisory_xact_lock(hashtextextended('message:' || $1 || ':' || $2, 0))`, [name, correlationKey]);

export async function insertSubscription(tx: Tx, row: SubscriptionRow, now: Instant): Promise<void> {
  await tx.query(
    `insert into message_subscriptions (key, instance_key, element_instance_key, element_id, process_id, message_name,
       correlation_key, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      row.key,
      row.instanceKey,
      row.elementInstanceKey,
      row.elementId,
      row.processId,
      row.messageName,
      row.correlationKey,
      now,
    ],
  );
}

export async function findSubscription(tx: Tx, key: Key): Promise<SubscriptionRow | null> {
  const { rows } = await tx.query<SubscriptionRow>(`select ${COLUMNS} from message_subscriptions where key = $1`, [
    key,
  ]);
  return rows[0] ?? null;
}

export async function releaseSubscription(tx: Tx, key: Key): Promise<void> {
  await tx.query(`update message_subscriptions set reserved_by = null where key = $1`, [key]);
}

export interface NewMessage {
  readonly key: Key;
  readonly name: string;
  readonly correlationKey: string;
  readonly messageId: string | null;
  readonly variables: Readonly<Record<string, Json>>;
  readonly publishedAt: Instant;
  readonly expiresAt: Instant;
}

/** False when a message with this name, key and id is still kept. */
export async function insertMessage(tx: Tx, message: NewMessage): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into messages (key, name, correlation_key, message_id, variables, published_at, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing`,
    [
      message.key,
      message.name,
      message.correlationKey,
      message.messageId,
      JSON.stringify(message.variables),
      message.publishedAt,
      message.expiresAt,
    ],
  );
  return rowCount > 0;
}

export async function findMessageVariables(tx: Tx, key: Key): Promise<Readonly<Record<string, Json>> | null> {
  const { rows } = await tx.query<{ variables: Readonly<Record<string, Json>> }>(
    `select variables from messages where key = $1`,
    [key],
  );
  return rows[0]?.variables ?? null;
}

/**
 * Reserves for the message the oldest free subscription of each process that has not had it yet
 * (dialect: at most one subscription per process id).
 */
export async function reserveSubscriptions(
  tx: Tx,
  messageKey: Key,
  name: string,
  correlationKey: string,
): Promise<readonly SubscriptionRow[]> {
  const { rows } = await tx.query<SubscriptionRow>(
    `with chosen as (
       select distinct on (process_id) key, process_id from message_subscriptions s
       where message_name = $2 and correlation_key = $3 and reserved_by is null
         and not exists (select 1 from message_correlations c where c.message_key = $1 and c.process_id = s.process_id)
       order by process_id, key),
     noted as (
       insert into message_correlations (message_key, process_id, subscription_key)
       select $1, process_id, key from chosen)
     update message_subscriptions set reserved_by = $1 where key in (select key from chosen) returning ${COLUMNS}`,
    [messageKey, name, correlationKey],
  );
  return rows;
}

/** The oldest kept message that this process has not had; reserves the subscription for it. */
export async function reserveBufferedMessage(tx: Tx, subscription: SubscriptionRow, now: Instant): Promise<Key | null> {
  const { rows } = await tx.query<{ messageKey: Key }>(
    `with chosen as (
       select key from messages m
       where name = $1 and correlation_key = $2 and expires_at > $3
         and not exists (select 1 from message_correlations c where c.message_key = m.key and c.process_id = $4)
       order by key limit 1),
     reserved as (
       update message_subscriptions set reserved_by = (select key from chosen)
       where key = $5 and reserved_by is null and exists (select 1 from chosen) returning key)
     insert into message_correlations (message_key, process_id, subscription_key)
     select chosen.key, $4, reserved.key from chosen, reserved returning message_key as "messageKey"`,
    [subscription.messageName, subscription.correlationKey, now, subscription.processId, subscription.key],
  );
  return rows[0]?.messageKey ?? null;
}

/** The subscription went away before the message reached it: the message is free for the process again. */
export async function forgetCorrelation(tx: Tx, messageKey: Key, subscriptionKey: Key): Promise<void> {
  await tx.query(`delete from message_correlations where message_key = $1 and subscription_key = $2`, [
    messageKey,
    subscriptionKey,
  ]);
}

export async function deleteExpiredMessages(tx: Tx, now: Instant, limit: number): Promise<number> {
  const { rowCount } = await tx.query(
    `delete from messages where key in (select key from messages m where expires_at <= $1
       and not exists (select 1 from message_subscriptions s where s.reserved_by = m.key) limit $2)`,
    [now, limit],
  );
  return rowCount;
}

export async function findMessageAddress(
  tx: Tx,
  key: Key,
): Promise<{ readonly name: string; readonly correlationKey: string } | null> {
  const { rows } = await tx.query<{ name: string; correlationKey: string }>(
    `select name, correlation_key as "correlationKey" from messages where key = $1`,
    [key],
  );
  return rows[0] ?? null;
}
