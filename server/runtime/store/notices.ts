// SQL for notices to people about late tasks. Rows are written with the step that made them (step-parts.ts).

import type { Key } from '../../shared/ids.ts';
import type { Instant } from '../../shared/time.ts';
import type { Tx } from '../../shared/transactions.ts';
import type { TaskActor } from './tasks.ts';

export interface NewNotice {
  readonly key: Key;
  readonly kind: 'remind' | 'escalate';
  readonly instanceKey: Key;
  readonly taskKey: Key;
  readonly elementId: string;
  readonly tenantId: string;
  readonly businessKey: string | null;
  /** Null: whoever has the task, else whoever may take it. */
  readonly to: string | null;
  readonly createdAt: Instant;
}

export type Notice = Omit<NewNotice, 'to'> & {
  readonly taskName: string | null;
  readonly recipients: readonly string[];
};

const COLUMNS = `key, kind, instance_key as "instanceKey", task_key as "taskKey", element_id as "elementId",
  task_name as "taskName", tenant_id as "tenantId", business_key as "businessKey", recipients, created_at as "createdAt"`;

/** Unread ones, newest first. */
export async function listNotices(tx: Tx, actor: TaskActor, limit: number): Promise<readonly Notice[]> {
  const { rows } = await tx.query<Notice>(
    `select ${COLUMNS} from notices where read_at is null and tenant_id = $1 and recipients && $2
     order by key desc limit $3`,
    [actor.tenantId, [actor.userId, ...actor.groups], limit],
  );
  return rows;
}

/** False when there is no such unread notice for this person. What one has read is read for all of its recipients. */
export async function markNoticeRead(tx: Tx, actor: TaskActor, key: Key, now: Instant): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update notices set read_at = $4, read_by = $2
     where key = $1 and read_at is null and tenant_id = $3 and recipients && $5`,
    [key, actor.userId, actor.tenantId, now, [actor.userId, ...actor.groups]],
  );
  return rowCount > 0;
}
