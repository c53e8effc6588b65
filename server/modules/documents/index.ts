// Public face of the documents module: drafts, versions, issuing, incoming documents and their states. See README.md.

export * from './commands.ts';
export {
  REFUSAL_CODES,
  SIGNING_CAPACITIES,
  URGENCIES,
  type AssignInput,
  type Assignment,
  type Attachment,
  type Document,
  type DocumentFilter,
  type DocumentSummary,
  type DocumentVersion,
  type DraftInput,
  type IncomingFile,
  type IncomingInput,
  type Letter,
  type Recipient,
  type RefusalCode,
  type Secrecy,
  type SigningCapacity,
  type Urgency,
  type VersionKind,
} from './document.ts';
export { DOCUMENT_ERRORS } from './errors.ts';
export {
  decideTransition,
  hasReached,
  INCOMING_STATUSES,
  isFinal,
  OUTGOING_STATUSES,
  type Direction,
  type DocumentAction,
  type DocumentStatus,
} from './lifecycle.ts';
export type { ContentStore, LayoutAnchors, LetterRenderer, PageRect, PdfInspector } from './ports.ts';
export {
  findDocumentFor,
  findSendBy,
  findSummaries,
  getDocument,
  listAttachments,
  listDocuments,
  listVersions,
  loadIssued,
  loadVersion,
} from './queries.ts';
export {
  asciiFileName,
  formatDateLine,
  formatDocumentCode,
  formatIssueDateLine,
  formatNumber,
} from './rules/notation.ts';
export { isMarkedSecret } from './rules/secrecy.ts';
