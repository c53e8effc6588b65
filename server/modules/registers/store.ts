// All SQL of the registers module. The row of a register is the lock of its series: whoever holds it gives the next
// number, and a rollback gives the number back. Triggers refuse jumps, renumbering and removal.

import type { AgencyId, DocumentId } from '../../shared/ids.ts';
import type { Instant } from '../../shared/time.ts';
import type { Tx } from '../../shared/transactions.ts';
import type { Register, RegisterEntry, RegisterKey, RegisterKind } from './register.ts';

/** Makes the register when the year is new, and locks it until the end of the transaction. */
export async function lockRegister(tx: Tx, key: RegisterKey): Promise<Register> {
  const values = [key.agencyId, key.kind, key.series, key.year];
  await tx.query(
    `insert into registers (agency_id, kind, series, year) values ($1, $2, $3, $4)
     on conflict (agency_id, kind, series, year) do nothing`,
    values,
    'registers.make',
  );
  const { rows } = await tx.query<Register>(
    `select id, last_number as "lastNumber", last_on as "lastOn" from registers
      where agency_id = $1 and kind = $2 and series = $3 and year = $4 for update`,
    values,
    'registers.lock',
  );
  const register = rows[0];
  if (register === undefined) throw new Error('The register was made or found by the statement before');
  return register;
}

/** The entry that the document has already, in whatever register of this kind. */
export async function selectEntryOf(
  tx: Tx,
  documentId: DocumentId,
): Promise<{ readonly id: string; readonly number: number } | null> {
  const { rows } = await tx.query<{ id: string; number: number }>(
    `select id, number from register_entries where document_id = $1`,
    [documentId],
    'registers.select-entry-of',
  );
  return rows[0] ?? null;
}

export type NewEntry = Omit<RegisterEntry, 'id' | 'series' | 'recordedAt'> & { readonly registerId: string };

export async function insertEntry(tx: Tx, entry: NewEntry, now: Instant): Promise<string> {
  await tx.query(`update registers set last_number = $2, last_on = $3 where id = $1`, [
    entry.registerId,
    entry.number,
    entry.enteredOn,
  ]);
  const { rows } = await tx.query<{ id: string }>(
    `insert into register_entries (register_id, number, document_id, entered_on, notation, document_type_name,
       subject, signer_name, recipients_text, origin_name, document_issued_on, recorded_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) returning id`,
    [
      entry.registerId,
      entry.number,
      entry.documentId,
      entry.enteredOn,
      entry.notation,
      entry.documentTypeName,
      entry.subject,
      entry.signerName,
      entry.recipientsText,
      entry.originName,
      entry.documentIssuedOn,
      now,
    ],
  );
  return rows[0]?.id ?? '';
}

export interface EntryFilter {
  readonly agencyId: AgencyId;
  readonly kind: RegisterKind;
  readonly year: number;
}

export async function selectEntries(tx: Tx, filter: EntryFilter): Promise<readonly RegisterEntry[]> {
  const { rows } = await tx.query<RegisterEntry>(
    `select e.id, r.series, e.number, e.document_id as "documentId", e.entered_on as "enteredOn", e.notation,
            e.document_type_name as "documentTypeName", e.subject, e.signer_name as "signerName",
            e.recipients_text as "recipientsText", e.origin_name as "originName",
            e.document_issued_on as "documentIssuedOn", e.recorded_at as "recordedAt"
       from register_entries e join registers r on r.id = e.register_id
      where r.agency_id = $1 and r.kind = $2 and r.year = $3
      order by r.series, e.number`,
    [filter.agencyId, filter.kind, filter.year],
  );
  return rows;
}
