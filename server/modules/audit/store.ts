// All SQL of the audit module. Sequence and hashes are set by the deferred trigger of migration 0003 at commit,
// under an advisory lock per chain: writers of one agency do not wait for each other during their work, only
// for the moment of committing, and the order of a chain is the order of commits.

import type { AgencyId } from '../../shared/ids.ts';
import type { Tx } from '../../shared/transactions.ts';
import type { AuditEntry, AuditInput, AuditSubject } from './audit-entry.ts';

export async function storeEntry(tx: Tx, input: AuditInput): Promise<void> {
  await tx.query(
    `insert into audit_entries
       (at, actor_id, actor_name, actor_position, agency_id, action, subject_kind, subject_id, details)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      input.at,
      input.actor?.userId ?? null,
      input.actor?.fullName ?? null,
      input.actor?.position ?? null,
      input.agencyId,
      input.action,
      input.subjectKind,
      input.subjectId,
      JSON.stringify(input.details),
    ],
    'audit.store-entry',
  );
}

export async function selectEntries(tx: Tx, subject: AuditSubject): Promise<readonly AuditEntry[]> {
  const { rows } = await tx.query<AuditEntry>(
    `select id, at, actor_id as "actorId", actor_name as "actorName", actor_position as "actorPosition",
            agency_id as "agencyId", action, subject_kind as "subjectKind", subject_id as "subjectId",
            details, hash
       from audit_entries
      where subject_kind = $1 and subject_id = $2
      order by id`,
    [subject.subjectKind, subject.subjectId],
  );
  return rows;
}

export interface ChainCheck {
  readonly entries: number;
  /** Id of the first entry that does not fit its predecessor or its own hash. */
  readonly brokenAt: string | null;
}

/**
 * Recomputes the whole chain in the database. An entry is sound when its sequence has no gap, it names the hash
 * of its predecessor, and its own hash agrees with its contents. An entry without hash was slipped past the trigger.
 */
export async function checkChain(tx: Tx, agencyId: AgencyId | null): Promise<ChainCheck> {
  const { rows } = await tx.query<ChainCheck>(
    `with links as (
       select id, sequence, hash,
              hash is not null
              and sequence = row_number() over chain_order
              and previous_hash = coalesce(lag(hash) over chain_order, repeat('0', 64))
              and hash = audit_hash(previous_hash, entry) as is_sound
         from audit_entries entry
        where chain = coalesce($1, '')
       window chain_order as (order by sequence nulls last, id)
     )
     select count(*)::int as "entries",
            (select id from links where is_sound is not true order by sequence nulls last, id limit 1) as "brokenAt"
       from links`,
    [agencyId],
  );
  return rows[0] ?? { entries: 0, brokenAt: null };
}
