// What the validation module needs from outside: judging a file, and reading a certificate. Implemented in
// adapters/signing/validation/.

import type { Instant } from '../../shared/time.ts';

export type FileVerdict = 'valid' | 'reservations' | 'undetermined' | 'invalid';

export interface FileReason {
  readonly code: string;
  /** In the language of the regulations, e.g. `SAI_TOAN_VEN`; empty for what is only worth knowing. */
  readonly domainCode: string;
  readonly text: string;
}

export interface SignatureSummary {
  readonly field: string;
  readonly kind: 'signature' | 'document-timestamp';
  readonly verdict: FileVerdict;
  readonly signerName: string | null;
  readonly issuerName: string | null;
  readonly signedAt: string | null;
  readonly isTimestamped: boolean;
  readonly algorithm: string | null;
  readonly reasons: readonly FileReason[];
  /** What happened to the file afterwards, in words; null when nothing did. */
  readonly changesText: string | null;
}

export interface FileReport {
  readonly verdict: FileVerdict;
  readonly fileSha256: string;
  /** The whole report as documented in docs/validation.md; kept as it is. */
  readonly report: object;
  /** Of the file and of all signatures, each once, worst first. */
  readonly reasons: readonly FileReason[];
  readonly signatures: readonly SignatureSummary[];
  readonly evidence: readonly { readonly kind: EvidenceKind; readonly content: Uint8Array }[];
}

export type EvidenceKind = 'certificate' | 'crl' | 'ocsp' | 'token';

export interface FileTrust {
  readonly roots: readonly Uint8Array[];
  readonly intermediates: readonly Uint8Array[];
  /** Revocation lists at hand. */
  readonly lists: readonly Uint8Array[];
}

export interface FileValidator {
  /** `trust` null: integrity and changes alone. Throws AppError VALIDATION_BUSY (transient). */
  validate(pdf: Uint8Array, trust: FileTrust | null, now: Instant): Promise<FileReport>;
  /** null when the bytes are no certificate. */
  describeCertificate(bytes: Uint8Array): CertificateFacts | null;
}

export interface CertificateFacts {
  readonly name: string;
  readonly sha256: string;
  readonly isAuthority: boolean;
  readonly isSelfSigned: boolean;
  /** DER, also when it came as PEM. */
  readonly der: Uint8Array;
}
