// SQL for user tasks: what people see in their inbox.

import type { TaskCorrections } from '../../engine/index.ts';
import type { Key } from '../../shared/ids.ts';
import type { Instant } from '../../shared/time.ts';
import type { Tx } from '../../shared/transactions.ts';

export interface UserTask {
  readonly key: Key;
  readonly instanceKey: Key;
  readonly elementInstanceKey: Key;
  readonly elementId: string;
  readonly processId: string;
  readonly tenantId: string;
  readonly businessKey: string | null;
  readonly name: string | null;
  readonly formReference: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly status: 'creating' | 'open' | 'completed' | 'cancelled';
  readonly assignee: string | null;
  readonly candidateGroups: readonly string[];
  readonly candidateUsers: readonly string[];
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
const MAY_ACT = `tenant_id = $1 and (assignee = $2 or (assignee is null and (candidate_groups && $3 or $2 = any (candidate_users))))`;

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
    `select ${COLUMNS} from user_tasks where status = 'open' and business_key = $4 and ${MAY_ACT} order by key`,
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

export type NewTask = Omit<UserTask, 'claimedAt'> & { readonly followUpAt: Instant | null };

export async function insertTasks(tx: Tx, tasks: readonly NewTask[]): Promise<void> {
  if (tasks.length === 0) return;
  await tx.query(
    `insert into user_tasks (key, instance_key, element_instance_key, element_id, process_id, tenant_id, business_key,
       name, form_reference, headers, status, assignee, candidate_groups, candidate_users, due_at, follow_up_at,
       priority, created_at)
     select t.key, t."instanceKey", t."elementInstanceKey", t."elementId", t."processId", t."tenantId",
       t."businessKey", t.name, t."formReference", t.headers, t.status, t.assignee, t."candidateGroups",
       t."candidateUsers", t."dueAt", t."followUpAt", t.priority, t."createdAt"
     from jsonb_to_recordset($1::jsonb) as t (key bigint, "instanceKey" bigint, "elementInstanceKey" bigint,
       "elementId" text, "processId" text, "tenantId" text, "businessKey" text, name text, "formReference" text,
       headers jsonb, status text, assignee text, "candidateGroups" text[], "candidateUsers" text[], "dueAt" timestamptz,
       "followUpAt" timestamptz, priority integer, "createdAt" timestamptz)`,
    [JSON.stringify(tasks)],
    'tasks_insert',
  );
}

export interface TaskEnd {
  readonly keys: readonly Key[];
  readonly status: 'completed' | 'cancelled';
  readonly actorId: string | null;
  readonly now: Instant;
}

export async function endTasks(tx: Tx, end: TaskEnd): Promise<void> {
  if (end.keys.length === 0) return;
  await tx.query(
    `update user_tasks set status = $2, ended_at = $3, completed_by = $4 where key = any ($1::bigint[])`,
    [end.keys, end.status, end.now, end.actorId],
    'tasks_end',
  );
}

/** Late handling: the task goes to somebody else; whoever had claimed it loses it. */
export async function reassignTask(tx: Tx, key: Key, userId: string): Promise<void> {
  await tx.query(`update user_tasks set assignee = $2, claimed_at = null where key = $1 and status = 'open'`, [
    key,
    userId,
  ]);
}

/** All creating listeners have answered: people may see it. */
export async function showTask(tx: Tx, key: Key): Promise<void> {
  await tx.query(`update user_tasks set status = 'open' where key = $1 and status = 'creating'`, [key]);
}

/** What a listener changed; what it did not name stays. */
export async function correctTask(tx: Tx, key: Key, corrections: TaskCorrections): Promise<void> {
  await tx.query(
    `update user_tasks t set assignee = case when $2::jsonb ? 'assignee' then c.assignee else t.assignee end,
       candidate_groups = coalesce(c."candidateGroups", t.candidate_groups),
       candidate_users = coalesce(c."candidateUsers", t.candidate_users),
       due_at = case when $2::jsonb ? 'dueAt' then c."dueAt" else t.due_at end,
       follow_up_at = case when $2::jsonb ? 'followUpAt' then c."followUpAt" else t.follow_up_at end,
       priority = coalesce(c.priority, t.priority)
     from jsonb_to_record($2::jsonb) as c (assignee text, "candidateGroups" text[], "candidateUsers" text[],
       "dueAt" timestamptz, "followUpAt" timestamptz, priority integer)
     where t.key = $1`,
    [key, JSON.stringify(corrections)],
  );
}
