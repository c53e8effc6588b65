// Domain → wire. The only place that shapes answers, so that a column of a table never becomes part of the contract by
// accident. Vietnamese sentences of the timeline stand here by action.

import type { AuditEntry } from '../modules/audit/index.ts';
import type { Document, DocumentSummary as Summary, DocumentVersion } from '../modules/documents/index.ts';
import { type PackageWithHistory, statusName } from '../modules/exchange/index.ts';
import type { SendBy } from '../modules/pilot/index.ts';
import type { SignatureCheck, Signature, Upgrade } from '../modules/signing/index.ts';
import type { CaseFileId, Key } from '../shared/ids.ts';
import type { DocumentSummary, DocumentView, SignatureCheckView, TimelineEntry } from './contract/index.ts';
import { timelineTitle } from './timeline-titles.ts';

export const summaryView = (document: Summary): DocumentSummary => ({
  id: document.id,
  direction: document.direction,
  status: document.status,
  documentTypeId: document.documentTypeId,
  documentTypeName: document.documentTypeName,
  subject: document.subject,
  urgency: document.urgency,
  documentCode: document.documentCode,
  issuedOn: document.issuedOn,
  arrivalNumber: document.arrivalNumber,
  originName: document.originName,
  createdAt: document.createdAt,
  updatedAt: document.updatedAt,
});

export interface DocumentParts {
  readonly document: Document;
  readonly versions: readonly DocumentVersion[];
  readonly signatures: readonly Signature[];
  readonly upgrade: Upgrade | null;
  readonly packages: readonly PackageWithHistory[];
  readonly caseFileId: CaseFileId | null;
  readonly sendBy: SendBy | null;
  readonly taskKeys: readonly Key[];
}

export const documentView = ({ document, ...parts }: DocumentParts): DocumentView => ({
  ...summaryView(document),
  agencyId: document.agencyId,
  notation: document.notation,
  signerName: document.signerName,
  signerPosition: document.signerPosition,
  signerId: document.signerId,
  signingCapacity: document.signingCapacity,
  drafterName: document.drafterName,
  dueOn: document.direction === 'incoming' ? (document.handleBy ?? document.dueOn) : document.dueOn,
  sendBy: parts.sendBy === null ? null : { at: parts.sendBy.dueAt, reason: SEND_BY_REASONS[parts.sendBy.reason] },
  returnReason: document.returnReason,
  instruction: document.instruction,
  assigneeName: document.assigneeName,
  recipients: document.recipients.map(({ id, name }) => ({ id, name })),
  letter: letterView(document),
  versions: parts.versions.map((version) => ({
    version: version.version,
    kind: version.kind,
    fileName: version.fileName,
    sha256: version.sha256,
    sizeBytes: version.sizeBytes,
    pageCount: version.pageCount,
    createdAt: version.createdAt,
  })),
  signatures: parts.signatures.map((signature) => ({
    role: signature.role,
    signerName: signature.signerName,
    serialNumber: signature.serialNumber,
    signedAt: signature.signedAt,
    isTestCertificate: signature.isTest,
    provider: signature.provider,
  })),
  evidence:
    parts.upgrade === null
      ? null
      : {
          status: parts.upgrade.status,
          reached: parts.upgrade.reached,
          target: parts.upgrade.target,
          attempts: parts.upgrade.attempts,
          lastErrorCode: parts.upgrade.lastErrorCode,
          requestedAt: parts.upgrade.requestedAt,
          changedAt: parts.upgrade.changedAt,
        },
  deliveries: parts.packages.map((item) => ({
    packageId: item.id,
    recipientId: item.recipientId,
    recipientName: item.recipientName,
    status: item.status,
    statusName: statusName(item.status),
    sentAt: item.sentAt,
    history: item.history.map(({ code, name, description, at }) => ({ code, name, description, at })),
  })),
  caseFileId: parts.caseFileId,
  instanceKey: document.instanceKey,
  taskKeys: [...parts.taskKeys],
});

function letterView(document: Document): DocumentView['letter'] {
  if (document.letter === null) return null;
  const { paragraphs, recipientsLines } = document.letter;
  return { paragraphs: [...paragraphs], ...(recipientsLines && { recipientsLines: [...recipientsLines] }) };
}

const SEND_BY_REASONS: Readonly<Record<SendBy['reason'], string>> = {
  next_working_day: 'QĐ 28/2018 Đ6: chậm nhất hết buổi sáng ngày làm việc kế tiếp',
  make_up_day: 'QĐ 28/2018 Đ6: chậm nhất hết buổi sáng ngày làm việc kế tiếp (ngày làm bù)',
  after_days_off: 'QĐ 28/2018 Đ6: chậm nhất hết buổi sáng ngày làm việc kế tiếp, sau ngày nghỉ',
};

export const timelineEntry = (entry: AuditEntry): TimelineEntry => ({
  at: entry.at,
  action: entry.action,
  title: timelineTitle(entry),
  actorName: entry.actorName,
  details: { ...entry.details },
});

export const signatureCheckView = (check: SignatureCheck): SignatureCheckView => ({
  verdict: check.verdict,
  findings: check.findings.map((finding) => ({
    fieldName: finding.fieldName,
    kind: finding.kind ?? 'signature',
    signerName: finding.signerName,
    claimedAt: finding.claimedAt,
    isIntact: finding.isIntact,
    isTrusted: finding.isTrusted,
    coversWholeFile: finding.coversWholeFile,
    reasons: [...finding.reasons],
  })),
});
