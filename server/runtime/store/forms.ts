// SQL for deployed forms, as far as a user task names them.

import type { Binding } from '../../engine/index.ts';
import type { Key } from '../../shared/ids.ts';
import type { Tx } from '../../shared/transactions.ts';

export interface BoundForm {
  readonly formId: string;
  readonly binding: Binding;
  readonly definitionKey: Key;
}

/** The newest version; of the deployment of the definition, or with the version tag, when the binding says so. */
export async function findFormKey(tx: Tx, { formId, binding, definitionKey }: BoundForm): Promise<Key | null> {
  const { rows } = await tx.query<{ key: Key }>(
    `select f.key from forms f
     where f.form_id = $1 and f.deleted_at is null
       and ($2 <> 'versionTag' or f.version_tag = $3)
       and ($2 <> 'deployment' or f.deployment_key = (select deployment_key from process_definitions where key = $4))
     order by f.version desc limit 1`,
    [formId, binding.kind, binding.versionTag, definitionKey],
  );
  return rows[0]?.key ?? null;
}
