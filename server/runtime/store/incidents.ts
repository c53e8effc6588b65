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

export async function insertIncident(tx: Tx, row: IncidentRow): Promise<void> {
  await tx.query(
    `insert into incidents (key, instance_key, element_instance_key, element_id, error_type, message, job_key, status,
       created_at) values ($1, $2, $3, $4, $5, $6, $7, 'active', $8)`,
    [
      row.key,
      row.instanceKey,
      row.elementInstanceKey,
      row.elementId,
      row.errorType,
      row.message,
      row.jobKey,
      row.createdAt,
    ],
  );
}

export async function resolveIncidents(tx: Tx, keys: readonly Key[], now: Instant): Promise<void> {
  if (keys.length === 0) return;
  await tx.query(`update incidents set status = 'resolved', resolved_at = $2 where key = any ($1::bigint[])`, [
    keys,
    now,
  ]);
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
