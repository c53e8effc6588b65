// SQL for incidents: technical problems that stopped an element and wait for an operator.

import type { IncidentType } from '../../engine/index.ts';
import type { Key } from '../../shared/ids.ts';
import type { Instant } from '../../shared/time.ts';
import type { Tx } from '../../shared/transactions.ts';

export interface IncidentRow {
  readonly key: Key;
  readonly instanceKey: Key;
  readonly elementInstanceKey: Key;
  readonly elementId: string;
  readonly errorType: IncidentType;
  readonly message: string;
  readonly jobKey: Key | null;
  readonly createdAt: Instant;
}

export async function listActiveIncidents(tx: Tx, limit: number): Promise<readonly IncidentRow[]> {
  const { rows } = await tx.query<IncidentRow>(
    `select key, instance_key as "instanceKey", element_instance_key as "elementInstanceKey",
       element_id as "elementId", error_type as "errorType", message, job_key as "jobKey", created_at as "createdAt"
     from incidents where status = 'active' order by key limit $1`,
    [limit],
  );
  return rows;
}

/** Where an open incident belongs, and which work its solution may set free. */
export async function findIncidentOwner(
  tx: Tx,
  key: Key,
): Promise<{ readonly instanceKey: Key; readonly jobType: string | null } | null> {
  const { rows } = await tx.query<{ instanceKey: Key; jobType: string | null }>(
    `select i.instance_key as "instanceKey", j.type as "jobType" from incidents i left join jobs j on j.key = i.job_key
     where i.key = $1 and i.status = 'active'`,
    [key],
  );
  return rows[0] ?? null;
}
