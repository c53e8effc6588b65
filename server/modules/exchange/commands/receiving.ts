// The recipient's side: taking a package in once, however often it is sent, and reporting back what becomes of it.

import type { ContentHash, PackageId } from '../../../shared/ids.ts';
import type { Instant } from '../../../shared/time.ts';
import type { Tx } from '../../../shared/transactions.ts';
import { findAgencyByCode, type Agency } from '../../agencies/index.ts';
import { recordAudit } from '../../audit/index.ts';
import type { ContentStore } from '../../documents/index.ts';
import { exchangeError, orRefuse } from '../errors.ts';
import type { IncomingPackage, StatusInput, StoredIncoming } from '../package.ts';
import type { DocumentMessage, Envelope, ExchangeCodec, Receipt, WireMessage } from '../ports.ts';
import { checkDocumentMessage, checkSender, incomingInputOf } from '../rules.ts';
import * as store from '../store/incoming.ts';
import { readWireCode } from '../wire-status.ts';

export interface ReceiveDeps {
  readonly codec: ExchangeCodec;
  readonly contentStore: ContentStore;
}

/**
 * Takes an envelope in. For documents (from_code, message_id) decides: the first is stored, an equal repetition gets
 * the first receipt again, the same id with other bytes is EXCHANGE_DUPLICATE_CONFLICT. A status is only read and
 * checked here; recordIncomingStatus keeps it. A refusal stores nothing.
 * Codes: EXCHANGE_MESSAGE_INVALID, EXCHANGE_SENDER_MISMATCH, EXCHANGE_UNKNOWN_ADDRESSEE, EXCHANGE_SECRET_REFUSED.
 */
export async function storeIncoming(
  tx: Tx,
  deps: ReceiveDeps,
  envelope: Envelope,
  now: Instant,
): Promise<StoredIncoming> {
  const sha256 = await store.hashOf(tx, envelope.bytes);
  const known = await store.selectIncomingByMessage(tx, envelope.fromCode, envelope.messageId);
  if (known !== null) return repeat(known, sha256);

  const message = decode(deps, envelope);
  orRefuse(checkSender(message, envelope));
  const recipient = await findAgencyByCode(tx, envelope.toCode);
  if (recipient === null) {
    throw exchangeError({
      code: 'EXCHANGE_UNKNOWN_ADDRESSEE',
      message: `Expected '${envelope.toCode}' to be an agency here`,
    });
  }
  const receipt = { accepted: true, messageId: envelope.messageId, sha256, receivedAt: now } as const;
  if (message.kind === 'status') return { kind: 'status', message, receipt };
  orRefuse(checkDocumentMessage(message, envelope));
  return storeDocument(tx, deps, { envelope, message, recipient, receipt }, now);
}

function decode(deps: ReceiveDeps, envelope: Envelope): WireMessage {
  const decoded = deps.codec.decode(envelope.bytes);
  if (decoded.ok) return decoded.value;
  throw exchangeError({
    code: 'EXCHANGE_MESSAGE_INVALID',
    message: `Expected a readable message, but: ${decoded.error.map((problem) => problem.message).join('; ')}`,
    details: { problems: decoded.error.map((problem) => problem.code) },
  });
}

interface NewArrival {
  readonly envelope: Envelope;
  readonly message: DocumentMessage;
  readonly recipient: Agency;
  readonly receipt: Receipt;
}

async function storeDocument(
  tx: Tx,
  deps: ReceiveDeps,
  { envelope, message, recipient, receipt }: NewArrival,
  now: Instant,
): Promise<StoredIncoming> {
  const sha256 = await deps.contentStore.put(tx, envelope.bytes);
  const { fromCode, messageId } = envelope;
  const input = { fromCode, messageId, recipientId: recipient.id, sha256, message };
  const packageId = await store.insertIncoming(tx, input, now);
  if (packageId === null) {
    // Another transaction took the same message in meanwhile; the insert waited for it, so it is visible now.
    const winner = await store.selectIncomingByMessage(tx, fromCode, messageId);
    if (winner === null) throw new Error('A conflicting row is visible after the insert has waited for it');
    return repeat(winner, sha256);
  }
  await recordAudit(tx, {
    at: now,
    actor: null,
    agencyId: recipient.id,
    action: 'package.received',
    subjectKind: 'package',
    subjectId: packageId,
    details: { fromCode, messageId, sha256 },
  });
  const origin = await findAgencyByCode(tx, fromCode);
  const facts = { agencyId: recipient.id, packageId, originAgencyId: origin?.id ?? null };
  return { kind: 'new', packageId, message, arrival: incomingInputOf(message, facts), receipt };
}

function repeat(known: IncomingPackage, sha256: ContentHash): StoredIncoming {
  if (sha256 === known.sha256) return { kind: 'duplicate', packageId: known.id, receipt: receiptOf(known) };
  throw exchangeError({
    code: 'EXCHANGE_DUPLICATE_CONFLICT',
    message: `Expected message '${known.messageId}' to have the bytes with which it came first`,
    details: { messageId: known.messageId },
  });
}

/** What the sender is told, the first time and each time it asks again. */
const receiptOf = (incoming: IncomingPackage): Receipt => ({
  accepted: true,
  messageId: incoming.messageId,
  sha256: incoming.sha256,
  receivedAt: incoming.receivedAt,
});

/** PACKAGE_NOT_FOUND when there is none. */
export async function getIncomingPackage(tx: Tx, id: PackageId): Promise<IncomingPackage> {
  const found = await store.selectIncoming(tx, id);
  if (found !== null) return found;
  throw exchangeError({
    code: 'PACKAGE_NOT_FOUND',
    message: `Expected incoming package '${id}' to exist`,
    details: { packageId: id },
  });
}

/**
 * The report to the package's sender. The first call keeps status and time under the message id; later calls with
 * this id give the same bytes, whatever their arguments.
 */
export async function buildStatusEnvelope(
  tx: Tx,
  deps: { readonly codec: ExchangeCodec },
  input: StatusInput,
  now: Instant,
): Promise<Envelope> {
  const code = readWireCode(input.statusCode);
  if (code === null) {
    throw exchangeError({
      code: 'EXCHANGE_STATUS_UNKNOWN',
      message: `Expected a known status, got '${input.statusCode}'`,
    });
  }
  const incoming = await getIncomingPackage(tx, input.incomingPackageId);
  const status = await store.keepStatus(tx, { ...input, code }, now);
  const bytes = deps.codec.encode({
    kind: 'status',
    from: { code: incoming.recipientCode, name: incoming.recipientName },
    responseFor: {
      agencyCode: incoming.fromCode,
      code: incoming.documentCode,
      issuedOn: incoming.issuedOn,
      documentId: incoming.wireDocumentId,
    },
    statusCode: status.code,
    description: status.description,
    at: status.at,
    staff: status.staff,
  });
  return {
    messageId: status.messageId,
    fromCode: incoming.recipientCode,
    toCode: incoming.fromCode,
    messageType: 'status',
    bytes,
  };
}

/** The report has reached the sender's node. Idempotent: the first time counts. */
export async function recordStatusSent(
  tx: Tx,
  sent: { readonly incomingPackageId: PackageId; readonly statusCode: string; readonly envelope: Envelope },
  now: Instant,
): Promise<void> {
  const { messageId } = sent.envelope;
  const isFirst = await store.updateStatusSent(tx, messageId, now);
  if (!isFirst) return;
  const incoming = await getIncomingPackage(tx, sent.incomingPackageId);
  await recordAudit(tx, {
    at: now,
    actor: null,
    agencyId: incoming.recipientId,
    action: 'package.status-sent',
    subjectKind: incoming.documentId === null ? 'package' : 'document',
    subjectId: incoming.documentId ?? incoming.id,
    details: { packageId: incoming.id, messageId, statusCode: sent.statusCode },
  });
}
