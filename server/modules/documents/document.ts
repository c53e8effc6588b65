// Official documents: what an agency issues (outgoing) and what it receives (incoming), with their versions,
// recipients and assignments. There is no place for a secrecy level: state secrets are refused (QĐ 28/2018 Đ1(2)).

import type { AgencyId, ContentHash, DocumentId, Key, PackageId, UserId } from '../../shared/ids.ts';
import type { Instant, LocalDate } from '../../shared/time.ts';
import type { Direction, DocumentStatus } from './lifecycle.ts';
import type { LayoutAnchors } from './ports.ts';

export const URGENCIES = ['normal', 'urgent', 'very_urgent', 'most_urgent'] as const;
/** thường, khẩn, thượng khẩn, hỏa tốc */
export type Urgency = (typeof URGENCIES)[number];

/** Only `none` is accepted; the other levels exist to be recognised and refused. */
export type Secrecy = 'none' | 'confidential' | 'secret' | 'top_secret';

export const SIGNING_CAPACITIES = ['head', 'on_behalf', 'deputy', 'by_order', 'sub_delegated', 'acting'] as const;
/** In person, TM., KT., TL., TUQ., Q. */
export type SigningCapacity = (typeof SIGNING_CAPACITIES)[number];

export const REFUSAL_CODES = [
  'THIEU_TEP',
  'THIEU_THONG_TIN',
  'SAI_TOAN_VEN',
  'KHONG_CHU_KY',
  'CTS_HET_HAN',
  'CTS_THU_HOI',
  'CTS_KHONG_TIN_CAY',
  'SAI_NGUOI_KY',
  'SAI_CO_QUAN',
  'SAI_NOI_NHAN',
  'TRUNG_VAN_BAN',
  'DOC_MAT',
  'NGOAI_DANH_MUC',
  'SAI_THE_THUC',
  'KHONG_KT_DUOC',
] as const;
/** Grounds on which a clerk returns an incoming document (QĐ 28/2018 Đ9(1)). */
export type RefusalCode = (typeof REFUSAL_CODES)[number];

export interface Letter {
  /** Paragraphs of the body, plain text. */
  readonly paragraphs: readonly string[];
  /** Lines of "Nơi nhận"; absent: made from the recipients. */
  readonly recipientsLines?: readonly string[] | undefined;
}

export interface DraftInput {
  readonly documentTypeId: string;
  readonly subject: string;
  readonly urgency: Urgency;
  readonly secrecy: Secrecy;
  readonly recipientIds: readonly AgencyId[];
  readonly signerId: UserId;
  readonly signingCapacity: SigningCapacity;
  readonly dueOn: LocalDate | null;
  /** The incoming document that this one answers. */
  readonly replyTo: DocumentId | null;
}

export interface DocumentSummary {
  readonly id: DocumentId;
  readonly agencyId: AgencyId;
  readonly direction: Direction;
  readonly status: DocumentStatus;
  /** `other` for an incoming document of a type that this node does not know. */
  readonly documentTypeId: string;
  readonly documentTypeName: string;
  readonly subject: string;
  readonly urgency: Urgency;
  /** Số và ký hiệu, `05/UBND-KSTTHC`; null until it is numbered. */
  readonly documentCode: string | null;
  readonly issuedOn: LocalDate | null;
  readonly arrivalNumber: number | null;
  /** Name of the issuing agency. */
  readonly originName: string;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

export interface Document extends DocumentSummary {
  /** `UBND-KSTTHC`, without the number. */
  readonly notation: string;
  /** Outgoing only: the allocated number. */
  readonly number: number | null;
  readonly issuedPlace: string;
  /** Identifier on the exchange, opaque: `OrganId,yyyy/MM/dd,number/notation`. */
  readonly wireDocumentId: string | null;
  /** Null for incoming documents: the signer belongs to another agency. */
  readonly signerId: UserId | null;
  readonly signerName: string | null;
  readonly signerPosition: string | null;
  readonly signingCapacity: SigningCapacity | null;
  /** As printed and sent: `TM. ỦY BAN NHÂN DÂN`; empty when there is none. */
  readonly capacityLine: string;
  readonly drafterId: UserId | null;
  readonly drafterName: string | null;
  readonly dueOn: LocalDate | null;
  readonly replyTo: DocumentId | null;
  readonly letter: Letter | null;
  /** Lines of "Nơi nhận" as printed. */
  readonly recipientsLines: readonly string[];
  readonly returnReason: string | null;
  /** Of the issuing agency; incoming only. */
  readonly originCode: string | null;
  readonly originAgencyId: AgencyId | null;
  /** The incoming package that brought it. */
  readonly packageId: PackageId | null;
  readonly arrivedOn: LocalDate | null;
  readonly refusalCode: RefusalCode | null;
  readonly refusalReason: string | null;
  readonly instruction: string | null;
  readonly handleBy: LocalDate | null;
  readonly outcome: string | null;
  readonly signedAt: Instant | null;
  readonly dispatchedAt: Instant | null;
  readonly instanceKey: Key | null;
  readonly recipients: readonly Recipient[];
  readonly assignments: readonly Assignment[];
  /** Full name of the lead handler. */
  readonly assigneeName: string | null;
}

export interface Recipient {
  readonly id: AgencyId;
  readonly name: string;
}

export interface Assignment {
  readonly userId: UserId;
  readonly fullName: string;
  /** chủ trì / phối hợp */
  readonly role: 'lead' | 'support';
}

/** extended: timestamps and evidence appended to a sealed or received file (decision 0017). */
export type VersionKind = 'draft' | 'signed' | 'numbered' | 'sealed' | 'received' | 'extended';

/** One state of the main file. Never changed: the next state is the next version. */
export interface DocumentVersion {
  readonly documentId: DocumentId;
  /** 1, 2, … */
  readonly version: number;
  readonly kind: VersionKind;
  readonly fileName: string;
  readonly sha256: ContentHash;
  readonly sizeBytes: number;
  readonly pageCount: number;
  /** Null for received files, on which nothing is drawn. */
  readonly anchors: LayoutAnchors | null;
  readonly createdAt: Instant;
}

/** A further file of an incoming document. */
export interface Attachment {
  readonly ordinal: number;
  readonly fileName: string;
  readonly description: string;
  readonly mediaType: string;
  readonly sha256: ContentHash;
  readonly sizeBytes: number;
}

export interface IncomingFile {
  readonly name: string;
  readonly description: string;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

/** An arrived document as its package describes it; `exchange.incomingInputOf` makes one from a message. */
export interface IncomingInput {
  readonly agencyId: AgencyId;
  readonly packageId: PackageId;
  readonly origin: { readonly agencyId: AgencyId | null; readonly code: string; readonly name: string };
  readonly wireDocumentId: string;
  readonly number: string;
  readonly notation: string;
  readonly issuedOn: LocalDate;
  readonly issuedPlace: string;
  readonly documentTypeName: string;
  readonly subject: string;
  readonly urgency: Urgency;
  readonly signer: { readonly capacity: string; readonly position: string; readonly fullName: string };
  readonly dueOn: LocalDate | null;
  readonly pageCount: number;
  readonly recipientsLines: readonly string[];
  /** The main document first. */
  readonly files: readonly IncomingFile[];
}

export interface AssignInput {
  readonly leadId: UserId;
  readonly supportIds: readonly UserId[];
  readonly instruction: string;
  readonly dueOn: LocalDate | null;
}

export interface DocumentFilter {
  readonly direction?: Direction | undefined;
  readonly status?: DocumentStatus | undefined;
  /** Words of subject, document code or origin; case and diacritics do not matter. */
  readonly text?: string | undefined;
  readonly limit: number;
}
