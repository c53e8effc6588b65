// Giving numbers. Both commands are idempotent by document: asked again, also after a crash, they answer with the
// number that the document has. Locks: the register's row, held until the end of the transaction.

import type { Instant } from '../../shared/time.ts';
import type { Tx } from '../../shared/transactions.ts';
import { recordAudit } from '../audit/index.ts';
import { orRefuse } from './errors.ts';
import { INCOMING_SERIES, type AllocateInput, type RegisterIncomingInput, type RegisterKey } from './register.ts';
import { decideNextNumber } from './rules.ts';
import * as store from './store.ts';

/** The next number of the agency's series, without gaps. REGISTER_DATE_BACKWARDS for a day before the last entry's. */
export async function allocateNumber(
  tx: Tx,
  input: AllocateInput,
  now: Instant,
): Promise<{ readonly number: number; readonly entryId: string }> {
  const key = { agencyId: input.agencyId, kind: 'outgoing', series: input.series, year: input.year } as const;
  return enter(tx, key, { ...input, enteredOn: input.issuedOn, originName: null, documentIssuedOn: null }, now);
}

/** The next arrival number of the agency's year (NĐ 30/2020 Đ22(2)). */
export async function registerIncoming(
  tx: Tx,
  input: RegisterIncomingInput,
  now: Instant,
): Promise<{ readonly arrivalNumber: number; readonly entryId: string }> {
  const key = { agencyId: input.agencyId, kind: 'incoming', series: INCOMING_SERIES, year: input.year } as const;
  const facts = {
    documentId: input.documentId,
    enteredOn: input.arrivedOn,
    notation: input.documentCode,
    documentTypeName: input.documentTypeName,
    subject: input.subject,
    signerName: null,
    recipientsText: null,
    originName: input.originName,
    documentIssuedOn: input.issuedOn,
  };
  const { number, entryId } = await enter(tx, key, facts, now);
  return { arrivalNumber: number, entryId };
}

type EntryFacts = Omit<store.NewEntry, 'registerId' | 'number'>;

async function enter(
  tx: Tx,
  key: RegisterKey,
  facts: EntryFacts,
  now: Instant,
): Promise<{ number: number; entryId: string }> {
  const register = await store.lockRegister(tx, key);
  // Looked up under the lock: two offers of one job come here one after the other, and the second finds the entry.
  const present = await store.selectEntryOf(tx, facts.documentId);
  if (present !== null) return { number: present.number, entryId: present.id };

  const number = orRefuse(decideNextNumber(register, facts.enteredOn, key.year));
  const entryId = await store.insertEntry(tx, { ...facts, registerId: register.id, number }, now);
  await recordAudit(tx, {
    at: now,
    actor: null,
    agencyId: key.agencyId,
    action: key.kind === 'outgoing' ? 'register.number-allocated' : 'register.arrival-entered',
    subjectKind: 'register',
    subjectId: register.id,
    details: { number, series: key.series, year: key.year, documentId: facts.documentId, enteredOn: facts.enteredOn },
  });
  return { number, entryId };
}
