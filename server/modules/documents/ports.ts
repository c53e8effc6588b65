// What the documents module needs from outside: a home for file bytes, a judge of uploaded PDFs and the maker of
// A4 letters. Implemented in adapters/postgres/content-store.ts and adapters/pdf/.

import type { ContentHash } from '../../shared/ids.ts';
import type { Result } from '../../shared/result.ts';
import type { Tx } from '../../shared/transactions.ts';

/** Immutable bytes, addressed by SHA-256. Storing the same bytes again is no change. */
export interface ContentStore {
  put(tx: Tx, bytes: Uint8Array): Promise<ContentHash>;
  /** Throws AppError CONTENT_NOT_FOUND. */
  get(tx: Tx, hash: ContentHash): Promise<Uint8Array>;
}

/** A rectangle on a page in PDF points, origin at the lower left. `page` counts from 1. */
export interface PageRect {
  readonly page: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Where the later increments draw. Stored with the version; an uploaded PDF gets the defaults of the profile. */
export interface LayoutAnchors {
  /** The blank after "Số:" for the number alone; baseline = y. */
  readonly number: PageRect;
  /** The place-and-date line "Đắk Lắk, ngày … tháng … năm …", drawn whole. */
  readonly date: PageRect;
  /** Picture of the leader's signature, between title and full name. */
  readonly personalSignature: PageRect;
  /** Agency seal; overlaps about the left third of the personal signature. */
  readonly agencySignature: PageRect;
}

export type PdfProblemCode =
  'FILE_NOT_PDF' | 'PDF_CORRUPT' | 'PDF_ENCRYPTED' | 'PDF_ALREADY_SIGNED' | 'PDF_NO_PAGES' | 'PDF_MARKED_SECRET';

export interface PdfFacts {
  readonly pageCount: number;
  readonly defaultAnchors: LayoutAnchors;
}

export interface PdfInspector {
  /** Judges an uploaded file before it becomes a draft version. */
  inspect(bytes: Uint8Array): Result<PdfFacts, { readonly code: PdfProblemCode; readonly message: string }>;
}

/** Content of an A4 letter under the layout of Decree 30/2020 Annex I (and TT 01/2011 for 2019). */
export interface LetterContent {
  /** Abbreviation and Vietnamese name of the document type, e.g. `CV` / `Công văn`. Công văn has no title line. */
  readonly documentType: { readonly id: string; readonly name: string; readonly abbreviation: string | null };
  /** Superior agency, null for the highest; e.g. `ỦY BAN NHÂN DÂN TỈNH ĐẮK LẮK`. */
  readonly superiorAgencyName: string | null;
  readonly agencyName: string;
  /** `UBND-KSTTHC`; printed after the blank for the number. */
  readonly notation: string;
  /** `Đắk Lắk` */
  readonly issuedPlace: string;
  readonly subject: string;
  /** "Kính gửi" lines; empty when the type has none. */
  readonly addressees: readonly string[];
  /** Paragraphs of the body, plain text. */
  readonly paragraphs: readonly string[];
  /** Lines of "Nơi nhận", without the leading dash. */
  readonly recipientsLines: readonly string[];
  readonly signer: {
    /** `TM. ỦY BAN NHÂN DÂN`, `KT. GIÁM ĐỐC`, or null. */
    readonly capacityLine: string | null;
    /** `CHỦ TỊCH`, `PHÓ GIÁM ĐỐC` */
    readonly positionLine: string;
    readonly fullName: string;
  };
}

export interface LetterRenderer {
  render(content: LetterContent): Promise<{ bytes: Uint8Array; pageCount: number; anchors: LayoutAnchors }>;
}
