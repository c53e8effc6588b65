// SQL for user tasks: what people see in their inbox.

import type { Binding } from '../../engine/index.ts';
import type { Key } from '../../shared/ids.ts';
import type { Instant } from '../../shared/time.ts';
import type { Tx } from '../../shared/transactions.ts';

/** What decides who may act on a task. */
export interface TaskAccess {
  readonly tenantId: string;
  readonly assignee: string | null;
  readonly candidateGroups: readonly string[];
  readonly candidateUsers: readonly string[];
}

export interface UserTask extends TaskAccess {
  readonly key: Key;
  readonly instanceKey: Key;
  readonly elementInstanceKey: Key;
  readonly elementId: string;
  readonly processId: string;
  readonly businessKey: string | null;
  readonly name: string | null;
  readonly formReference: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly status: 'creating' | 'open' | 'completed' | 'cancelled';
  readonly dueAt: Instant | null;
  readonly priority: number;
  readonly createdAt: Instant;
  readonly claimedAt: Instant | null;
}

/** Who asks. A task of another tenant does not exist for him. */
export interface TaskActor {
  readonly userId: string;
  readonly tenantId: string;
  readonly groups: readonly string[];
}

const COLUMNS = `key, instance_key as "instanceKey", element_instance_key as "elementInstanceKey",
  element_id as "elementId", process_id as "processId", tenant_id as "tenantId", business_key as "businessKey", name,
  form_reference as "formReference", headers, status, assignee, candidate_groups as "candidateGroups",
  candidate_users as "candidateUsers", due_at as "dueAt", priority, created_at as "createdAt", claimed_at as "claimedAt"`;

/** Mirrors `canAct` of inbox.ts; a test holds the two together. */
const MAY_ACT = `tenant_id = $1 and (assignee = $2 or (assignee is null and ((candidate_groups <> '{}' and candidate_groups && $3) or $2 = any (candidate_users))))`;

export async function listOpenTasks(tx: Tx, actor: TaskActor, limit: number): Promise<readonly UserTask[]> {
  const { rows } = await tx.query<UserTask>(
    `select ${COLUMNS} from user_tasks where status = 'open' and ${MAY_ACT}
     order by priority desc, due_at nulls last, key limit $4`,
    [actor.tenantId, actor.userId, actor.groups, limit],
    'tasks_open',
  );
  return rows;
}

export async function listOpenTasksOf(tx: Tx, actor: TaskActor, businessKey: string): Promise<readonly UserTask[]> {
  const { rows } = await tx.query<UserTask>(
    `select ${COLUMNS} from user_tasks where status = 'open' and business_key = $4 and ${MAY_ACT}
       and instance_key = any (array(select key from process_instances where business_key = $4)) order by key`,
    [actor.tenantId, actor.userId, actor.groups, businessKey],
  );
  return rows;
}

export async function findTask(tx: Tx, key: Key): Promise<UserTask | null> {
  const { rows } = await tx.query<UserTask>(`select ${COLUMNS} from user_tasks where key = $1`, [key], 'task_find');
  return rows[0] ?? null;
}

/** Sets the assignee unless somebody else has the task already; answers whether it is ours now. */
export async function claimOpenTask(tx: Tx, key: Key, userId: string, now: Instant): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update user_tasks set assignee = $2, claimed_at = coalesce(claimed_at, $3)
     where key = $1 and status = 'open' and (assignee is null or assignee = $2)`,
    [key, userId, now],
  );
  return rowCount > 0;
}

export type NewTask = Omit<UserTask, 'claimedAt'> & {
  readonly followUpAt: Instant | null;
  /** A deployed form; which version, the write decides. */
  readonly form: { readonly formId: string; readonly binding: Binding } | null;
};
