// What the archive module needs from outside: the maker of the archive package (OAIS AIP in the shape of E-ARK
// CSIP: METS, EAD, PREMIS). Implemented in adapters/archive/.

import type { Instant } from '../../shared/time.ts';

export interface ArchiveFile {
  readonly name: string;
  readonly mediaType: string;
  readonly sha256: string;
  readonly bytes: Uint8Array;
  /** 'original' is the file in its last signed state; 'exchange' an edXML packet; 'evidence' a report. */
  readonly kind: 'original' | 'attachment' | 'exchange' | 'evidence';
}

/** One thing that happened to the document, in order of time. */
export interface ArchiveEvent {
  readonly at: Instant;
  readonly action: string;
  readonly actorName: string;
  readonly agencyName: string;
  readonly details: Readonly<Record<string, unknown>>;
}

export interface ArchiveDocument {
  readonly id: string;
  readonly ordinal: number;
  readonly direction: 'outgoing' | 'incoming';
  /** Field name of NĐ 30/2020 Annex VI Part II (`TypeName`, `CodeNumber`, …) → value. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly files: readonly ArchiveFile[];
  readonly events: readonly ArchiveEvent[];
}

export interface ArchivePackageInput {
  /** `urn:uuid:…` */
  readonly packageId: string;
  readonly createdAt: Instant;
  readonly agency: { readonly code: string; readonly name: string };
  readonly caseFile: {
    readonly notation: string;
    readonly year: number;
    readonly title: string;
    readonly retention: string;
  };
  readonly documents: readonly ArchiveDocument[];
}

export interface ArchivePackager {
  /** A ZIP. Deterministic: the same input gives the same bytes. */
  build(input: ArchivePackageInput): Uint8Array;
}
