// SQL for operations on many instances: the plan, its items, and how far it has come. A batch is worked on by one process
// at a time (an advisory lock); what an item did is written after its own step, so that a crash repeats at most one chunk.

import type { Json } from '../../engine/index.ts';
import type { Key } from '../../shared/ids.ts';
import type { Instant } from '../../shared/time.ts';
import type { Tx } from '../../shared/transactions.ts';

export type BatchType =
  'CANCEL_PROCESS_INSTANCE' | 'RESOLVE_INCIDENT' | 'MIGRATE_PROCESS_INSTANCE' | 'MODIFY_PROCESS_INSTANCE';

export interface BatchItem {
  readonly itemKey: Key;
  readonly instanceKey: Key;
}

export interface BatchRow {
  readonly key: Key;
  readonly type: BatchType;
  readonly plan: Readonly<Record<string, Json>>;
  readonly actorId: string;
  readonly tenantId: string | null;
}

export async function insertBatch(
  tx: Tx,
  batch: BatchRow & { readonly createdAt: Instant },
  items: readonly BatchItem[],
): Promise<void> {
  await tx.query(
    `insert into batch_operations (key, type, state, plan, actor_id, tenant_id, created_at, started_at, ended_at, total)
     values ($1, $2, case when $7::integer = 0 then 'COMPLETED' else 'ACTIVE' end, $3, $4, $5, $6, $6,
       case when $7 = 0 then $6::timestamptz end, $7)`,
    [batch.key, batch.type, JSON.stringify(batch.plan), batch.actorId, batch.tenantId, batch.createdAt, items.length],
  );
  await tx.query(
    `insert into batch_operation_items (batch_key, item_key, instance_key, state)
     select $1, i."itemKey", i."instanceKey", 'ACTIVE'
     from jsonb_to_recordset($2::jsonb) as i ("itemKey" bigint, "instanceKey" bigint) on conflict do nothing`,
    [batch.key, JSON.stringify(items)],
  );
}

export async function listRunningBatches(tx: Tx): Promise<readonly BatchRow[]> {
  const { rows } = await tx.query<BatchRow>(
    `select key, type, plan, actor_id as "actorId", tenant_id as "tenantId" from batch_operations
     where state in ('CREATED', 'ACTIVE') order by key limit 100`,
  );
  return rows;
}

/** False when another process works on it, or it was paused or ended in the meantime. */
export async function lockRunningBatch(tx: Tx, key: Key): Promise<boolean> {
  const { rows } = await tx.query<{ isOurs: boolean }>(
    `select pg_try_advisory_xact_lock(hashtextextended('batch:' || $1, 0)) as "isOurs"
     from batch_operations where key = $1::bigint and state in ('CREATED', 'ACTIVE')`,
    [key],
  );
  return rows[0]?.isOurs ?? false;
}

export async function listOpenItems(tx: Tx, key: Key, limit: number): Promise<readonly BatchItem[]> {
  const { rows } = await tx.query<BatchItem>(
    `select item_key as "itemKey", instance_key as "instanceKey" from batch_operation_items
     where batch_key = $1 and state = 'ACTIVE' order by item_key limit $2`,
    [key, limit],
  );
  return rows;
}

export interface ItemOutcome {
  readonly itemKey: Key;
  readonly error: string | null;
}

/** Notes what happened, counts it, and ends the batch when nothing is left. */
export async function storeOutcomes(tx: Tx, key: Key, outcomes: readonly ItemOutcome[], now: Instant): Promise<void> {
  await tx.query(
    `with done as (
       update batch_operation_items t set state = case when o.error is null then 'COMPLETED' else 'FAILED' end,
         error = o.error, processed_at = $3
       from jsonb_to_recordset($2::jsonb) as o ("itemKey" bigint, error text)
       where t.batch_key = $1 and t.item_key = o."itemKey" and t.state = 'ACTIVE' returning t.state),
     counted as (
       select count(*) filter (where state = 'COMPLETED') as good, count(*) filter (where state = 'FAILED') as bad from done)
     update batch_operations b set completed = b.completed + c.good, failed = b.failed + c.bad,
       ended_at = case when b.completed + b.failed + c.good + c.bad >= b.total then $3::timestamptz end,
       state = case when b.completed + b.failed + c.good + c.bad < b.total then b.state
         when b.failed + c.bad = 0 then 'COMPLETED' when b.completed + c.good = 0 then 'FAILED'
         else 'PARTIALLY_COMPLETED' end
     from counted c where b.key = $1`,
    [key, JSON.stringify(outcomes), now],
  );
}

/** Null when there is no such batch for the tenant; else whether the change of state was possible. */
export async function changeBatch(
  tx: Tx,
  key: Key,
  change: {
    readonly from: readonly string[];
    readonly to: string;
    readonly tenantId: string | null;
    readonly now: Instant;
  },
): Promise<boolean | null> {
  const { rows } = await tx.query<{ isChanged: boolean }>(
    `with found as (select key, state from batch_operations where key = $1 and ($4::text is null or tenant_id = $4)),
     changed as (
       update batch_operations b set state = $3, ended_at = case when $3 = 'CANCELED' then $5::timestamptz end
       from found where b.key = found.key and b.state = any ($2) returning b.key),
     items as (
       update batch_operation_items t set state = 'CANCELED' from changed
       where $3 = 'CANCELED' and t.batch_key = changed.key and t.state = 'ACTIVE')
     select exists (select 1 from changed) as "isChanged" from found`,
    [key, change.from, change.to, change.tenantId, change.now],
  );
  return rows[0]?.isChanged ?? null;
}
