// What the exchange module needs from outside: the edXML codec (QCVN 102:2016/BTTTT) and a transport that carries
// packages between nodes. Implemented in adapters/exchange/. Status codes stay text here; wire-status.ts of the
// module is the only place that knows their meaning.

import type { Result } from '../../shared/result.ts';
import type { Instant, LocalDate } from '../../shared/time.ts';

export interface WireAgency {
  /** Agency code, e.g. `000.00.13.H15` */
  readonly code: string;
  readonly name: string;
}

export interface WireAttachment {
  readonly name: string;
  readonly description: string;
  readonly contentType: string;
  readonly bytes: Uint8Array;
}

export interface DocumentMessage {
  readonly kind: 'document';
  readonly from: WireAgency;
  readonly to: readonly WireAgency[];
  /** Opaque; `OrganId,yyyy/MM/dd,number/notation`. */
  readonly documentId: string;
  readonly number: string;
  readonly notation: string;
  readonly issuedPlace: string;
  readonly issuedOn: LocalDate;
  readonly documentTypeName: string;
  readonly documentTypeDetail: number;
  readonly subject: string;
  readonly signer: { readonly capacity: string; readonly position: string; readonly fullName: string };
  readonly dueOn: LocalDate | null;
  /** 0 normal, 1 urgent, 2 very urgent, 3 most urgent */
  readonly priority: 0 | 1 | 2 | 3;
  readonly pageCount: number;
  readonly recipientsLines: readonly string[];
  readonly sentAt: Instant;
  readonly staff: WireStaff;
  /** The main document first. */
  readonly attachments: readonly WireAttachment[];
}

export interface WireStaff {
  readonly department: string;
  readonly name: string;
}

export interface StatusMessage {
  readonly kind: 'status';
  readonly from: WireAgency;
  /** The document that the status is about. */
  readonly responseFor: {
    readonly agencyCode: string;
    /** `3321/UBND-KSTTHC` */
    readonly code: string;
    /** Optional on the wire: null when the reporting system leaves it out. */
    readonly issuedOn: LocalDate | null;
    readonly documentId: string;
  };
  /** `01` … `16` */
  readonly statusCode: string;
  readonly description: string;
  readonly at: Instant;
  readonly staff: WireStaff;
}

export type WireMessage = DocumentMessage | StatusMessage;

export interface WireProblem {
  /** `N.` missing, `R.` out of range, `M.` mismatch, `T.` wrong type, then the path; `X.` for XML that cannot be read. */
  readonly code: string;
  readonly message: string;
}

export interface ExchangeCodec {
  encode(message: WireMessage): Uint8Array;
  /** Tolerant reader: any prefix, any order, zipped or raw attachments; refuses DTDs and bombs. */
  decode(bytes: Uint8Array): Result<WireMessage, readonly WireProblem[]>;
}

export interface Envelope {
  /** Stays the same over all attempts; (fromCode, messageId) is unique. */
  readonly messageId: string;
  readonly fromCode: string;
  readonly toCode: string;
  readonly messageType: 'edoc' | 'status';
  readonly bytes: Uint8Array;
}

export type Receipt =
  | { readonly accepted: true; readonly messageId: string; readonly sha256: string; readonly receivedAt: Instant }
  /** A business fault: the other side will never accept this message. */
  | { readonly accepted: false; readonly messageId: string; readonly code: string; readonly reason: string };

export interface ExchangeTransport {
  /** Throws a transient AppError when the other side cannot be reached; repeating with the same id is safe. */
  send(envelope: Envelope): Promise<Receipt>;
}

/** The receiving side of a node; the transport adapter calls it. */
export interface ExchangeEndpoint {
  receive(envelope: Envelope): Promise<Receipt>;
}
