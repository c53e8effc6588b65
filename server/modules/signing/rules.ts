// Pure rules of signing: who may, with what, in which order, and what the findings on a file add up to.

import type { Actor } from '../../shared/actor.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import type { Instant } from '../../shared/time.ts';
import type { Refusal } from './errors.ts';
import type { SignatureFinding, SignatureRole } from './ports.ts';
import type { Holder, SignatureCheck, Verdict } from './signature.ts';

/** Prefix of the signature field's name; readers tell the two signatures apart by it. */
const FIELD_PREFIX: Readonly<Record<SignatureRole, string>> = { personal: 'KyDuyet', agency: 'DongDau' };

export const fieldNameOf = (role: SignatureRole): string => `${FIELD_PREFIX[role]}-1`;

/** Could not be checked now; neither accepted nor refused (domain rule: never accept silently). */
const UNDETERMINED_REASON = 'KHONG_KT_DUOC';

/** A person signs with the own certificate; the agency's seal is in the hand of its clerks. */
export function decideHolder(actor: Actor, role: SignatureRole): Result<Holder, Refusal> {
  if (role === 'personal') return ok({ kind: 'person', userId: actor.userId });
  if (actor.roles.includes('clerk')) return ok({ kind: 'agency', agencyId: actor.agencyId });
  return err({ code: 'SIGNING_CLERK_REQUIRED', message: 'Expected a clerk to apply the signature of the agency' });
}

/** TT 41/2017 Đ7: the certificate was valid when the signature was made. */
export function checkValidity(
  validity: { readonly validFrom: Instant; readonly validTo: Instant },
  now: Instant,
): Result<null, Refusal> {
  if (validity.validFrom <= now && now <= validity.validTo) return ok(null);
  return err({
    code: 'SIGNING_CERTIFICATE_EXPIRED',
    message: `Expected a certificate that is valid at ${now}, but it is from ${validity.validFrom} to ${validity.validTo}`,
    details: { validFrom: validity.validFrom, validTo: validity.validTo },
  });
}

/** NĐ 30/2020 Đ32(2)d: the agency signs only what the competent person has signed; each signs once. */
export function checkOrder(present: readonly SignatureRole[], role: SignatureRole): Result<null, Refusal> {
  if (present.includes(role)) {
    return err({ code: 'SIGNING_ALREADY_SIGNED', message: `Expected no ${role} signature on the document yet` });
  }
  if (role === 'agency' && !present.includes('personal')) {
    return err({
      code: 'SIGNING_PERSON_MISSING',
      message: 'Expected the personal signature before that of the agency',
    });
  }
  return ok(null);
}

function verdictOf(findings: readonly SignatureFinding[]): Verdict {
  if (findings.length === 0 || findings.some((finding) => !finding.isIntact)) return 'invalid';
  const untrusted = findings.filter((finding) => !finding.isTrusted);
  if (untrusted.length === 0) return 'valid';
  return untrusted.every((finding) => finding.reasons.includes(UNDETERMINED_REASON)) ? 'undetermined' : 'invalid';
}

export function decideCheck(findings: readonly SignatureFinding[]): SignatureCheck {
  const byRole = (role: SignatureRole): SignatureFinding | null =>
    findings.find((finding) => finding.fieldName.startsWith(FIELD_PREFIX[role])) ?? null;
  const personal = byRole('personal');
  const agency = byRole('agency');
  const verdict = verdictOf(findings);
  const isClosed = findings.some((finding) => finding.coversWholeFile || finding.isFollowedByEvidenceOnly === true);
  const reasons = new Set(findings.flatMap((finding) => finding.reasons));
  if (personal === null || agency === null) reasons.add('KHONG_CHU_KY');
  if (findings.length > 0 && !isClosed) reasons.add('SAI_TOAN_VEN');
  const isComplete = verdict === 'valid' && personal !== null && agency !== null && isClosed;
  return { verdict, personal, agency, isComplete, findings, reasons: [...reasons] };
}
