// Incoming documents: arrive by package, are accepted and registered (or refused) by a clerk, assigned by a leader,
// handled and completed by officers.

import type { Actor } from '../../../shared/actor.ts';
import type { DocumentId, UserId } from '../../../shared/ids.ts';
import { localDateOf, type Instant, type LocalDate } from '../../../shared/time.ts';
import type { Tx } from '../../../shared/transactions.ts';
import { listUsers } from '../../agencies/index.ts';
import type { AssignInput, Document, IncomingFile, IncomingInput } from '../document.ts';
import { documentError, orRefuse } from '../errors.ts';
import { decideTransition, hasReached } from '../lifecycle.ts';
import type { ContentStore } from '../ports.ts';
import { requireAssignee, requireRole } from '../rules/access.ts';
import { asciiFileName } from '../rules/notation.ts';
import { refuseSecrets } from '../rules/secrecy.ts';
import { checkDueOn, checkFilled, checkReason, checkRefusalCode, cleanText } from '../rules/texts.ts';
import * as store from '../store/documents.ts';
import { insertAttachment } from '../store/versions.ts';
import { saveVersion } from './files.ts';
import { advance, auditDocument, getDocument, lockDocument, lockDocumentFor } from './transition.ts';

/** → arrived, by the system. Idempotent by package: a package that was offered again keeps its one document. */
export async function createIncoming(
  tx: Tx,
  deps: { readonly contentStore: ContentStore },
  input: IncomingInput,
  now: Instant,
): Promise<Document> {
  orRefuse(refuseSecrets('none', [input.subject]));
  const [main, ...others] = input.files;
  if (main === undefined) {
    throw documentError({ code: 'DOCUMENT_FILE_MISSING', message: 'Expected the package to have a main file' });
  }
  const typeId = await store.selectTypeIdByName(tx, input.documentTypeName);
  const id = await store.insertDocument(tx, newIncoming(input, typeId), now);
  if (id === null) return getDocumentOfPackage(tx, input);

  const document = await lockDocument(tx, id);
  const fileName = asciiFileName(main.name.replace(/\.pdf$/iu, ''), 'pdf');
  const content = { kind: 'received', fileName, bytes: main.bytes, pageCount: input.pageCount, anchors: null } as const;
  await saveVersion(tx, deps, document, { actor: null, content }, now);
  for (const [index, file] of others.entries()) await saveAttachment(tx, deps, { id, ordinal: index + 1, file });
  const details = { packageId: input.packageId, originCode: input.origin.code, documentCode: document.documentCode };
  await auditDocument(tx, document, { actor: null, audit: 'document.arrived', details }, now);
  return getDocument(tx, id);
}

const newIncoming = (input: IncomingInput, typeId: string | null): store.NewDocument => ({
  agencyId: input.agencyId,
  direction: 'incoming',
  status: 'arrived',
  documentTypeId: typeId,
  documentTypeName: cleanText(input.documentTypeName),
  subject: cleanText(input.subject),
  urgency: input.urgency,
  notation: input.notation,
  documentCode: `${input.number}/${input.notation}`,
  issuedOn: input.issuedOn,
  issuedPlace: input.issuedPlace,
  wireDocumentId: input.wireDocumentId,
  signerName: input.signer.fullName,
  signerPosition: input.signer.position,
  capacityLine: input.signer.capacity,
  dueOn: input.dueOn,
  recipientsLines: input.recipientsLines,
  originCode: input.origin.code,
  originName: input.origin.name,
  originAgencyId: input.origin.agencyId,
  packageId: input.packageId,
});

async function getDocumentOfPackage(tx: Tx, { packageId }: IncomingInput): Promise<Document> {
  const document = await store.selectDocumentOfPackage(tx, packageId);
  if (document !== null) return document;
  throw documentError({
    code: 'DOCUMENT_NOT_FOUND',
    message: `Expected package '${packageId}' to have a document`,
    details: { packageId },
  });
}

async function saveAttachment(
  tx: Tx,
  deps: { readonly contentStore: ContentStore },
  { id, ordinal, file }: { readonly id: DocumentId; readonly ordinal: number; readonly file: IncomingFile },
): Promise<void> {
  const sha256 = await deps.contentStore.put(tx, file.bytes);
  const extension = /\.([A-Za-z0-9]{1,8})$/u.exec(file.name)?.[1]?.toLowerCase() ?? 'bin';
  const fileName = asciiFileName(file.name.replace(/\.[A-Za-z0-9]{1,8}$/u, ''), extension);
  await insertAttachment(tx, id, {
    ordinal,
    fileName,
    description: file.description,
    mediaType: file.mediaType,
    sha256,
  });
}

/** arrived → accepted → registered. Clerk only, with the arrival number that the register gave. */
export async function recordAccepted(
  tx: Tx,
  actor: Actor,
  id: DocumentId,
  arrival: { readonly arrivalNumber: number; readonly arrivedOn: LocalDate },
  now: Instant,
): Promise<Document> {
  const document = await lockDocumentFor(tx, actor, id);
  orRefuse(requireRole(actor, 'clerk'));
  const accepted = await advance(tx, document, { action: 'accept', audit: 'document.accepted', actor }, now);
  const step = {
    action: 'register',
    audit: 'document.registered',
    actor,
    patch: { arrivalNumber: arrival.arrivalNumber, arrivedOn: arrival.arrivedOn },
    details: { arrivalNumber: arrival.arrivalNumber, arrivedOn: arrival.arrivedOn },
  } as const;
  return advance(tx, accepted, step, now);
}

/** arrived → refused. Clerk only: a coded ground, a reason, and the person who answers for it (QĐ 28/2018 Đ5). */
export async function recordRefused(
  tx: Tx,
  actor: Actor,
  id: DocumentId,
  refusal: { readonly reasonCode: string; readonly reason: string },
  now: Instant,
): Promise<Document> {
  const document = await lockDocumentFor(tx, actor, id);
  orRefuse(requireRole(actor, 'clerk'));
  orRefuse(decideTransition(document, 'refuse'));
  const refusalCode = orRefuse(checkRefusalCode(refusal.reasonCode));
  const refusalReason = orRefuse(checkReason(refusal.reason));
  const step = {
    action: 'refuse',
    audit: 'document.refused',
    actor,
    patch: { refusalCode, refusalReason },
    details: { reasonCode: refusalCode, reason: refusalReason },
  } as const;
  return advance(tx, document, step, now);
}

/** registered → assigned. Leader only; handlers are people of the agency. */
export async function assignDocument(
  tx: Tx,
  actor: Actor,
  id: DocumentId,
  input: AssignInput,
  now: Instant,
): Promise<Document> {
  const document = await lockDocumentFor(tx, actor, id);
  orRefuse(requireRole(actor, 'leader'));
  orRefuse(decideTransition(document, 'assign'));
  const instruction = orRefuse(checkFilled(input.instruction, 'DOCUMENT_INSTRUCTION_MISSING'));
  const handleBy = orRefuse(checkDueOn(input.dueOn, localDateOf(now)));
  const supportIds = [...new Set(input.supportIds)].filter((userId) => userId !== input.leadId);
  await requireColleagues(tx, actor, [input.leadId, ...supportIds]);
  await store.insertAssignments(tx, id, { ...input, supportIds }, { userId: actor.userId, at: now });
  const step = {
    action: 'assign',
    audit: 'document.assigned',
    actor,
    patch: { instruction, handleBy },
    details: { leadId: input.leadId, supportIds, instruction, dueOn: handleBy },
  } as const;
  return advance(tx, document, step, now);
}

async function requireColleagues(tx: Tx, actor: Actor, userIds: readonly UserId[]): Promise<void> {
  const colleagues = await listUsers(tx, { agencyId: actor.agencyId });
  const known = new Set(colleagues.map((user) => user.id));
  const stranger = userIds.find((userId) => !known.has(userId));
  if (stranger === undefined) return;
  throw documentError({
    code: 'DOCUMENT_ASSIGNEE_UNKNOWN',
    message: `Expected handler '${stranger}' to be a person of the agency`,
    details: { userId: stranger },
  });
}

/** assigned → in_progress by a handler; no change when handling has begun already. */
export async function beginHandling(tx: Tx, actor: Actor, id: DocumentId, now: Instant): Promise<Document> {
  const document = await lockDocumentFor(tx, actor, id);
  orRefuse(requireAssignee(actor, document, false));
  orRefuse(decideTransition(document, 'begin'));
  if (hasReached(document, 'in_progress')) return document;
  return advance(tx, document, { action: 'begin', audit: 'document.handling-started', actor }, now);
}

/** in_progress → completed by the lead handler. Handling begins by itself when nobody has begun it. */
export async function completeHandling(
  tx: Tx,
  actor: Actor,
  id: DocumentId,
  input: { readonly outcome: string },
  now: Instant,
): Promise<Document> {
  const document = await lockDocumentFor(tx, actor, id);
  orRefuse(requireAssignee(actor, document, true));
  const outcome = orRefuse(checkFilled(input.outcome, 'DOCUMENT_OUTCOME_MISSING'));
  const begun = hasReached(document, 'in_progress')
    ? document
    : await advance(tx, document, { action: 'begin', audit: 'document.handling-started', actor }, now);
  const step = {
    action: 'complete',
    audit: 'document.completed',
    actor,
    patch: { outcome },
    details: { outcome },
  } as const;
  return advance(tx, begun, step, now);
}
