// The validation report: what was checked, what was found, and why, in a shape that other programs may rely on. Fields are
// only ever added; a change of meaning gets another schema name. Nothing in it is a guess: what was not checked is null.

import type { Change, ChangeLevel } from '../../pdf/validation/changes.ts';
import type { ReasonCode, Severity } from './reasons.ts';

export const REPORT_SCHEMA = 'tram.validation-report/1';

export type Verdict = 'valid' | 'reservations' | 'undetermined' | 'invalid';
export const WORST_FIRST: readonly Verdict[] = ['invalid', 'undetermined', 'reservations', 'valid'];
export const worstOf = (verdicts: readonly Verdict[]): Verdict =>
  WORST_FIRST.find((verdict) => verdicts.includes(verdict)) ?? 'invalid';

/** integrity: chain, clock and revocation left out. untold: no trust list was given. full: everything. */
export type ValidationMode = 'integrity' | 'untold' | 'full';

export interface Reason {
  readonly code: ReasonCode;
  readonly severity: Severity;
  /** Detail for whoever looks into the file; not for clerks. */
  readonly detail: string;
}

export interface CertificateSummary {
  readonly name: string;
  readonly issuer: string;
  readonly serialNumber: string;
  readonly validFrom: string;
  readonly validTo: string;
  readonly sha256: string;
}

export interface TimestampSummary {
  readonly time: string;
  readonly authority: string | null;
  readonly isSound: boolean;
  /** null: not judged in this mode. */
  readonly isTrusted: boolean | null;
}

export interface SignatureReport {
  readonly field: string;
  readonly kind: 'signature' | 'document-timestamp';
  readonly verdict: Verdict;
  readonly subFilter: string | null;
  readonly signer: CertificateSummary | null;
  readonly claimedAt: string | null;
  readonly provenAt: string | null;
  readonly algorithm: string | null;
  readonly byteRange: readonly number[] | null;
  readonly coversWholeFile: boolean;
  /** Of a certification or a lock; null when the signer said nothing. */
  readonly permissionLevel: 1 | 2 | 3 | null;
  readonly changes: { readonly level: ChangeLevel; readonly items: readonly Change[] } | null;
  readonly timestamps: readonly TimestampSummary[];
  /** null: not judged in this mode, or for want of a certificate. */
  readonly chain: readonly CertificateSummary[] | null;
  readonly revocation: 'good' | 'revoked' | 'unknown' | null;
  readonly reasons: readonly Reason[];
}

export interface ValidationReport {
  readonly schema: typeof REPORT_SCHEMA;
  readonly verdict: Verdict;
  readonly mode: ValidationMode;
  readonly checkedAt: string;
  readonly file: { readonly sha256: string; readonly bytes: number; readonly revisions: number | null };
  readonly level: 'B-B' | 'B-T' | 'B-LT' | 'B-LTA' | null;
  /** Why the file as a whole cannot be judged, or what is wrong with it beside its signatures. */
  readonly reasons: readonly Reason[];
  readonly signatures: readonly SignatureReport[];
}

/** What a report rests on, kept beside it (TT 15/2025: certificates, revocation data, result). */
export interface Evidence {
  readonly certificates: readonly Uint8Array[];
  readonly crls: readonly Uint8Array[];
  readonly ocsps: readonly Uint8Array[];
  readonly tokens: readonly Uint8Array[];
}

export interface Validation {
  readonly report: ValidationReport;
  readonly evidence: Evidence;
}
