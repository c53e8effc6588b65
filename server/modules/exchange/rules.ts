// Pure rules of the exchange: what a message must satisfy, and how documents and messages map to each other.

import type { AgencyId, PackageId } from '../../shared/ids.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import type { Instant } from '../../shared/time.ts';
import type { Agency } from '../agencies/index.ts';
import { normalizeAgencyCode } from '../agencies/index.ts';
import {
  formatNumber,
  isMarkedSecret,
  URGENCIES,
  type Document,
  type IncomingInput,
  type Urgency,
} from '../documents/index.ts';
import type { DocumentType } from '../pilot/index.ts';
import type { Refusal } from './errors.ts';
import type { DocumentMessage, Envelope, WireAgency, WireAttachment, WireMessage } from './ports.ts';

const PRIORITIES: Readonly<Record<Urgency, DocumentMessage['priority']>> = {
  normal: 0,
  urgent: 1,
  very_urgent: 2,
  most_urgent: 3,
};

export const urgencyOf = (priority: DocumentMessage['priority']): Urgency => URGENCIES[priority] ?? 'normal';

const isSameCode = (one: string, other: string): boolean =>
  (normalizeAgencyCode(one) ?? one) === (normalizeAgencyCode(other) ?? other);

/** The envelope is what transport authenticated; a message that names another sender is forged or misrouted. */
export function checkSender(message: WireMessage, envelope: Envelope): Result<null, Refusal> {
  if (isSameCode(message.from.code, envelope.fromCode)) return ok(null);
  return err({
    code: 'EXCHANGE_SENDER_MISMATCH',
    message: `Expected sender '${envelope.fromCode}' of the envelope, but the message is from '${message.from.code}'`,
  });
}

export function checkDocumentMessage(message: DocumentMessage, envelope: Envelope): Result<null, Refusal> {
  if (!message.to.some((agency) => isSameCode(agency.code, envelope.toCode))) {
    return err({
      code: 'EXCHANGE_UNKNOWN_ADDRESSEE',
      message: `Expected '${envelope.toCode}' among the recipients of the message`,
    });
  }
  if (message.attachments.length === 0) {
    return err({ code: 'EXCHANGE_MESSAGE_INVALID', message: 'Expected a main file', details: { reason: 'THIEU_TEP' } });
  }
  if (isMarkedSecret(message.subject)) {
    return err({ code: 'EXCHANGE_SECRET_REFUSED', message: 'Expected no secrecy stamp in the subject' });
  }
  return ok(null);
}

export interface MessageParts {
  readonly document: Document;
  readonly type: DocumentType;
  readonly sender: Agency;
  readonly recipient: WireAgency;
  /** When the package was made. */
  readonly sentAt: Instant;
  readonly pageCount: number;
  readonly attachments: readonly WireAttachment[];
}

/** The message of a sealed document to one recipient; refused while number, code or day are missing. */
export function buildDocumentMessage(parts: MessageParts): Result<DocumentMessage, Refusal> {
  const { document, type, sender, recipient } = parts;
  const { number, issuedOn, wireDocumentId } = document;
  if (number === null || issuedOn === null || wireDocumentId === null) {
    return err({ code: 'PACKAGE_DOCUMENT_NOT_ISSUED', message: 'Expected the document to have a number and a day' });
  }
  return ok({
    kind: 'document',
    from: { code: sender.code, name: sender.name },
    to: [recipient],
    documentId: wireDocumentId,
    number: formatNumber(number),
    notation: document.notation,
    issuedPlace: document.issuedPlace,
    issuedOn,
    documentTypeName: type.name,
    documentTypeDetail: type.wireTypeDetail,
    subject: document.subject,
    signer: {
      capacity: document.capacityLine,
      position: document.signerPosition ?? '',
      fullName: document.signerName ?? '',
    },
    dueOn: document.dueOn,
    priority: PRIORITIES[document.urgency],
    pageCount: parts.pageCount,
    recipientsLines:
      document.recipientsLines.length > 0 ? document.recipientsLines : document.recipients.map(({ name }) => name),
    sentAt: parts.sentAt,
    staff: { department: 'Văn thư', name: sender.name },
    attachments: parts.attachments,
  });
}

/** What the documents module needs to make the incoming document of a stored package. */
export const incomingInputOf = (
  message: DocumentMessage,
  facts: {
    readonly agencyId: AgencyId;
    readonly packageId: PackageId;
    /** The sender, when it is in the directory of this node. */
    readonly originAgencyId: AgencyId | null;
  },
): IncomingInput => ({
  agencyId: facts.agencyId,
  packageId: facts.packageId,
  origin: { agencyId: facts.originAgencyId, code: message.from.code, name: message.from.name },
  wireDocumentId: message.documentId,
  number: message.number,
  notation: message.notation,
  issuedOn: message.issuedOn,
  issuedPlace: message.issuedPlace,
  documentTypeName: message.documentTypeName,
  subject: message.subject,
  urgency: urgencyOf(message.priority),
  signer: message.signer,
  dueOn: message.dueOn,
  pageCount: message.pageCount,
  recipientsLines: message.recipientsLines,
  files: message.attachments.map((attachment) => ({
    name: attachment.name,
    description: attachment.description,
    mediaType: attachment.contentType,
    bytes: attachment.bytes,
  })),
});
