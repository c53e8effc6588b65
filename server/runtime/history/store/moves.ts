// SQL for instances that change their definition: rows of earlier chunks that are open go with them. Rare, so each move
// is a handful of statements over one instance.

import type { Tx } from '../../../shared/transactions.ts';
import type { Move } from '../rows.ts';

const MOVED = `definition_key = $2::bigint, process_id = $3,
  element_id = coalesce($4::jsonb ->> t.element_id, t.element_id)`;
const IS_OPEN_HERE = `t.instance_key = $1::bigint and t.key <> all ($5::bigint[])`;

/** What of each table can still be open. */
const TABLES = [
  { name: 'history_jobs', isOpen: `t.state not in ('COMPLETED', 'CANCELED')` },
  { name: 'history_incidents', isOpen: `t.state = 'ACTIVE'` },
  { name: 'history_subscriptions', isOpen: `t.state <> 'DELETED'` },
  { name: 'history_waits', isOpen: 'true' },
];

export async function moveInstance(tx: Tx, move: Move): Promise<void> {
  const { instance_key, definition_key, process_id, version, elements, names, ended } = move;
  const common = [instance_key, definition_key, process_id, JSON.stringify(elements), ended];
  await tx.query(
    `update history_tasks t set version = $6::integer, ${MOVED}
     where ${IS_OPEN_HERE} and t.state not in ('COMPLETED', 'CANCELED')`,
    [...common, version],
  );
  for (const { name, isOpen } of TABLES) {
    await tx.query(`update ${name} t set ${MOVED} where ${IS_OPEN_HERE} and ${isOpen}`, common);
  }
  await tx.query(
    `with moved as (
       update history_elements t set ${MOVED},
         element_name = coalesce($6::jsonb ->> coalesce($4::jsonb ->> t.element_id, t.element_id), t.element_name)
       where ${IS_OPEN_HERE} and t.state = 'ACTIVE'
       returning t.type, t.tenant_id, old.definition_key as from_key, old.element_id as from_id,
         new.definition_key as to_key, new.element_id as to_id),
     shifted as (
       select from_key as definition_key, tenant_id, from_id as element_id, -1 as by from moved where type <> 'PROCESS'
       union all select to_key, tenant_id, to_id, 1 from moved where type <> 'PROCESS')
     insert into history_element_counts (definition_key, tenant_id, element_id, active, completed, canceled)
     select definition_key, tenant_id, element_id, sum(by), 0, 0 from shifted group by 1, 2, 3 order by 1, 2, 3
     on conflict (definition_key, tenant_id, element_id)
     do update set active = history_element_counts.active + excluded.active`,
    [...common, JSON.stringify(names)],
  );
}
