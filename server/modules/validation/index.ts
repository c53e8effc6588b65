// Public face of the validation module: the trust list, reports and their evidence. See README.md.

export { addTrustAnchor, recordValidation, retireTrustAnchor } from './commands.ts';
export { VALIDATION_ERRORS } from './errors.ts';
export type {
  CertificateFacts,
  FileReason,
  FileReport,
  FileTrust,
  FileValidator,
  FileVerdict,
  SignatureSummary,
} from './ports.ts';
export { findLatestReport, listEvidence, listTrustAnchors, loadAnchors } from './queries.ts';
export type { StoredEvidence, StoredReport } from './store.ts';
export { MIN_REASON_LENGTH, type AnchorKind, type NewAnchor, type TrustAnchor } from './trust-anchor.ts';
