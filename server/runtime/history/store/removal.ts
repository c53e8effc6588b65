// SQL that takes instances out of the read model as if they had never been there: a rebuild without their events gives
// the same rows. Runs under the lock of the mark, so that no projector writes one of them at the same moment.

import type { Key } from '../../../shared/ids.ts';
import type { Tx } from '../../../shared/transactions.ts';

/** What only hangs on its instance; elements and instances are counted besides. */
const TABLES = [
  'history_flows',
  'history_variables',
  'history_tasks',
  'history_jobs',
  'history_incidents',
  'history_subscriptions',
  'history_correlations',
  'history_waits',
  'history_audit',
];

/** The counts follow from the rows that are removed, not from the instance: they are what was counted. */
export async function removeFromHistory(tx: Tx, keys: readonly Key[]): Promise<void> {
  for (const table of TABLES) await tx.query(`delete from ${table} where instance_key = any ($1::bigint[])`, [keys]);
  await tx.query(
    `with gone as (delete from history_elements where instance_key = any ($1::bigint[])
       returning definition_key, tenant_id, element_id, type, state),
     counted as (
       select definition_key, tenant_id, element_id, count(*) filter (where state = 'ACTIVE') as active,
         count(*) filter (where state = 'COMPLETED') as completed,
         count(*) filter (where state = 'TERMINATED') as canceled
       from gone where type <> 'PROCESS' group by 1, 2, 3)
     update history_element_counts t set active = t.active - c.active, completed = t.completed - c.completed,
       canceled = t.canceled - c.canceled
     from counted c
     where (t.definition_key, t.tenant_id, t.element_id) = (c.definition_key, c.tenant_id, c.element_id)`,
    [keys],
  );
  await tx.query(
    `with gone as (delete from history_instances where key = any ($1::bigint[])
       returning definition_key, tenant_id, state),
     counted as (
       select definition_key, tenant_id, count(*) filter (where state = 'ACTIVE') as active,
         count(*) filter (where state = 'COMPLETED') as completed,
         count(*) filter (where state = 'TERMINATED') as terminated
       from gone group by 1, 2)
     update history_instance_counts t set active = t.active - c.active, completed = t.completed - c.completed,
       terminated = t.terminated - c.terminated
     from counted c where (t.definition_key, t.tenant_id) = (c.definition_key, c.tenant_id)`,
    [keys],
  );
}
