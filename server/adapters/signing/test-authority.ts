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
  TestAuthorityMaterial,
} from '../../modules/signing/ports.ts';
import { readCertificate } from './certificate.ts';
import { buildCertificate, encodeName } from './certificate-builder.ts';
import { writePkcs12 } from './pkcs12-writer.ts';

export const ORGANIZATION = 'Trạm – hệ thống thử nghiệm';
export const ROOT_NAME = 'CA THỬ NGHIỆM Trạm – không có giá trị pháp lý';
export const ISSUING_NAME = 'CA THỬ NGHIỆM Trạm cấp chứng thư – không có giá trị pháp lý';
const ROOT_YEARS = 20;
const ISSUING_YEARS = 15;

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
  const [rootKey, issuingKey] = await Promise.all([newKey('RSA-3072'), newKey('RSA-2048')]);
  const rootName = encodeName({ commonName: ROOT_NAME, organization: ORGANIZATION, title: null });
  const issuingName = encodeName({ commonName: ISSUING_NAME, organization: ORGANIZATION, title: null });
  const common = { issuer: rootName, issuerKey: rootKey, notBefore: new Date(millisOf(validFrom)) };
  const rootCertificate = buildCertificate({
    ...common,
    subject: rootName,
    subjectKey: rootKey,
    serial: newSerial(),
    notAfter: yearsAfter(validFrom, ROOT_YEARS),
    role: 'root',
  });
  const issuingCertificate = buildCertificate({
    ...common,
    subject: issuingName,
    subjectKey: issuingKey,
    serial: newSerial(),
    notAfter: yearsAfter(validFrom, ISSUING_YEARS),
    role: 'issuing',
  });
  const exported = issuingKey.export({ type: 'pkcs8', format: 'der' });
  return { rootCertificate, issuingCertificate, issuingKey: new Uint8Array(exported) };
}

async function issue(material: TestAuthorityMaterial, request: CertificateRequest): Promise<IssuedCertificate> {
  const key = await newKey(request.keyKind ?? 'RSA-2048');
  const issuing = readCertificate(material.issuingCertificate);
  const certificate = buildCertificate({
    issuer: issuing.subject,
    issuerKey: createPrivateKey({ key: Buffer.from(material.issuingKey), format: 'der', type: 'pkcs8' }),
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

export const createTestAuthority = (): TestAuthority => ({ create, issue });
