// The validator behind the port of the validation module: threads, the guard for the network, and the translation of a
// report into what the module keeps.

import { createHash } from 'node:crypto';
import { millisOf } from '../../../shared/time.ts';
import type { FileReason, FileReport, FileValidator, SignatureSummary } from '../../../modules/validation/ports.ts';
import { isIssuedBy, readCertificate } from '../certificate.ts';
import { DerFault } from '../der.ts';
import type { HttpGuard } from '../guarded-http.ts';
import { unwrapPem } from '../revocation.ts';
import type { ValidationPool } from './pool.ts';
import { REASONS } from './reasons.ts';
import { WORST_FIRST } from './report.ts';
import type { Reason, SignatureReport, Validation } from './report.ts';
import { describeChanges } from './texts.ts';

function reasonsOf({ report }: Validation): readonly FileReason[] {
  const all = [...report.reasons, ...report.signatures.flatMap(({ reasons }) => reasons)];
  const weight = (severity: string): number => WORST_FIRST.findIndex((verdict) => verdict === severity);
  const told = all.filter(({ severity }) => severity !== 'info');
  const sorted = [...told].sort((left, right) => weight(left.severity) - weight(right.severity));
  const codes = [...new Set(sorted.map(({ code }) => code))];
  return codes.map((code) => ({ code, domainCode: REASONS[code].domainCode, text: REASONS[code].vi }));
}

const sentence = ({ code }: Reason): FileReason => ({
  code,
  domainCode: REASONS[code].domainCode,
  text: REASONS[code].vi,
});

const summaryOf = (signature: SignatureReport): SignatureSummary => ({
  field: signature.field,
  kind: signature.kind,
  verdict: signature.verdict,
  signerName: signature.signer?.name ?? null,
  issuerName: signature.signer?.issuer ?? null,
  signedAt: signature.provenAt ?? signature.claimedAt,
  isTimestamped: signature.provenAt !== null,
  algorithm: signature.algorithm,
  reasons: signature.reasons.map(sentence),
  changesText: describeChanges(signature.changes),
});

function toFileReport(validation: Validation): FileReport {
  const { report, evidence } = validation;
  const of = (kind: FileReport['evidence'][number]['kind'], items: readonly Uint8Array[]): FileReport['evidence'] =>
    items.map((content) => ({ kind, content }));
  return {
    verdict: report.verdict,
    fileSha256: report.file.sha256,
    report,
    reasons: reasonsOf(validation),
    signatures: report.signatures.map(summaryOf),
    evidence: [
      ...of('certificate', evidence.certificates),
      ...of('crl', evidence.crls),
      ...of('ocsp', evidence.ocsps),
      ...of('token', evidence.tokens),
    ],
  };
}

export function createFileValidator(pool: ValidationPool, guard: HttpGuard | null): FileValidator {
  return {
    async validate(pdf, trust, now) {
      const validation = await pool.validate(pdf, {
        mode: trust === null ? 'integrity' : 'full',
        trust: trust?.roots ?? [],
        intermediates: trust?.intermediates ?? [],
        lists: trust?.lists ?? [],
        guard: trust === null ? null : guard,
        at: null,
        now: new Date(millisOf(now)),
      });
      return toFileReport(validation);
    },
    describeCertificate(bytes) {
      try {
        const certificate = readCertificate(unwrapPem(bytes));
        return {
          name: certificate.commonName,
          sha256: createHash('sha256').update(certificate.der).digest('hex'),
          isAuthority: certificate.isAuthority,
          isSelfSigned: isIssuedBy(certificate, certificate),
          der: certificate.der,
        };
      } catch (error) {
        if (error instanceof DerFault) return null;
        throw error;
      }
    },
  };
}
