// The sender's side: one package per recipient, its envelope, what became of it, and the reports that come back.
// Sending itself happens outside a transaction; these commands store the intent before and the outcome after.

import type { AgencyId, PackageId } from '../../../shared/ids.ts';
import { localDateOf, type Instant } from '../../../shared/time.ts';
import type { Tx } from '../../../shared/transactions.ts';
import { findAgencyByCode, getAgency, listAgencies, type Agency } from '../../agencies/index.ts';
import { recordAudit, type AuditAction, type AuditDetails } from '../../audit/index.ts';
import { getDocument, listAttachments, loadIssued, type ContentStore, type Document } from '../../documents/index.ts';
import { getDocumentType } from '../../pilot/index.ts';
import { exchangeError, orRefuse } from '../errors.ts';
import type { OutgoingPackage, RecordedStatus } from '../package.ts';
import type { DocumentMessage, Envelope, ExchangeCodec, Receipt, StatusMessage, WireAttachment } from '../ports.ts';
import { buildDocumentMessage, checkSender } from '../rules.ts';
import * as store from '../store/outgoing.ts';
import { deliveryStatusOf, mergeStatus, readWireCode, type WireStatusCode } from '../wire-status.ts';

export interface CreatePackagesInput {
  readonly document: Document;
  readonly sender: Agency;
  readonly recipients: readonly { readonly id: AgencyId }[];
}

/** One queued package per recipient, in the order of the recipients. Idempotent: existing packages stay. */
export async function createPackages(
  tx: Tx,
  { document, sender, recipients }: CreatePackagesInput,
  now: Instant,
): Promise<readonly OutgoingPackage[]> {
  const directory = new Map((await listAgencies(tx)).map((agency) => [agency.id, agency]));
  const known = recipients.flatMap(({ id }) => directory.get(id) ?? []);
  const added = await store.insertPackages(
    tx,
    { documentId: document.id, senderId: sender.id, recipients: known },
    now,
  );
  if (added.length > 0) {
    await recordAudit(tx, {
      at: now,
      actor: null,
      agencyId: sender.id,
      action: 'package.created',
      subjectKind: 'document',
      subjectId: document.id,
      details: { recipientIds: added },
    });
  }
  const packages = new Map((await store.selectPackages(tx, document.id)).map((item) => [item.recipientId, item]));
  return recipients.flatMap(({ id }) => packages.get(id) ?? []);
}

/** PACKAGE_NOT_FOUND when there is none. */
export async function getPackage(tx: Tx, id: PackageId, mustLock = false): Promise<OutgoingPackage> {
  const found = await store.selectPackage(tx, id, mustLock);
  if (found !== null) return found;
  throw exchangeError({
    code: 'PACKAGE_NOT_FOUND',
    message: `Expected outgoing package '${id}' to exist`,
    details: { packageId: id },
  });
}

/**
 * The message of a package. The first call encodes it and keeps the bytes; later attempts send the same bytes, so that
 * the other side recognises a repetition whatever has changed here in between.
 */
export async function buildDocumentEnvelope(
  tx: Tx,
  deps: { readonly codec: ExchangeCodec; readonly contentStore: ContentStore },
  packageId: PackageId,
): Promise<Envelope> {
  const outgoing = await getPackage(tx, packageId, true);
  const sender = await getAgency(tx, outgoing.senderId);
  const { messageId, recipientCode: toCode, sha256 } = outgoing;
  const bytes =
    sha256 === null
      ? deps.codec.encode(await composeMessage(tx, deps, outgoing, sender))
      : await deps.contentStore.get(tx, sha256);
  if (sha256 === null) await store.updateBytes(tx, packageId, await deps.contentStore.put(tx, bytes));
  return { messageId, fromCode: sender.code, toCode, messageType: 'edoc', bytes };
}

async function composeMessage(
  tx: Tx,
  deps: { readonly contentStore: ContentStore },
  outgoing: OutgoingPackage,
  sender: Agency,
): Promise<DocumentMessage> {
  const document = await getDocument(tx, outgoing.documentId);
  const { version, bytes } = await loadIssued(tx, deps, document.id);
  const main = { name: version.fileName, description: 'Văn bản chính', contentType: 'application/pdf', bytes };
  const parts = {
    document,
    type: await getDocumentType(tx, document.documentTypeId, localDateOf(outgoing.createdAt)),
    sender,
    recipient: { code: outgoing.recipientCode, name: outgoing.recipientName },
    sentAt: outgoing.createdAt,
    pageCount: version.pageCount,
    attachments: [main, ...(await loadAttachments(tx, deps, document))],
  };
  return orRefuse(buildDocumentMessage(parts));
}

async function loadAttachments(
  tx: Tx,
  deps: { readonly contentStore: ContentStore },
  document: Document,
): Promise<readonly WireAttachment[]> {
  const loaded: WireAttachment[] = [];
  for (const attachment of await listAttachments(tx, document.id)) {
    const bytes = await deps.contentStore.get(tx, attachment.sha256);
    const { fileName: name, description, mediaType: contentType } = attachment;
    loaded.push({ name, description, contentType, bytes });
  }
  return loaded;
}

/** queued → sent. Idempotent; a report that overtook the receipt is not set back. */
export async function recordSent(tx: Tx, packageId: PackageId, receipt: Receipt, now: Instant): Promise<void> {
  const outgoing = await getPackage(tx, packageId, true);
  if (!receipt.accepted) {
    await noteFailure(tx, outgoing, `${receipt.code}: ${receipt.reason}`, now);
    return;
  }
  if (outgoing.sentAt !== null) return;
  await store.updateSent(tx, packageId, mergeStatus(outgoing.status, 'sent'), now);
  const details = { recipientId: outgoing.recipientId, sha256: receipt.sha256, messageId: outgoing.messageId };
  await auditPackage(tx, outgoing, 'package.sent', details, now);
}

/** The attempt failed; the package stays queued and keeps the reason for the operator. */
export async function recordSendFailed(tx: Tx, packageId: PackageId, reason: string, now: Instant): Promise<void> {
  await noteFailure(tx, await getPackage(tx, packageId, true), reason, now);
}

async function noteFailure(tx: Tx, outgoing: OutgoingPackage, reason: string, now: Instant): Promise<void> {
  await store.updateFailed(tx, outgoing.id, reason);
  await auditPackage(tx, outgoing, 'package.send-failed', { recipientId: outgoing.recipientId, reason }, now);
}

/**
 * Keeps a report of a recipient about a package. All reports are kept, each message once; the state of the delivery
 * becomes the highest-ranking of them. Codes: EXCHANGE_STATUS_UNKNOWN, EXCHANGE_STATUS_UNMATCHED,
 * EXCHANGE_SENDER_MISMATCH, EXCHANGE_DUPLICATE_CONFLICT.
 */
export async function recordIncomingStatus(
  tx: Tx,
  message: StatusMessage,
  envelope: Envelope,
  now: Instant,
): Promise<RecordedStatus> {
  orRefuse(checkSender(message, envelope));
  const code = readWireCode(message.statusCode);
  if (code === null) {
    throw exchangeError({
      code: 'EXCHANGE_STATUS_UNKNOWN',
      message: `Expected a known status, got '${message.statusCode}'`,
    });
  }
  const outgoing = await lockReportedPackage(tx, message, envelope);
  const report = { packageId: outgoing.id, fromCode: envelope.fromCode, messageId: envelope.messageId, code, message };
  const isNew = await store.insertStatus(tx, report, now);
  if (!isNew) await refuseOtherContent(tx, report);
  const status = mergeStatus(outgoing.status, deliveryStatusOf(code));
  const hasAdvanced = isNew && status !== outgoing.status;
  if (hasAdvanced) await store.updateStatus(tx, outgoing.id, status);
  if (isNew) {
    const details = {
      recipientId: outgoing.recipientId,
      statusCode: code,
      status,
      hasAdvanced,
      description: message.description,
    };
    await auditPackage(tx, outgoing, 'package.status', details, now);
  }
  const { id: packageId, documentId, senderId, recipientId } = outgoing;
  return { packageId, documentId, senderId, recipientId, status: isNew ? status : outgoing.status, hasAdvanced };
}

async function lockReportedPackage(tx: Tx, message: StatusMessage, envelope: Envelope): Promise<OutgoingPackage> {
  const sender = await findAgencyByCode(tx, envelope.toCode);
  const recipient = await findAgencyByCode(tx, envelope.fromCode);
  const id =
    sender === null || recipient === null
      ? null
      : await store.selectPackageIdOf(tx, {
          senderId: sender.id,
          wireDocumentId: message.responseFor.documentId,
          recipientId: recipient.id,
        });
  if (id !== null) return getPackage(tx, id, true);
  throw exchangeError({
    code: 'EXCHANGE_STATUS_UNMATCHED',
    message: `Expected a package of '${message.responseFor.documentId}' to '${envelope.fromCode}'`,
    details: { fromCode: envelope.fromCode, toCode: envelope.toCode },
  });
}

/** A repetition says the same; the same id with something else is a fault of the other node. */
async function refuseOtherContent(
  tx: Tx,
  report: { fromCode: string; messageId: string; code: WireStatusCode; message: StatusMessage },
): Promise<void> {
  const stored = await store.selectStatus(tx, report.fromCode, report.messageId);
  const isSame =
    stored?.statusCode === report.code &&
    stored.at === report.message.at &&
    stored.description === report.message.description;
  if (isSame) return;
  throw exchangeError({
    code: 'EXCHANGE_DUPLICATE_CONFLICT',
    message: `Expected message '${report.messageId}' to say the same as before`,
    details: { messageId: report.messageId },
  });
}

/** The document is the subject, so that its timeline shows what became of its packages. */
const auditPackage = (
  tx: Tx,
  outgoing: Pick<OutgoingPackage, 'id' | 'documentId' | 'senderId'>,
  action: AuditAction,
  details: AuditDetails,
  now: Instant,
): Promise<void> =>
  recordAudit(tx, {
    at: now,
    actor: null,
    agencyId: outgoing.senderId,
    action,
    subjectKind: 'document',
    subjectId: outgoing.documentId,
    details: { packageId: outgoing.id, ...details },
  });
