// Opening, ending and answering of signing sessions. What comes after the end of a session is put aside with an entry in
// the history of the document; nothing of it reaches the document itself.

import type { Actor } from '../../../shared/actor.ts';
import type { Instant } from '../../../shared/time.ts';
import type { Tx } from '../../../shared/transactions.ts';
import { recordAudit, type AuditAction } from '../../audit/index.ts';
import { orRefuse, signingError, type SigningErrorCode } from '../errors.ts';
import { findLateness, latenessCode } from '../session-rules.ts';
import type { Quarantined, QuarantineReason, SigningSession } from '../session.ts';
import { recordSignature } from '../records.ts';
import * as records from '../store.ts';
import * as store from '../store/sessions.ts';
import type { SignatureRole } from '../ports.ts';
import { checkOrder } from '../rules.ts';

const unknown = () => signingError({ code: 'SIGNING_SESSION_NOT_FOUND', message: 'No such session of this person' });

function audit(tx: Tx, session: SigningSession, actor: Actor | null, entry: Entry, now: Instant): Promise<void> {
  return recordAudit(tx, {
    at: now,
    actor,
    agencyId: session.agencyId,
    action: entry.action,
    subjectKind: 'document',
    subjectId: session.documentId,
    details: { sessionId: session.id, provider: session.provider, role: session.role, ...entry.details },
  });
}

interface Entry {
  readonly action: AuditAction;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** NĐ 30/2020 Đ32(2)d, before anything is handed out. Codes SIGNING_ALREADY_SIGNED, SIGNING_PERSON_MISSING. */
export async function requireOrder(
  tx: Tx,
  documentId: SigningSession['documentId'],
  role: SignatureRole,
): Promise<void> {
  const present = await records.selectSignatures(tx, documentId);
  orRefuse(
    checkOrder(
      present.map((signature) => signature.role),
      role,
    ),
  );
}

export async function openSession(
  tx: Tx,
  actor: Actor,
  session: store.NewSession,
  now: Instant,
): Promise<SigningSession> {
  const opened = await store.insertSession(tx, session, now);
  await audit(tx, opened, actor, { action: 'signature.requested' }, now);
  return opened;
}

/** Of this person only; a session of somebody else answers as unknown. */
export async function getSession(tx: Tx, actor: Actor, id: string): Promise<SigningSession> {
  const session = await store.selectSession(tx, { id });
  if (session === null || session.userId !== actor.userId) throw unknown();
  return session;
}

/** By the one-time token of its download and upload address. */
export async function getSessionByToken(tx: Tx, tokenHash: string): Promise<SigningSession> {
  const session = await store.selectSession(tx, { tokenHash });
  if (session === null) throw unknown();
  return session;
}

/** The row locked, and still open; otherwise why not. */
export async function lockOpenSession(
  tx: Tx,
  id: string,
  now: Instant,
): Promise<{ readonly session: SigningSession; readonly lateness: QuarantineReason | null }> {
  const session = await store.selectSession(tx, { id }, true);
  if (session === null) throw unknown();
  return { session, lateness: findLateness(session, now) };
}

/** Keeps what came too late, and says so in the document's history. Answers the code for whoever brought it. */
export async function quarantine(
  tx: Tx,
  session: SigningSession,
  late: { readonly reason: QuarantineReason; readonly content: Uint8Array },
  now: Instant,
): Promise<SigningErrorCode> {
  if (late.reason === 'late')
    await store.endSession(tx, session.id, { status: 'expired', code: 'SIGNING_SESSION_EXPIRED' }, now);
  const id = await store.insertQuarantined(tx, { session, ...late }, now);
  const details = { quarantineId: id, reason: late.reason, signerName: session.signerName };
  await audit(tx, session, null, { action: 'signature.quarantined', details }, now);
  return latenessCode(late.reason);
}

export const completeSession = async (tx: Tx, session: SigningSession, now: Instant): Promise<void> => {
  await store.endSession(tx, session.id, { status: 'completed', code: null }, now);
};

/** The answer was judged and not accepted: the session ends, whoever tries again starts anew. */
export async function refuseSession(tx: Tx, session: SigningSession, code: string, now: Instant): Promise<void> {
  if (!(await store.endSession(tx, session.id, { status: 'refused', code }, now))) return;
  await audit(tx, session, null, { action: 'signature.rejected', details: { code } }, now);
}

/** Idempotent; a session that has ended stays as it ended. */
export async function cancelSession(tx: Tx, actor: Actor, id: string, now: Instant): Promise<SigningSession> {
  const session = await getSession(tx, actor, id);
  if (await store.endSession(tx, id, { status: 'cancelled', code: 'SIGNING_SESSION_CANCELLED' }, now)) {
    await audit(tx, session, actor, { action: 'signature.cancelled' }, now);
  }
  return getSession(tx, actor, id);
}

export const listQuarantined = (tx: Tx, actor: Actor): Promise<readonly Quarantined[]> =>
  store.selectQuarantined(tx, actor.agencyId);

/** Somebody has looked at it; it stays stored. SIGNING_QUARANTINE_NOT_FOUND. */
export async function handleQuarantined(tx: Tx, actor: Actor, id: string, now: Instant): Promise<void> {
  const key = { id, agencyId: actor.agencyId, userId: actor.userId };
  if (await store.updateHandled(tx, key, now)) return;
  throw signingError({ code: 'SIGNING_QUARANTINE_NOT_FOUND', message: 'No such notice of this agency' });
}

/** The record of a signature that came from outside. One per document and role: SIGNING_ALREADY_SIGNED. */
export async function recordOutsideSignature(
  tx: Tx,
  actor: Actor,
  session: SigningSession,
  now: Instant,
): Promise<string> {
  await requireOrder(tx, session.documentId, session.role);
  return recordSignature(tx, {
    documentId: session.documentId,
    role: session.role,
    credentialId: null,
    provider: session.provider,
    signerName: session.signerName,
    serialNumber: session.serialNumber,
    isTest: session.isTest,
    actor,
    fieldName: session.fieldName,
    signedAt: session.signedAt,
    recordedAt: now,
  });
}
