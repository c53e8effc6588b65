// Trust in one signature: chain to the pinned list at the time of signing, purpose, revocation, timestamps. Evidence in the
// file comes first, the network second and only through the guard. Unknown is never good.

import { AppError } from '../../../shared/app-error.ts';
import type { Certificate } from '../certificate.ts';
import { gatherEvidence } from '../evidence.ts';
import type { EvidenceSet, EvidenceSources } from '../evidence.ts';
import { isTimestampAuthority } from '../timestamp.ts';
import { judgePath, judgeTrust } from '../trust.ts';
import type { IntegrityFinding } from './integrity.ts';
import type { ReasonCode } from './reasons.ts';
import type { TimestampSummary } from './report.ts';
import type { Token } from './timestamps.ts';

export interface TrustFinding {
  readonly reasons: readonly ReasonCode[];
  readonly provenAt: Date | null;
  readonly chain: readonly Certificate[] | null;
  readonly revocation: 'good' | 'revoked' | 'unknown' | null;
  readonly timestamps: readonly TimestampSummary[];
  readonly evidence: EvidenceSet;
}

const NO_EVIDENCE: EvidenceSet = { certificates: [], crls: [], ocsps: [] };
const REVOCATION_CODES: Readonly<Record<string, ReasonCode>> = {
  SIGNING_CERTIFICATE_UNTRUSTED: 'CERTIFICATE_UNTRUSTED',
  SIGNING_CERTIFICATE_EXPIRED: 'CERTIFICATE_EXPIRED',
  SIGNING_CERTIFICATE_REVOKED: 'CERTIFICATE_REVOKED',
  SIGNING_REVOCATION_UNKNOWN: 'REVOCATION_UNKNOWN',
};

export interface TrustQuestion {
  readonly anchors: readonly Certificate[];
  readonly stored: readonly Certificate[];
  /** null: integrity and chain only, nothing about revocation. */
  readonly sources: EvidenceSources;
  /** Judge at this time when nothing proves an earlier one; null: the claimed time. */
  readonly at: Date | null;
}

function tokenPath(token: Token, { anchors, stored }: TrustQuestion): readonly Certificate[] | null {
  const { signer, certificates } = token.signed;
  if (signer === null || !isTimestampAuthority(signer)) return null;
  const judged = judgePath(signer, [...certificates, ...stored], anchors, token.time);
  return judged.problem === null ? judged.path : null;
}

/** `later`: tokens of document timestamps that cover this signature. */
export async function checkTrust(
  finding: IntegrityFinding,
  later: readonly Token[],
  question: TrustQuestion,
): Promise<TrustFinding> {
  const { signer, found } = finding;
  const reasons: ReasonCode[] = [];
  const timestamps = finding.tokens.map((token) => summaryOf(token, tokenPath(token, question) !== null));
  const isOwnTrusted = finding.tokens.every((token) => tokenPath(token, question) !== null);
  if (!isOwnTrusted) reasons.push('TIMESTAMP_UNTRUSTED');
  const times = [...finding.tokens, ...later].filter((token) => tokenPath(token, question) !== null);
  const provenAt = times.map(({ time }) => time).sort((left, right) => left.getTime() - right.getTime())[0] ?? null;
  const none = { provenAt, chain: null, revocation: null, timestamps, evidence: NO_EVIDENCE };
  if (signer === null) return { ...none, reasons };
  const at = provenAt ?? question.at ?? found.claimedAt;
  if (at === null) return { ...none, reasons: [...reasons, 'TIME_UNKNOWN'] };
  if (provenAt === null) reasons.push('TIME_CLAIMED');
  const problem = chainProblem(finding, at, question);
  if (problem !== null && problem !== 'CERTIFICATE_UNTRUSTED') return { ...none, reasons: [...reasons, problem] };
  const proof = await prove(finding, at, question);
  return { ...none, ...proof, reasons: [...reasons, ...proof.reasons] };
}

/** The trust list has no path here: the network may still supply a missing issuer, so that is asked of the evidence. */
function chainProblem(
  { signer, certificates, found }: IntegrityFinding,
  at: Date,
  question: TrustQuestion,
): ReasonCode | null {
  if (signer === null) return null;
  const others = [...certificates, ...question.stored];
  const { problem } = judgePath(signer, others, question.anchors, at);
  if (problem === 'CTS_HET_HAN') return 'CERTIFICATE_EXPIRED';
  if (problem === 'CTS_KHONG_TIN_CAY') return 'CERTIFICATE_UNTRUSTED';
  if (found.isTimestamp) return null;
  return judgeTrust(signer, others, question.anchors, at) === null ? null : 'CERTIFICATE_PURPOSE';
}

async function prove(
  { signer, certificates, tokens, found }: IntegrityFinding,
  at: Date,
  { anchors, sources, stored }: TrustQuestion,
): Promise<Pick<TrustFinding, 'reasons' | 'chain' | 'revocation' | 'evidence'>> {
  if (signer === null) return { reasons: [], chain: null, revocation: null, evidence: NO_EVIDENCE };
  const stamps = found.isTimestamp
    ? []
    : tokens.flatMap(({ signed, time }) =>
        signed.signer === null ? [] : [{ certificate: signed.signer, others: signed.certificates, at: time }],
      );
  try {
    const evidence = await gatherEvidence([{ certificate: signer, others: certificates, at }, ...stamps], sources);
    const { path } = judgePath(signer, [...certificates, ...stored], anchors, at);
    return { reasons: [], chain: path, revocation: 'good', evidence };
  } catch (error) {
    const code = error instanceof AppError ? REVOCATION_CODES[error.code] : undefined;
    if (code === undefined) throw error;
    const { path } = judgePath(signer, [...certificates, ...stored], anchors, at);
    const revocation = code === 'CERTIFICATE_REVOKED' ? 'revoked' : code === 'REVOCATION_UNKNOWN' ? 'unknown' : null;
    return { reasons: [code], chain: path, revocation, evidence: NO_EVIDENCE };
  }
}

export function summaryOf(token: Token, isTrusted: boolean | null): TimestampSummary {
  return {
    time: token.time.toISOString(),
    authority: token.signed.signer?.commonName ?? null,
    isSound: true,
    isTrusted,
  };
}
