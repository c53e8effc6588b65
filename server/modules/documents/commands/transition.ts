// What every command on an existing document does: lock and load it, ask the lifecycle table, write the new state
// and the audit entry. Locking first makes two commands on one document decide one after the other.

import type { Actor } from '../../../shared/actor.ts';
import type { DocumentId } from '../../../shared/ids.ts';
import type { Instant } from '../../../shared/time.ts';
import type { Tx } from '../../../shared/transactions.ts';
import { recordAudit, type AuditAction, type AuditDetails } from '../../audit/index.ts';
import type { Document } from '../document.ts';
import { documentError, orRefuse } from '../errors.ts';
import { decideTransition, type DocumentAction } from '../lifecycle.ts';
import { selectDocument, updateDocument, type DocumentPatch } from '../store/documents.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** Ids come from URLs: a malformed one names nothing, it is not a database error. */
export const isUuid = (text: string): boolean => UUID.test(text);

const notFound = (id: DocumentId) =>
  documentError({
    code: 'DOCUMENT_NOT_FOUND',
    message: `Expected document '${id}' to exist for the actor`,
    details: { documentId: id },
  });

/** Locked, for the system. */
export async function lockDocument(tx: Tx, id: DocumentId): Promise<Document> {
  const document = isUuid(id) ? await selectDocument(tx, { id, agencyId: null, mustLock: true }) : null;
  if (document === null) throw notFound(id);
  return document;
}

/** Locked, inside the walls of the actor's agency: another agency's document answers as unknown. */
export async function lockDocumentFor(tx: Tx, actor: Actor, id: DocumentId): Promise<Document> {
  const key = { id, agencyId: actor.agencyId, mustLock: true };
  const document = isUuid(id) ? await selectDocument(tx, key) : null;
  if (document === null) throw notFound(id);
  return document;
}

export async function getDocument(tx: Tx, id: DocumentId): Promise<Document> {
  const document = isUuid(id) ? await selectDocument(tx, { id, agencyId: null, mustLock: false }) : null;
  if (document === null) throw notFound(id);
  return document;
}

export interface Step {
  readonly action: DocumentAction;
  readonly audit: AuditAction;
  /** Null: the system acts. */
  readonly actor: Actor | null;
  readonly patch?: DocumentPatch;
  readonly details?: AuditDetails;
}

/** Takes the document along one arrow of the lifecycle table and returns it as stored. */
export async function advance(tx: Tx, document: Document, step: Step, now: Instant): Promise<Document> {
  const status = orRefuse(decideTransition(document, step.action));
  await updateDocument(tx, document.id, { ...step.patch, status }, now);
  await auditDocument(tx, document, step, now);
  return getDocument(tx, document.id);
}

export const auditDocument = (
  tx: Tx,
  document: Pick<Document, 'id' | 'agencyId'>,
  step: Pick<Step, 'actor' | 'audit' | 'details'>,
  now: Instant,
): Promise<void> =>
  recordAudit(tx, {
    at: now,
    actor: step.actor,
    agencyId: document.agencyId,
    action: step.audit,
    subjectKind: 'document',
    subjectId: document.id,
    details: step.details ?? {},
  });
