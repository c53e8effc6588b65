// Registers of an agency: the outgoing ones (one per series and year) and the incoming one (one per year). A register
// counts from 1 without gaps; an entry names its document and is never renumbered.

import type { AgencyId, DocumentId } from '../../shared/ids.ts';
import type { Instant, LocalDate } from '../../shared/time.ts';

export type RegisterKind = 'outgoing' | 'incoming';

/** The incoming register has one series for paper and electronic documents (NĐ 30/2020 Đ22(2)). */
export const INCOMING_SERIES = 'incoming';

export interface RegisterKey {
  readonly agencyId: AgencyId;
  readonly kind: RegisterKind;
  readonly series: string;
  readonly year: number;
}

export interface Register {
  readonly id: string;
  /** 0 before the first entry. */
  readonly lastNumber: number;
  /** Day of the latest entry. */
  readonly lastOn: LocalDate | null;
}

export interface AllocateInput {
  readonly agencyId: AgencyId;
  readonly series: string;
  readonly year: number;
  readonly documentId: DocumentId;
  readonly issuedOn: LocalDate;
  readonly subject: string;
  readonly documentTypeName: string;
  readonly notation: string;
  readonly signerName: string;
  readonly recipientsText: string;
}

export interface RegisterIncomingInput {
  readonly agencyId: AgencyId;
  readonly year: number;
  readonly documentId: DocumentId;
  readonly arrivedOn: LocalDate;
  readonly originName: string;
  /** Số và ký hiệu of the received document. */
  readonly documentCode: string;
  readonly issuedOn: LocalDate | null;
  readonly subject: string;
  readonly documentTypeName: string;
}

/** Columns of the forms in NĐ 30/2020 Annex IV; null where a form has no such column. */
export interface RegisterEntry {
  readonly id: string;
  readonly series: string;
  readonly number: number;
  readonly documentId: DocumentId;
  /** Day of issue, or day of arrival. */
  readonly enteredOn: LocalDate;
  readonly notation: string;
  readonly documentTypeName: string;
  readonly subject: string;
  readonly signerName: string | null;
  readonly recipientsText: string | null;
  readonly originName: string | null;
  /** Day of the document itself; incoming only. */
  readonly documentIssuedOn: LocalDate | null;
  readonly recordedAt: Instant;
}
