// Builds a path from a certificate to one of the given anchors and judges it at one instant: names, signatures,
// validity, basicConstraints, keyUsage, critical extensions. Revocation is not asked here; that is another issue,
// and "not revoked" is therefore never claimed.

import { isIssuedBy, isSameBytes, KEY_USAGE } from './certificate.ts';
import type { Certificate } from './certificate.ts';
import { OID } from './oids.ts';

/** Reason codes of domain.md 8.2. */
export type TrustProblem = 'CTS_HET_HAN' | 'CTS_KHONG_TIN_CAY';

const MAX_AUTHORITIES = 6;
/** Look-alike certificates could make the search explode; real paths need fewer than ten checks. */
const MAX_ISSUER_CHECKS = 200;

const isValidAt = (certificate: Certificate, at: Date): boolean =>
  certificate.notBefore <= at && at <= certificate.notAfter;

function maySign(certificate: Certificate): boolean {
  const bits = KEY_USAGE.digitalSignature | KEY_USAGE.nonRepudiation;
  return certificate.keyUsage === null || (certificate.keyUsage & bits) !== 0;
}

function mayIssue(authority: Certificate, authoritiesBelow: number): boolean {
  const maySignCertificates = authority.keyUsage === null || (authority.keyUsage & KEY_USAGE.keyCertSign) !== 0;
  const isWithinPath = authority.pathLength === null || authoritiesBelow <= authority.pathLength;
  return authority.isAuthority && maySignCertificates && isWithinPath && !authority.hasUnknownCriticalExtension;
}

interface Pool {
  readonly anchors: readonly Certificate[];
  readonly all: readonly Certificate[];
  checksLeft: number;
}

function findPath(path: readonly Certificate[], pool: Pool): readonly Certificate[] | null {
  const last = path[path.length - 1];
  if (last === undefined || path.length > MAX_AUTHORITIES + 1) return null;
  if (pool.anchors.some((anchor) => isSameBytes(anchor.der, last.der))) return path;
  for (const issuer of pool.all) {
    if (path.includes(issuer) || !mayIssue(issuer, path.length - 1)) continue;
    pool.checksLeft -= 1;
    if (pool.checksLeft < 0) return null;
    if (!isIssuedBy(last, issuer)) continue;
    const found = findPath([...path, issuer], pool);
    if (found !== null) return found;
  }
  return null;
}

export type JudgedPath =
  | { readonly problem: null; readonly path: readonly Certificate[] }
  | { readonly problem: TrustProblem; readonly path: readonly Certificate[] | null };

/** The certificate first, the anchor last. */
export function judgePath(
  certificate: Certificate,
  others: readonly Certificate[],
  anchors: readonly Certificate[],
  at: Date,
): JudgedPath {
  if (certificate.hasUnknownCriticalExtension || !maySign(certificate)) {
    return { problem: 'CTS_KHONG_TIN_CAY', path: null };
  }
  const pool = { anchors, all: [...anchors, ...others], checksLeft: MAX_ISSUER_CHECKS };
  // Without anchors there is no path, and looking for one costs more than the signature.
  const path = anchors.length === 0 ? null : findPath([certificate], pool);
  if (path === null) return { problem: 'CTS_KHONG_TIN_CAY', path: null };
  return path.every((member) => isValidAt(member, at)) ? { problem: null, path } : { problem: 'CTS_HET_HAN', path };
}

/** A certificate made for other purposes only (a time-stamping authority, a web server) signs no documents. */
function maySignDocuments({ purposes }: Certificate): boolean {
  if (purposes === null) return true;
  return !(purposes.isCritical && purposes.oids.every((purpose) => SERVICE_PURPOSES.has(purpose)));
}

const SERVICE_PURPOSES: ReadonlySet<string> = new Set([OID.purposeTimestamping, OID.purposeOcsp]);

/** null when the certificate can be trusted for signing documents at that instant. */
export function judgeTrust(
  certificate: Certificate,
  others: readonly Certificate[],
  anchors: readonly Certificate[],
  at: Date,
): TrustProblem | null {
  if (!maySignDocuments(certificate)) return 'CTS_KHONG_TIN_CAY';
  return judgePath(certificate, others, anchors, at).problem;
}
