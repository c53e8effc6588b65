// SQL for what operators do to a running instance: its rows follow it to another definition, or rest while it is
// suspended. Jobs rest by `not_before`, so that ending the instance still ends them.

import type { Key } from '../../shared/ids.ts';
import type { Tx } from '../../shared/transactions.ts';

export interface RowsMove {
  readonly instanceKey: Key;
  readonly definitionKey: Key;
  readonly version: number;
  readonly processId: string;
  readonly mapping: readonly { readonly sourceElementId: string; readonly targetElementId: string }[];
}

/** Only what is open: what has ended keeps the ids under which it happened. */
export async function moveRows(tx: Tx, move: RowsMove): Promise<void> {
  await tx.query(
    `with names as materialized (
       select "sourceElementId" as source, "targetElementId" as target
       from jsonb_to_recordset($5::jsonb) as m ("sourceElementId" text, "targetElementId" text)),
     tasks as (
       update user_tasks t set process_id = $4, element_id = coalesce((select target from names where source = t.element_id), t.element_id)
       where t.instance_key = $1 and t.status in ('creating', 'open')),
     work as (
       update jobs j set element_id = n.target from names n
       where j.instance_key = $1 and j.status in ('open', 'failed') and j.element_id = n.source),
     messages as (
       update message_subscriptions s set process_id = $4, element_id = coalesce((select target from names where source = s.element_id), s.element_id)
       where s.instance_key = $1),
     signals as (
       update signal_subscriptions s set element_id = n.target from names n
       where s.instance_key = $1 and s.element_id = n.source),
     faults as (
       update incidents i set element_id = n.target from names n
       where i.instance_key = $1 and i.status = 'active' and i.element_id = n.source)
     update process_instances set definition_key = $2, version = $3, process_id = $4 where key = $1`,
    [move.instanceKey, move.definitionKey, move.version, move.processId, JSON.stringify(move.mapping)],
  );
}

export async function holdJobs(tx: Tx, instanceKey: Key): Promise<void> {
  await tx.query(`update jobs set not_before = 'infinity' where instance_key = $1 and status = 'open'`, [instanceKey]);
}

/** They are found by the reconciler like any work that was never offered. */
export async function releaseJobs(tx: Tx, instanceKey: Key): Promise<void> {
  await tx.query(
    `update jobs set not_before = clock_timestamp(), offered_at = null
     where instance_key = $1 and status = 'open' and not_before = 'infinity'`,
    [instanceKey],
  );
}
