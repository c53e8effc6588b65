// SQL of the queue of timestamps and evidence. A row is leased with a token, so that of two workers one works on it, and
// one that dies gives it back by time. Leases and back-off use the database's own clock.

import type { DocumentId } from '../../../shared/ids.ts';
import type { Instant } from '../../../shared/time.ts';
import type { Tx } from '../../../shared/transactions.ts';
import type { SignatureLevel } from '../ports.ts';
import type { LeasedUpgrade, Upgrade, UpgradeTarget } from '../session.ts';

const COLUMNS = `document_id as "documentId", target, reached, status, attempts, last_error_code as "lastErrorCode",
  requested_at as "requestedAt", changed_at as "changedAt"`;

/** A higher target than before opens the work again; asking for the same or less changes nothing. */
export async function upsertUpgrade(
  tx: Tx,
  documentId: DocumentId,
  target: UpgradeTarget,
  now: Instant,
): Promise<void> {
  await tx.query(
    `insert into signature_upgrades as u (document_id, target, reached, status, requested_at, changed_at)
     values ($1, $2, 'B-B', 'pending', $3, $3)
     on conflict (document_id) do update
       set target = excluded.target, status = 'pending', attempts = 0, last_error_code = null, changed_at = $3,
           not_before = clock_timestamp()
     where u.target <> excluded.target and excluded.target = 'B-LTA'`,
    [documentId, target, now],
  );
}

export async function selectUpgrade(tx: Tx, documentId: DocumentId): Promise<Upgrade | null> {
  const { rows } = await tx.query<Upgrade>(`select ${COLUMNS} from signature_upgrades where document_id = $1`, [
    documentId,
  ]);
  return rows[0] ?? null;
}

/** Takes the one that waits longest; null when none is due. */
export async function leaseUpgrade(tx: Tx, leaseMs: number): Promise<LeasedUpgrade | null> {
  const { rows } = await tx.query<LeasedUpgrade>(
    `update signature_upgrades
        set lease_token = gen_random_uuid(), leased_until = clock_timestamp() + $1 * interval '1 millisecond',
            attempts = attempts + 1
      where document_id = (
        select document_id from signature_upgrades
         where status = 'pending' and not_before <= clock_timestamp()
           and (leased_until is null or leased_until < clock_timestamp())
         order by not_before limit 1 for update skip locked)
      returning ${COLUMNS}, lease_token as "leaseToken"`,
    [leaseMs],
  );
  return rows[0] ?? null;
}

export interface UpgradeEnd {
  readonly documentId: DocumentId;
  readonly leaseToken: string;
  readonly reached: SignatureLevel;
  readonly status: Upgrade['status'];
  readonly errorCode: string | null;
  /** Only for `pending`: when to try again. */
  readonly delayMs: number;
}

/** False when another worker has taken the lease over. A target that rose meanwhile keeps the row pending. */
export async function releaseUpgrade(tx: Tx, end: UpgradeEnd, now: Instant): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update signature_upgrades
        set reached = $3, last_error_code = $5, changed_at = $7, lease_token = null, leased_until = null,
            status = case when $4 = 'done' and target = 'B-LTA' and $3 <> 'B-LTA' then 'pending' else $4 end,
            not_before = clock_timestamp() + $6 * interval '1 millisecond'
      where document_id = $1 and lease_token = $2`,
    [end.documentId, end.leaseToken, end.reached, end.status, end.errorCode, end.delayMs, now],
  );
  return rowCount > 0;
}
