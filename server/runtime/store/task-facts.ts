// SQL for the facts of a user task that its listeners are told.

import type { Key } from '../../shared/ids.ts';
import type { Instant } from '../../shared/time.ts';
import type { Statements } from '../../shared/transactions.ts';

export interface TaskFacts {
  readonly key: Key;
  readonly instanceKey: Key;
  readonly elementInstanceKey: Key;
  readonly tenantId: string;
  readonly status: string;
  readonly assignee: string | null;
  readonly candidateGroups: readonly string[];
  readonly candidateUsers: readonly string[];
  readonly dueAt: Instant | null;
  readonly followUpAt: Instant | null;
  readonly priority: number;
  readonly formKey: Key | null;
}

const COLUMNS = `key, instance_key as "instanceKey", element_instance_key as "elementInstanceKey",
  tenant_id as "tenantId", status, assignee, candidate_groups as "candidateGroups",
  candidate_users as "candidateUsers", due_at as "dueAt", follow_up_at as "followUpAt", priority,
  form_key as "formKey"`;

/** By the element instance that the task belongs to. */
export async function listTasksOfElements(
  on: Statements,
  elementInstanceKeys: readonly Key[],
): Promise<ReadonlyMap<Key, TaskFacts>> {
  const { rows } = await on.query<TaskFacts>(
    `select ${COLUMNS} from user_tasks where element_instance_key = any ($1::bigint[])`,
    [elementInstanceKeys],
  );
  return new Map(rows.map((row) => [row.elementInstanceKey, row]));
}
