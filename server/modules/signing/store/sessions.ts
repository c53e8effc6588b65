// SQL of signing sessions and of the quarantine. Prepared signatures are stored as the increment and plain data, so that a
// session of a file of 50 MB costs some kilobytes.

import { createSessionRow, type SessionRow } from './session-row.ts';
import type { AgencyId, UserId } from '../../../shared/ids.ts';
import type { Instant } from '../../../shared/time.ts';
import type { Tx } from '../../../shared/transactions.ts';
import type { Quarantined, QuarantineReason, SessionStatus, SigningSession } from '../session.ts';

const COLUMNS = `id, provider, status, document_id as "documentId", version, source_sha256 as "sourceSha256", role,
  user_id as "userId", agency_id as "agencyId", task_key as "taskKey", field_name as "fieldName",
  signer_name as "signerName", serial_number as "serialNumber", is_test as "isTest", certificate, prepared, increment,
  signed_at as "signedAt", expires_at as "expiresAt", outcome_code as "outcomeCode"`;

export type NewSession = Omit<SigningSession, 'id' | 'status' | 'outcomeCode'> & { readonly tokenHash: string | null };

/** An open session for the same signature ends: whoever starts anew has given up the other one. */
export async function insertSession(tx: Tx, session: NewSession, now: Instant): Promise<SigningSession> {
  await tx.query(
    `update signing_sessions set status = 'cancelled', ended_at = $3, outcome_code = 'SIGNING_SESSION_CANCELLED'
      where document_id = $1 and role = $2 and status = 'open'`,
    [session.documentId, session.role, now],
  );
  const row = createSessionRow(session);
  const { rows } = await tx.query<SessionRow>(
    `insert into signing_sessions
       (provider, status, document_id, version, source_sha256, role, user_id, agency_id, task_key, field_name,
        signer_name, serial_number, is_test, certificate, prepared, increment, token_hash, signed_at, expires_at, created_at)
     values ($1, 'open', $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
     returning ${COLUMNS}`,
    [
      session.provider,
      session.documentId,
      session.version,
      session.sourceSha256,
      session.role,
      session.userId,
      session.agencyId,
      session.taskKey,
      session.fieldName,
      session.signerName,
      session.serialNumber,
      session.isTest,
      session.certificate,
      row,
      session.increment,
      session.tokenHash,
      session.signedAt,
      session.expiresAt,
      now,
    ],
  );
  const [inserted] = rows.map(toSession);
  if (inserted === undefined) throw new Error('INSERT … RETURNING gives the row');
  return inserted;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export async function selectSession(
  tx: Tx,
  by: { readonly id: string } | { readonly tokenHash: string },
  mustLock = false,
): Promise<SigningSession | null> {
  if ('id' in by && !UUID.test(by.id)) return null;
  const { rows } = await tx.query<SessionRow>(
    `select ${COLUMNS} from signing_sessions where ${'id' in by ? 'id' : 'token_hash'} = $1 ${mustLock ? 'for update' : ''}`,
    ['id' in by ? by.id : by.tokenHash],
  );
  const [row] = rows;
  return row === undefined ? null : toSession(row);
}

const toSession = ({ prepared, ...row }: SessionRow): SigningSession => ({
  ...row,
  prepared:
    prepared === null
      ? null
      : {
          byteRange: prepared.byteRange,
          sourceSha256: row.sourceSha256,
          sourceLength: prepared.sourceLength,
          fieldName: row.fieldName,
          certificate: row.certificate,
          chain: prepared.chain.map(fromBase64),
          scheme: prepared.scheme,
          documentDigest: fromBase64(prepared.documentDigest),
          signedAttributes: fromBase64(prepared.signedAttributes),
          toBeSigned: fromBase64(prepared.toBeSigned),
        },
});

const fromBase64 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'));

/** False when it had ended already. */
export async function endSession(
  tx: Tx,
  id: string,
  end: { readonly status: Exclude<SessionStatus, 'open'>; readonly code: string | null },
  now: Instant,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update signing_sessions set status = $2, outcome_code = $3, ended_at = $4 where id = $1 and status = 'open'`,
    [id, end.status, end.code, now],
  );
  return rowCount > 0;
}

export async function insertQuarantined(
  tx: Tx,
  item: { readonly session: SigningSession; readonly reason: QuarantineReason; readonly content: Uint8Array },
  now: Instant,
): Promise<string> {
  const { rows } = await tx.query<{ id: string }>(
    `insert into signing_quarantine (session_id, document_id, agency_id, reason, content, sha256, received_at)
     values ($1, $2, $3, $4, $5::bytea, encode(sha256($5::bytea), 'hex'), $6) returning id`,
    [item.session.id, item.session.documentId, item.session.agencyId, item.reason, item.content, now],
  );
  return rows[0]?.id ?? '';
}

/** Notices of the agency that nobody has handled yet. */
export async function selectQuarantined(tx: Tx, agencyId: AgencyId): Promise<readonly Quarantined[]> {
  const { rows } = await tx.query<Quarantined>(
    `select q.id, q.session_id as "sessionId", q.document_id as "documentId", d.subject, q.reason, q.sha256,
            octet_length(q.content) as "sizeBytes", s.signer_name as "signerName", q.received_at as "receivedAt"
       from signing_quarantine q
       join signing_sessions s on s.id = q.session_id
       join documents d on d.id = q.document_id
      where q.agency_id = $1 and q.handled_at is null order by q.received_at limit 200`,
    [agencyId],
  );
  return rows;
}

/** False when there is no such open notice of this agency. */
export async function updateHandled(
  tx: Tx,
  key: { readonly id: string; readonly agencyId: AgencyId; readonly userId: UserId },
  now: Instant,
): Promise<boolean> {
  if (!UUID.test(key.id)) return false;
  const { rowCount } = await tx.query(
    `update signing_quarantine set handled_at = $4, handled_by = $3
      where id = $1 and agency_id = $2 and handled_at is null`,
    [key.id, key.agencyId, key.userId, now],
  );
  return rowCount > 0;
}
