// Drafts: made and changed by officers, reviewed and approved by leaders. A refused secret leaves nothing behind:
// the check comes before the first write, and the transaction rolls back.

import type { Actor } from '../../../shared/actor.ts';
import type { DocumentId } from '../../../shared/ids.ts';
import { localDateOf, type Instant } from '../../../shared/time.ts';
import type { Tx } from '../../../shared/transactions.ts';
import { getAgency, listAgencies, listUsers } from '../../agencies/index.ts';
import { getDocumentType } from '../../pilot/index.ts';
import type { Document, DraftInput } from '../document.ts';
import { documentError, orRefuse } from '../errors.ts';
import { decideTransition } from '../lifecycle.ts';
import { requireRole } from '../rules/access.ts';
import { checkDraft, type CheckedDraft } from '../rules/draft.ts';
import { capacityLineOf } from '../rules/letter.ts';
import { notationOf } from '../rules/notation.ts';
import { refuseSecrets } from '../rules/secrecy.ts';
import { checkReason } from '../rules/texts.ts';
import * as store from '../store/documents.ts';
import { selectVersion } from '../store/versions.ts';
import { advance, auditDocument, getDocument, isUuid, lockDocumentFor } from './transition.ts';

/** Officer only. Codes: see checkDraft, DOCUMENT_TYPE_UNKNOWN, DOCUMENT_ROLE_REQUIRED. */
export async function createDraft(tx: Tx, actor: Actor, input: DraftInput, now: Instant): Promise<Document> {
  orRefuse(requireRole(actor, 'officer'));
  const { checked, patch } = await prepareDraft(tx, actor, input, now);
  const id = await store.insertDocument(
    tx,
    {
      ...patch,
      agencyId: actor.agencyId,
      direction: 'outgoing',
      status: 'draft',
      drafterId: actor.userId,
      drafterName: actor.fullName,
    },
    now,
  );
  if (id === null) throw documentError({ code: 'DOCUMENT_NOT_FOUND', message: 'Expected the new draft to be stored' });
  await store.replaceRecipients(tx, id, checked.recipients);
  const details = { documentTypeId: input.documentTypeId, recipientIds: input.recipientIds };
  await auditDocument(tx, { id, agencyId: actor.agencyId }, { actor, audit: 'document.drafted', details }, now);
  return getDocument(tx, id);
}

/** Officer only, while it is a draft. Replaces all metadata; file versions and the letter's text stay. */
export async function updateDraft(
  tx: Tx,
  actor: Actor,
  id: DocumentId,
  input: DraftInput,
  now: Instant,
): Promise<Document> {
  const document = await lockDocumentFor(tx, actor, id);
  orRefuse(requireRole(actor, 'officer'));
  orRefuse(decideTransition(document, 'edit'));
  const { checked, patch } = await prepareDraft(tx, actor, input, now);
  await store.replaceRecipients(tx, id, checked.recipients);
  return advance(tx, document, { action: 'edit', audit: 'document.updated', actor, patch }, now);
}

async function prepareDraft(
  tx: Tx,
  actor: Actor,
  input: DraftInput,
  now: Instant,
): Promise<{ checked: CheckedDraft; patch: store.DocumentPatch }> {
  // First of all, before anything is looked up by what the secret says.
  orRefuse(refuseSecrets(input.secrecy, [input.subject]));
  const today = localDateOf(now);
  const type = await getDocumentType(tx, input.documentTypeId, today);
  const agency = await getAgency(tx, actor.agencyId);
  const directory = await listAgencies(tx);
  const facts = {
    agency,
    agencies: new Map(directory.map((entry) => [entry.id, entry])),
    leaders: await listUsers(tx, { agencyId: actor.agencyId, role: 'leader' }),
    repliedTo: await findRepliedTo(tx, actor, input.replyTo),
    today,
  };
  const checked = orRefuse(checkDraft(input, facts));
  const patch = {
    documentTypeId: type.id,
    documentTypeName: type.name,
    subject: checked.subject,
    urgency: input.urgency,
    notation: notationOf(type, agency),
    issuedPlace: agency.place,
    originName: agency.name,
    originCode: agency.code,
    originAgencyId: agency.id,
    signerId: checked.signer.id,
    signerName: checked.signer.fullName,
    signerPosition: checked.signer.position,
    signingCapacity: input.signingCapacity,
    capacityLine: capacityLineOf(input.signingCapacity, agency),
    dueOn: checked.dueOn,
    replyTo: input.replyTo,
  };
  return { checked, patch };
}

async function findRepliedTo(tx: Tx, actor: Actor, replyTo: DocumentId | null): Promise<Document | null> {
  if (replyTo === null || !isUuid(replyTo)) return null;
  return store.selectDocument(tx, { id: replyTo, agencyId: actor.agencyId, mustLock: false });
}

/** draft → in_review. Officer only; DOCUMENT_FILE_MISSING without a PDF. */
export async function submitDraft(tx: Tx, actor: Actor, id: DocumentId, now: Instant): Promise<Document> {
  const document = await lockDocumentFor(tx, actor, id);
  orRefuse(requireRole(actor, 'officer'));
  orRefuse(decideTransition(document, 'submit'));
  const version = await selectVersion(tx, id, null);
  if (version === null) {
    throw documentError({ code: 'DOCUMENT_FILE_MISSING', message: 'Expected the draft to have a PDF' });
  }
  const step = {
    action: 'submit',
    audit: 'document.submitted',
    actor,
    patch: { returnReason: null },
    details: { version: version.version, sha256: version.sha256 },
  } as const;
  return advance(tx, document, step, now);
}

/** in_review | awaiting_signature → draft. Leader only, with a reason of at least five characters. */
export async function returnDraft(
  tx: Tx,
  actor: Actor,
  id: DocumentId,
  reason: string,
  now: Instant,
): Promise<Document> {
  const document = await lockDocumentFor(tx, actor, id);
  orRefuse(requireRole(actor, 'leader'));
  orRefuse(decideTransition(document, 'return'));
  const returnReason = orRefuse(checkReason(reason));
  const step = {
    action: 'return',
    audit: 'document.returned',
    actor,
    patch: { returnReason },
    details: { reason: returnReason },
  } as const;
  return advance(tx, document, step, now);
}

/** in_review → awaiting_signature. Leader only. */
export async function approveDraft(tx: Tx, actor: Actor, id: DocumentId, now: Instant): Promise<Document> {
  const document = await lockDocumentFor(tx, actor, id);
  orRefuse(requireRole(actor, 'leader'));
  return advance(tx, document, { action: 'approve', audit: 'document.approved', actor }, now);
}

/** Any state before signed → cancelled. Officer only, with a reason. */
export async function cancelDraft(
  tx: Tx,
  actor: Actor,
  id: DocumentId,
  reason: string,
  now: Instant,
): Promise<Document> {
  const document = await lockDocumentFor(tx, actor, id);
  orRefuse(requireRole(actor, 'officer'));
  orRefuse(decideTransition(document, 'cancel'));
  const details = { reason: orRefuse(checkReason(reason)) };
  return advance(tx, document, { action: 'cancel', audit: 'document.cancelled', actor, details }, now);
}
