// Packages: what goes out to one recipient, and what came in from another node. A package keeps its message id over
// all attempts, so that the other side can tell a repetition from a new message.

import type { AgencyId, ContentHash, DocumentId, PackageId } from '../../shared/ids.ts';
import type { Instant, LocalDate } from '../../shared/time.ts';
import type { IncomingInput } from '../documents/index.ts';
import type { DocumentMessage, Receipt, StatusMessage } from './ports.ts';
import type { DeliveryStatus, WireStatusCode } from './wire-status.ts';

export interface StatusReport {
  readonly code: WireStatusCode;
  /** Vietnamese name of the status. */
  readonly name: string;
  readonly description: string;
  /** As stated by the reporting agency. */
  readonly at: Instant;
}

export interface OutgoingPackage {
  readonly id: PackageId;
  readonly documentId: DocumentId;
  readonly senderId: AgencyId;
  readonly recipientId: AgencyId;
  readonly recipientName: string;
  readonly recipientCode: string;
  readonly messageId: string;
  readonly status: DeliveryStatus;
  readonly createdAt: Instant;
  readonly sentAt: Instant | null;
  /** Failed attempts so far, and why the last one failed. */
  readonly failureCount: number;
  readonly lastFailure: string | null;
  /** Of the encoded message; null until the first attempt to send. */
  readonly sha256: ContentHash | null;
}

export interface PackageWithHistory extends OutgoingPackage {
  /** All reports in order of their time, also late ones. */
  readonly history: readonly StatusReport[];
}

export interface IncomingPackage {
  readonly id: PackageId;
  readonly fromCode: string;
  readonly fromName: string;
  readonly messageId: string;
  readonly recipientId: AgencyId;
  readonly recipientCode: string;
  readonly recipientName: string;
  /** Identifier, code and day of the document, as the sender knows it. */
  readonly wireDocumentId: string;
  readonly documentCode: string;
  readonly issuedOn: LocalDate;
  readonly subject: string;
  readonly sha256: ContentHash;
  readonly receivedAt: Instant;
  /** The incoming document that was made from it; null in between. */
  readonly documentId: DocumentId | null;
}

/** A status that this node owes, or has given, to the sender of an incoming package. */
export interface SentStatus {
  readonly messageId: string;
  readonly code: WireStatusCode;
  readonly name: string;
  readonly description: string;
  readonly at: Instant;
  readonly sentAt: Instant | null;
}

/** A message of the exchange as its bytes went over the wire. */
export interface Packet {
  readonly packageId: PackageId;
  readonly name: string;
  readonly sha256: ContentHash;
}

/** What came of an envelope. `receipt` is the answer to the sender in every case. */
export type StoredIncoming =
  /** A document that was not here before: `arrival` is what the documents module makes the incoming document of. */
  | {
      readonly kind: 'new';
      readonly packageId: PackageId;
      readonly message: DocumentMessage;
      readonly arrival: IncomingInput;
      readonly receipt: Receipt;
    }
  /** A report about a package of ours: to be recorded with recordIncomingStatus, which knows repetitions. */
  | { readonly kind: 'status'; readonly message: StatusMessage; readonly receipt: Receipt }
  | { readonly kind: 'duplicate'; readonly packageId: PackageId; readonly receipt: Receipt };

export interface RecordedStatus {
  readonly packageId: PackageId;
  readonly documentId: DocumentId;
  readonly senderId: AgencyId;
  readonly recipientId: AgencyId;
  /** State of the delivery now. */
  readonly status: DeliveryStatus;
  /** False for repeated, late and out-of-order reports: they are kept, and move nothing. */
  readonly hasAdvanced: boolean;
}

export interface StatusInput {
  readonly incomingPackageId: PackageId;
  /** `01` … `16`; EXCHANGE_STATUS_UNKNOWN for others. */
  readonly statusCode: string;
  readonly description: string;
  readonly staff: { readonly department: string; readonly name: string };
  /** Chosen by the caller and the same over all attempts, for example made from the job's key. */
  readonly messageId: string;
}
