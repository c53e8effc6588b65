// SQL for forgetting instances that have ended: what they were, what they did, and what people and workers did for them.

import type { Key } from '../../shared/ids.ts';
import type { Tx } from '../../shared/transactions.ts';

export interface DoomedInstance {
  readonly key: Key;
  readonly tenantId: string;
  /** It runs, or work that it has left to its caller is still open. */
  readonly isBusy: boolean;
  /** Types of its service jobs. */
  readonly jobTypes: readonly string[];
  readonly forms: readonly string[];
}

/** The instance and all that it called, locked; empty when there is none. */
export async function lockTree(tx: Tx, key: Key): Promise<readonly DoomedInstance[]> {
  const { rows } = await tx.query<DoomedInstance>(
    `with recursive tree (key) as (
       select key from process_instances where key = $1
       union all select i.key from process_instances i join tree on i.parent_key = tree.key)
     select i.key, i.tenant_id as "tenantId",
       i.status = 'active' or exists (select from jobs j where j.instance_key = i.key and j.status = 'open') as "isBusy",
       array(select distinct j.type from jobs j where j.instance_key = i.key and j.kind = 'service') as "jobTypes",
       array(select distinct t.form_reference from user_tasks t
         where t.instance_key = i.key and t.form_reference is not null) as forms
     from process_instances i where i.key in (select key from tree) order by i.key for update`,
    [key],
  );
  return rows;
}

/** Subscriptions have ended with their instance. Notices and resolved incidents have no index for this rare question. */
const TABLES = ['engine_steps', 'user_tasks', 'jobs', 'incidents', 'notices', 'decision_evaluations'];

export async function deleteInstances(tx: Tx, keys: readonly Key[]): Promise<void> {
  for (const table of TABLES) await tx.query(`delete from ${table} where instance_key = any ($1::bigint[])`, [keys]);
  await tx.query(`delete from process_instances where key = any ($1::bigint[])`, [keys]);
}
