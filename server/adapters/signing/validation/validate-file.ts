// Judges one file: opens it, checks every signature, and lets the worst finding decide. The only entry into validation for
// the command line, the server and the worker threads; it reads no clock and no settings of its own.

import { createHash } from 'node:crypto';
import { openPdf } from '../../pdf/core/file.ts';
import type { PdfFile } from '../../pdf/core/file.ts';
import { isRef } from '../../pdf/core/objects.ts';
import { PdfFault } from '../../pdf/core/pdf-fault.ts';
import type { PdfFaultReason } from '../../pdf/core/pdf-fault.ts';
import { tailProblem } from '../../pdf/validation/tail.ts';
import { readValidationStore } from '../../pdf/validation-store.ts';
import { readCertificate } from '../certificate.ts';
import type { Certificate } from '../certificate.ts';
import { DerFault } from '../der.ts';
import type { EvidenceSet } from '../evidence.ts';
import type { FetchCache } from '../fetch-cache.ts';
import type { HttpGuard } from '../guarded-http.ts';
import { gradeOf } from './algorithm-policy.ts';
import { IntegrityCheck } from './integrity.ts';
import type { IntegrityFinding } from './integrity.ts';
import { REASONS } from './reasons.ts';
import type { ReasonCode } from './reasons.ts';
import { REPORT_SCHEMA, worstOf } from './report.ts';
import type {
  CertificateSummary,
  Reason,
  SignatureReport,
  Validation,
  ValidationMode,
  ValidationReport,
  Verdict,
} from './report.ts';
import { byteRangeOf, findSignatures, hasHiddenCertification } from './signature-fields.ts';
import type { FoundSignature } from './signature-fields.ts';
import { checkTrust, summaryOf } from './trust-check.ts';
import type { TrustFinding } from './trust-check.ts';

export interface ValidationOptions {
  readonly mode: ValidationMode;
  /** DER of the pinned anchors. */
  readonly trust: readonly Uint8Array[];
  /** Certificates that help to find a path, for signers that bring only their own. */
  readonly intermediates?: readonly Uint8Array[];
  /** Revocation lists at hand, beside those in the file. */
  readonly lists?: readonly Uint8Array[];
  /** null: offline. */
  readonly guard: HttpGuard | null;
  /** Judge at this time what no timestamp proves; null: at the claimed time. */
  readonly at: Date | null;
  readonly now: Date;
  readonly cache?: FetchCache;
}

const MAX_SIGNATURES = 100;
const FAULT_CODES: Readonly<Record<PdfFaultReason, ReasonCode>> = {
  'not-pdf': 'FILE_NOT_PDF',
  corrupt: 'FILE_CORRUPT',
  encrypted: 'FILE_ENCRYPTED',
  'too-complex': 'FILE_TOO_COMPLEX',
};

export const reasonOf = (code: ReasonCode, detail = ''): Reason => ({ code, severity: REASONS[code].severity, detail });

export const verdictOf = (reasons: readonly Reason[]): Verdict =>
  worstOf(['valid', ...reasons.map(({ severity }) => (severity === 'info' ? 'valid' : severity))]);

const iso = (date: Date | null): string | null => date?.toISOString() ?? null;

export function summarize(certificate: Certificate): CertificateSummary {
  return {
    name: certificate.commonName,
    issuer: certificate.x509.issuer.split('\n').pop()?.replace(/^CN=/, '') ?? '',
    serialNumber: certificate.serialHex,
    validFrom: certificate.notBefore.toISOString(),
    validTo: certificate.notAfter.toISOString(),
    sha256: createHash('sha256').update(certificate.der).digest('hex'),
  };
}

function certificatesOf(items: readonly Uint8Array[]): readonly Certificate[] {
  return items.flatMap((bytes) => {
    try {
      return [readCertificate(bytes)];
    } catch (error) {
      if (error instanceof DerFault) return [];
      throw error;
    }
  });
}

const NO_EVIDENCE = { certificates: [], crls: [], ocsps: [], tokens: [] };

/** A report about a file that cannot be judged, for example because it is no PDF or because judging it was stopped. */
export function refusalReport(
  pdf: Uint8Array,
  code: ReasonCode,
  options: Pick<ValidationOptions, 'mode' | 'now'>,
  detail = '',
): ValidationReport {
  const reasons = [reasonOf(code, detail)];
  return {
    schema: REPORT_SCHEMA,
    verdict: verdictOf(reasons),
    mode: options.mode,
    checkedAt: options.now.toISOString(),
    file: { sha256: createHash('sha256').update(pdf).digest('hex'), bytes: pdf.length, revisions: null },
    level: null,
    reasons,
    signatures: [],
  };
}

/** Never throws for what a file holds; AppError only for what the caller got wrong. */
export async function validateFile(pdf: Uint8Array, options: ValidationOptions): Promise<Validation> {
  try {
    return await validateOpened(openPdf(pdf), pdf, options);
  } catch (error) {
    if (!(error instanceof PdfFault)) throw error;
    return { report: refusalReport(pdf, FAULT_CODES[error.reason], options, error.message), evidence: NO_EVIDENCE };
  }
}

async function validateOpened(file: PdfFile, pdf: Uint8Array, options: ValidationOptions): Promise<Validation> {
  const found = findSignatures(file);
  const reasons = fileReasons(file, found);
  const store = readValidationStore(file);
  const stored = [...certificatesOf(store.certificates), ...certificatesOf(options.intermediates ?? [])];
  const check = new IntegrityCheck(file, stored);
  const findings = found.slice(0, MAX_SIGNATURES).map((item) => check.check(item));
  const signatures: SignatureReport[] = [];
  const evidence: Record<keyof EvidenceSet | 'tokens', Uint8Array[]> = {
    certificates: [],
    crls: [],
    ocsps: [],
    tokens: [],
  };
  for (const finding of findings) {
    const trust = await trustOf(finding, findings, { options, stored, known: store });
    signatures.push(describeSignature(finding, sharedHolders(found), trust, options));
    keepEvidence(evidence, finding, trust);
  }
  const level = signatures.length === 0 ? null : levelOf(findings, store);
  const verdict = worstOf([verdictOf(reasons), ...signatures.map((signature) => signature.verdict)]);
  return {
    report: {
      schema: REPORT_SCHEMA,
      verdict,
      mode: options.mode,
      checkedAt: options.now.toISOString(),
      file: {
        sha256: createHash('sha256').update(pdf).digest('hex'),
        bytes: pdf.length,
        revisions: file.xref.sections.length,
      },
      level,
      reasons,
      signatures,
    },
    evidence,
  };
}

function fileReasons(file: PdfFile, found: readonly FoundSignature[]): readonly Reason[] {
  const reasons: Reason[] = [];
  if (found.length === 0) reasons.push(reasonOf('NO_SIGNATURE'));
  if (found.length > MAX_SIGNATURES) reasons.push(reasonOf('TOO_MANY_SIGNATURES', String(found.length)));
  if (hasHiddenCertification(file, found)) reasons.push(reasonOf('SIGNATURE_OUTSIDE_FIELDS'));
  const ends = found.flatMap(({ coverage }) => (coverage === null ? [] : [coverage.end]));
  const tail = ends.length === 0 ? null : tailProblem(file, Math.max(...ends));
  if (tail !== null) reasons.push(reasonOf(tail === 'content' ? 'TRAILING_CONTENT' : 'TRAILING_BYTES'));
  return reasons;
}

/** Two fields that show one and the same signature: one of them is a copy, and nobody can tell which. */
function sharedHolders(found: readonly FoundSignature[]): ReadonlySet<number> {
  const numbers = found.map(({ holder }) => (isRef(holder) ? holder.number : null)).filter((number) => number !== null);
  return new Set(numbers.filter((number, index) => numbers.indexOf(number) !== index));
}

interface TrustContext {
  readonly options: ValidationOptions;
  readonly stored: readonly Certificate[];
  readonly known: EvidenceSet;
}

async function trustOf(
  finding: IntegrityFinding,
  all: readonly IntegrityFinding[],
  { options, stored, known }: TrustContext,
): Promise<TrustFinding | null> {
  const isBroken = finding.reasons.some(({ code }) => REASONS[code].severity === 'invalid');
  if (options.mode !== 'full' || isBroken || finding.signer === null) return null;
  const end = finding.found.coverage?.end ?? Infinity;
  const later = all
    .filter(({ found, reasons }) => found.isTimestamp && reasons.length === 0 && (found.coverage?.end ?? 0) > end)
    .flatMap(({ tokens }) => tokens);
  const sources = {
    trust: options.trust,
    known: {
      ...known,
      certificates: [...known.certificates, ...(options.intermediates ?? [])],
      crls: [...known.crls, ...(options.lists ?? [])],
    },
    guard: options.guard,
    cache: options.cache,
  };
  return checkTrust(finding, later, { anchors: options.trust.map(readCertificate), stored, sources, at: options.at });
}

function policyReasons(finding: IntegrityFinding, at: Date): readonly Reason[] {
  const grade = gradeOf(finding.algorithms, at);
  const names = finding.algorithms.join(', ');
  if (grade === 'strong') return [];
  return [reasonOf(grade === 'weak' ? 'ALGORITHM_WEAK' : 'ALGORITHM_REFUSED', names)];
}

function describeSignature(
  finding: IntegrityFinding,
  shared: ReadonlySet<number>,
  trust: TrustFinding | null,
  options: ValidationOptions,
): SignatureReport {
  const { found, signer, difference, permissions } = finding;
  const isShared = isRef(found.holder) && shared.has(found.holder.number);
  const reasons = [
    ...finding.reasons.map(({ code, detail }) => reasonOf(code, detail)),
    ...(isShared ? [reasonOf('SIGNATURE_SHARED')] : []),
    ...policyReasons(finding, trust?.provenAt ?? options.now),
    ...(trust?.reasons ?? []).map((code) => reasonOf(code)),
  ];
  if (options.mode === 'untold' && verdictOf(reasons) !== 'invalid') reasons.push(reasonOf('TRUST_NOT_GIVEN'));
  return {
    field: found.name,
    kind: found.isTimestamp ? 'document-timestamp' : 'signature',
    verdict: verdictOf(reasons),
    subFilter: found.subFilter,
    signer: signer === null ? null : summarize(signer),
    claimedAt: iso(found.claimedAt),
    provenAt: iso(trust?.provenAt ?? null),
    algorithm: finding.description,
    byteRange: byteRangeOf(found.dict),
    coversWholeFile: found.coverage?.coversWholeFile ?? false,
    permissionLevel: permissions.level,
    changes: difference === null ? null : { level: difference.level, items: difference.changes },
    timestamps: trust?.timestamps ?? finding.tokens.map((token) => summaryOf(token, null)),
    chain: trust?.chain?.map(summarize) ?? null,
    revocation: trust?.revocation ?? null,
    reasons,
  };
}

function keepEvidence(
  kept: Record<keyof EvidenceSet | 'tokens', Uint8Array[]>,
  finding: IntegrityFinding,
  trust: TrustFinding | null,
): void {
  const add = (kind: keyof typeof kept, items: readonly Uint8Array[]): void => {
    for (const item of items) {
      if (!kept[kind].some((present) => Buffer.compare(present, item) === 0)) kept[kind].push(item);
    }
  };
  add(
    'certificates',
    [finding.signer, ...finding.certificates].flatMap((item) => (item === null ? [] : [item.der])),
  );
  add(
    'tokens',
    finding.tokens.map(({ bytes }) => bytes),
  );
  if (trust === null) return;
  add('certificates', trust.evidence.certificates);
  add('crls', trust.evidence.crls);
  add('ocsps', trust.evidence.ocsps);
}

/** What every signature reaches by its structure; says nothing about trust. */
function levelOf(findings: readonly IntegrityFinding[], store: EvidenceSet): ValidationReport['level'] {
  const stamps = findings.filter(({ found }) => found.isTimestamp);
  const isStamped = ({ tokens, found }: IntegrityFinding): boolean =>
    tokens.length > 0 || stamps.some((stamp) => (stamp.found.coverage?.end ?? 0) > (found.coverage?.end ?? Infinity));
  const signatures = findings.filter(({ found }) => !found.isTimestamp);
  if (!signatures.every(isStamped)) return 'B-B';
  if (store.crls.length + store.ocsps.length === 0) return 'B-T';
  return stamps.some(({ found }) => found.coverage?.coversWholeFile === true) ? 'B-LTA' : 'B-LT';
}
