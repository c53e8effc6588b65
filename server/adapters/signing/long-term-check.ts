// Judges revocation for every signature of a file at the time when it provably existed, else at the claimed time: from the
// evidence inside the file and, with a guard, from the network. What cannot be proven is KHONG_KT_DUOC, never valid.

import { AppError } from '../../shared/app-error.ts';
import { withOpenFile } from '../pdf/increments.ts';
import { readValidationStore } from '../pdf/validation-store.ts';
import { gatherEvidence } from './evidence.ts';
import type { EvidenceSources } from './evidence.ts';
import { provenTimeOf } from './long-term.ts';
import type { LongTermOptions } from './long-term.ts';
import { readRecord, signedFieldsOf } from './signature-records.ts';
import type { SignatureRecord } from './signature-records.ts';

/** Reason codes of domain.md 8.2 by what the gatherer refuses. */
const REASONS: Readonly<Record<string, string>> = {
  SIGNING_CERTIFICATE_UNTRUSTED: 'CTS_KHONG_TIN_CAY',
  SIGNING_CERTIFICATE_EXPIRED: 'CTS_HET_HAN',
  SIGNING_CERTIFICATE_REVOKED: 'CTS_THU_HOI',
  SIGNING_REVOCATION_UNKNOWN: 'KHONG_KT_DUOC',
};

export interface RevocationFinding {
  readonly fieldName: string;
  /** null: proven not revoked. */
  readonly reason: string | null;
}

async function judge(
  record: SignatureRecord,
  records: readonly SignatureRecord[],
  sources: EvidenceSources,
): Promise<string | null> {
  const signer = record.signed?.signer ?? null;
  if (record.signed === null || signer === null) return 'SAI_TOAN_VEN';
  const at = record.ownToken?.genTime ?? provenTimeOf(record, records) ?? record.claimedAt;
  if (at === null) return 'KHONG_KT_DUOC';
  const tokens = record.tokens.filter((token) => token !== null);
  const stamps = tokens.flatMap(({ signed, genTime }) =>
    signed.signer === null ? [] : [{ certificate: signed.signer, others: signed.certificates, at: genTime }],
  );
  try {
    await gatherEvidence([{ certificate: signer, others: record.signed.certificates, at }, ...stamps], sources);
    return null;
  } catch (error) {
    const reason = error instanceof AppError ? REASONS[error.code] : undefined;
    if (reason === undefined) throw error;
    return reason;
  }
}

export async function checkRevocation(
  pdf: Uint8Array,
  options: Omit<LongTermOptions, 'now'>,
): Promise<readonly RevocationFinding[]> {
  const { records, known } = withOpenFile(pdf, (file) => ({
    records: signedFieldsOf(file).map((field) => readRecord(file, field)),
    known: readValidationStore(file),
  }));
  const sources = { trust: options.trust, known, guard: options.guard };
  const findings: RevocationFinding[] = [];
  for (const record of records) {
    findings.push({ fieldName: record.field.fullName, reason: await judge(record, records, sources) });
  }
  return findings;
}
