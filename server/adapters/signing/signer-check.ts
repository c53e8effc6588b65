// Checks a certificate before its key may sign (NĐ 23/2025 Đ17, TT 15/2025): purpose, validity, owner, and with trusted
// roots also chain and revocation. A hash is handed out only after this; "could not be checked" is a refusal.

import { AppError } from '../../shared/app-error.ts';
import { millisOf } from '../../shared/time.ts';
import type { SignerChecker, SignerToCheck, TrustMaterial } from '../../modules/signing/ports.ts';
import { KEY_USAGE, publicKeyOf, readCertificate } from './certificate.ts';
import { gatherEvidence } from './evidence.ts';
import type { EvidenceSources } from './evidence.ts';
import type { HttpGuard } from './guarded-http.ts';
import { DerFault } from './der.ts';
import { TEST_MARK } from './test-authority.ts';
import { schemeOf } from './schemes.ts';
import { isTimestampAuthority } from './timestamp.ts';

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

const sourcesOf = ({ roots, intermediates, lists }: TrustMaterial, guard: HttpGuard | null): EvidenceSources => ({
  trust: roots,
  known: { certificates: intermediates, crls: lists, ocsps: [] },
  guard,
});

const invalid = (cause: unknown): AppError =>
  new AppError('invalid-input', 'SIGNING_CERTIFICATE_INVALID', 'The bytes are no certificate', { cause });

/** The network is asked through the guard only, and never while a transaction is open. */
export const createSignerChecker = (guard: HttpGuard): SignerChecker => ({
  async check(signer, trust, network) {
    try {
      const { commonName, serialHex, x509 } = readCertificate(signer.certificate);
      await assertSignerAllowed(signer, sourcesOf(trust, network === 'may-ask' ? guard : null));
      return {
        subjectName: commonName,
        serialNumber: serialHex,
        isTest: x509.issuer.normalize('NFC').includes(TEST_MARK),
      };
    } catch (error) {
      if (error instanceof DerFault) throw invalid(error);
      throw error;
    }
  },
  nameOf(certificate) {
    try {
      return readCertificate(certificate).commonName;
    } catch (error) {
      if (error instanceof DerFault) return '';
      throw error;
    }
  },
});
