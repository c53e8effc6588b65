// Case files: where finished documents are kept together, with their retention period (NĐ 30/2020 Đ28–31).

import type { AgencyId, CaseFileId, DocumentId } from '../../shared/ids.ts';
import type { Instant } from '../../shared/time.ts';
import type { Direction, DocumentSummary } from '../documents/index.ts';

/** One case file per agency, year, direction and document type; people arrange their own in a later release. */
export interface CaseFileKey {
  readonly agencyId: AgencyId;
  readonly year: number;
  readonly direction: Direction;
  readonly documentTypeId: string;
}

export interface CaseFile extends CaseFileKey {
  readonly id: CaseFileId;
  /** Số và ký hiệu hồ sơ, at most 20 characters. */
  readonly notation: string;
  readonly title: string;
  /** `Vĩnh viễn` or a number of years in words. */
  readonly retention: string;
  readonly openedAt: Instant;
}

export interface CaseFileWithDocuments extends CaseFile {
  readonly documents: readonly DocumentSummary[];
}

export interface FiledDocument {
  readonly documentId: DocumentId;
  readonly ordinal: number;
}
