// Checks a certificate before its key may sign (NĐ 23/2025 Đ17, TT 15/2025): purpose, validity, owner, and with trusted
// roots also chain and revocation. A hash is handed out only after this; "could not be checked" is a refusal.

import { AppError } from '../../shared/app-error.ts';
import { millisOf } from '../../shared/time.ts';
import type { Instant } from '../../shared/time.ts';
import { KEY_USAGE, publicKeyOf, readCertificate } from './certificate.ts';
import { gatherEvidence } from './evidence.ts';
import type { EvidenceSources } from './evidence.ts';
import { schemeOf } from './schemes.ts';
import { isTimestampAuthority } from './timestamp.ts';

export interface SignerToCheck {
  readonly certificate: Uint8Array;
  readonly chain: readonly Uint8Array[];
  /** The name that the certificate must carry; null: anyone's. */
  readonly expectedName: string | null;
  readonly at: Instant;
}

/**
 * `sources` null: offline, without chain and revocation. Throws AppError (rule) SIGNING_CERTIFICATE_EXPIRED,
 * _PURPOSE, _OWNER, _UNTRUSTED, _REVOKED, SIGNING_REVOCATION_UNKNOWN or SIGNING_KEY_UNSUPPORTED.
 */
export async function assertSignerAllowed(signer: SignerToCheck, sources: EvidenceSources | null): Promise<void> {
  const certificate = readCertificate(signer.certificate);
  const at = new Date(millisOf(signer.at));
  const details = { serialNumber: certificate.serialHex };
  if (at < certificate.notBefore || certificate.notAfter < at) {
    throw new AppError('rule', 'SIGNING_CERTIFICATE_EXPIRED', 'The certificate is not valid at this time', { details });
  }
  schemeOf(publicKeyOf(certificate));
  const bits = KEY_USAGE.digitalSignature | KEY_USAGE.nonRepudiation;
  const maySign = certificate.keyUsage === null || (certificate.keyUsage & bits) !== 0;
  if (!maySign || certificate.isAuthority || isTimestampAuthority(certificate)) {
    throw new AppError('rule', 'SIGNING_CERTIFICATE_PURPOSE', 'The certificate is not for signing documents', {
      details,
    });
  }
  const { expectedName } = signer;
  if (expectedName !== null && certificate.commonName !== expectedName.normalize('NFC')) {
    throw new AppError('rule', 'SIGNING_CERTIFICATE_OWNER', 'The certificate belongs to somebody else', { details });
  }
  if (sources === null) return;
  await gatherEvidence([{ certificate, others: signer.chain.map(readCertificate), at }], sources);
}
