// The test certificate authority of an installation: root → issuing authority → people and seals. Its name says that
// its signatures have no legal value, so no screen and no verifier can show them without that sentence. The root key
// lives only inside `create` and is never returned.

import { createPrivateKey, generateKeyPair, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { millisOf } from '../../shared/time.ts';
import type { Instant } from '../../shared/time.ts';
import type {
  CertificateRequest,
  IssuedCertificate,
  KeyKind,
  TestAuthority,
  RevokedCertificate,
  TestAuthorityMaterial,
  TimestampSource,
} from '../../modules/signing/ports.ts';
import { readCertificate } from './certificate.ts';
import { buildCertificate, encodeName } from './certificate-builder.ts';
import { buildCrl, buildStampToken, readStampRequest } from './evidence-builder.ts';
import { encodeTimestampRequest } from './timestamp.ts';
import { writePkcs12 } from './pkcs12-writer.ts';

/** Part of the name of every test authority; certificates of such an authority have no legal value. */
export const TEST_MARK = 'không có giá trị pháp lý';
export const ORGANIZATION = 'Trạm – hệ thống thử nghiệm';
export const ROOT_NAME = 'CA THỬ NGHIỆM Trạm – không có giá trị pháp lý';
export const ISSUING_NAME = 'CA THỬ NGHIỆM Trạm cấp chứng thư – không có giá trị pháp lý';
const TSA_NAME = 'Dấu thời gian THỬ NGHIỆM Trạm – không có giá trị pháp lý';
const ROOT_YEARS = 20;
const ISSUING_YEARS = 15;
const MINUTE_MS = 60_000;
const LIST_HOURS = 24;

const generateKeyPairAsync = promisify(generateKeyPair);

export async function newKey(kind: KeyKind): Promise<KeyObject> {
  if (kind === 'EC-P256' || kind === 'EC-P384') {
    const namedCurve = kind === 'EC-P256' ? 'prime256v1' : 'secp384r1';
    return (await generateKeyPairAsync('ec', { namedCurve })).privateKey;
  }
  return (await generateKeyPairAsync('rsa', { modulusLength: kind === 'RSA-2048' ? 2048 : 3072 })).privateKey;
}

/** 16 random bytes with the top bit cleared and the next one set: positive, never short (RFC 5280, 4.1.2.2). */
export function newSerial(): Uint8Array {
  const serial = new Uint8Array(randomBytes(16));
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40;
  return serial;
}

function yearsAfter(from: Instant, years: number): Date {
  const date = new Date(millisOf(from));
  date.setUTCFullYear(date.getUTCFullYear() + years);
  return date;
}

async function create(validFrom: Instant): Promise<TestAuthorityMaterial> {
  const keys = await Promise.all([newKey('RSA-3072'), newKey('RSA-2048'), newKey('RSA-2048')]);
  const [rootKey, issuingKey, timestampKey] = keys;
  const nameOf = (commonName: string): Uint8Array =>
    encodeName({ commonName, organization: ORGANIZATION, title: null });
  const notBefore = new Date(millisOf(validFrom));
  const common = { issuer: nameOf(ROOT_NAME), issuerKey: rootKey, notBefore };
  const rootCertificate = buildCertificate({
    ...common,
    subject: nameOf(ROOT_NAME),
    subjectKey: rootKey,
    serial: newSerial(),
    notAfter: yearsAfter(validFrom, ROOT_YEARS),
    role: 'root',
  });
  const issuingCertificate = buildCertificate({
    ...common,
    subject: nameOf(ISSUING_NAME),
    subjectKey: issuingKey,
    serial: newSerial(),
    notAfter: yearsAfter(validFrom, ISSUING_YEARS),
    role: 'issuing',
  });
  const timestampCertificate = buildCertificate({
    issuer: nameOf(ISSUING_NAME),
    issuerKey: issuingKey,
    subject: nameOf(TSA_NAME),
    subjectKey: timestampKey,
    serial: newSerial(),
    notBefore,
    notAfter: yearsAfter(validFrom, ISSUING_YEARS),
    role: 'timestamping',
  });
  // The root's key ends here, so its list must last as long as the root itself.
  const lifetime = { from: notBefore, to: yearsAfter(validFrom, ROOT_YEARS) };
  return {
    rootCertificate,
    issuingCertificate,
    issuingKey: exportKey(issuingKey),
    rootCrl: buildCrl({ certificate: rootCertificate, key: rootKey }, 1, lifetime, []),
    timestampCertificate,
    timestampKey: exportKey(timestampKey),
  };
}

const exportKey = (key: KeyObject): Uint8Array => new Uint8Array(key.export({ type: 'pkcs8', format: 'der' }));
const importKey = (der: Uint8Array): KeyObject =>
  createPrivateKey({ key: Buffer.from(der), format: 'der', type: 'pkcs8' });

/** A list for one day: made anew whenever it is needed. */
function publishLists(
  material: TestAuthorityMaterial,
  revoked: readonly RevokedCertificate[],
  now: Instant,
): readonly Uint8Array[] {
  const from = new Date(millisOf(now));
  const issuer = { certificate: material.issuingCertificate, key: importKey(material.issuingKey) };
  const serials = revoked.map(({ serialNumber, at }) => ({ serialHex: serialNumber, at: new Date(millisOf(at)) }));
  const number = Math.floor(from.getTime() / MINUTE_MS) % 0x7fff;
  const validity = { from, to: new Date(from.getTime() + LIST_HOURS * 60 * MINUTE_MS) };
  return [material.rootCrl, buildCrl(issuer, number, validity, serials)];
}

/** RFC 3161 without the way over HTTP: the same token, asked in this process. */
function timestampSource(material: TestAuthorityMaterial, now: () => Instant): TimestampSource {
  const authority = { certificate: material.timestampCertificate, key: importKey(material.timestampKey) };
  return {
    timestamp: async (digest, hash) => {
      const { imprint } = readStampRequest(encodeTimestampRequest({ digest, hash, nonce: newSerial() }));
      const at = new Date(millisOf(now()));
      const signer = { ...authority, chain: [material.issuingCertificate] };
      return buildStampToken(signer, { imprint, nonceHex: null }, { at, serial: newSerial() });
    },
  };
}

async function issue(material: TestAuthorityMaterial, request: CertificateRequest): Promise<IssuedCertificate> {
  const key = await newKey(request.keyKind ?? 'RSA-2048');
  const issuing = readCertificate(material.issuingCertificate);
  const certificate = buildCertificate({
    issuer: issuing.subject,
    issuerKey: importKey(material.issuingKey),
    subject: encodeName(request),
    subjectKey: key,
    serial: newSerial(),
    notBefore: new Date(millisOf(request.validFrom)),
    notAfter: new Date(millisOf(request.validTo)),
    role: 'end',
  });
  const chain = [certificate, material.issuingCertificate, material.rootCertificate];
  const pkcs12 = writePkcs12(key, chain, { pin: request.pin, name: request.commonName });
  return { pkcs12, certificate, serialNumber: readCertificate(certificate).serialHex };
}

export const createTestAuthority = (): TestAuthority => ({ create, issue, publishLists, timestampSource });
