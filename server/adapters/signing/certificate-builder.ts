// Builds X.509 v3 certificates in our own DER, signed by node:crypto with RSA or ECDSA. Names are UTF8String in
// NFC, so Vietnamese letters stay what they are; the issuer name is copied from the issuer's certificate.

import { createHash, createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import {
  childAt,
  context,
  contextPrimitive,
  bitString,
  booleanTrue,
  derNull,
  encode,
  integer,
  octetString,
  oid,
  readDer,
  sequence,
  setOf,
  TAG,
  time,
  utf8String,
} from './der.ts';
import { OID } from './oids.ts';
import { encodeAlgorithm, schemeOf, signSync } from './schemes.ts';

export interface SubjectName {
  readonly commonName: string;
  readonly organization: string;
  readonly title: string | null;
}

export interface CertificatePlan {
  /** DER of the issuer's name; its own subject for a root. */
  readonly issuer: Uint8Array;
  readonly issuerKey: KeyObject;
  readonly subject: Uint8Array;
  readonly subjectKey: KeyObject;
  /** 20 bytes at most, positive. */
  readonly serial: Uint8Array;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly role: CertificateRole;
  readonly addresses?: CertificateAddresses;
}

/** timestamping and ocsp: the services of an authority, each limited to its purpose. */
export type CertificateRole = 'root' | 'issuing' | 'end' | 'timestamping' | 'ocsp';

/** Where the issuer publishes what a verifier needs. */
export interface CertificateAddresses {
  readonly crl?: string;
  readonly ocsp?: string;
  readonly issuer?: string;
}

const attribute = (type: string, value: Uint8Array): Uint8Array => setOf(sequence(oid(type), value));

/** C=VN, O, title if any, CN. */
export function encodeName(subject: SubjectName): Uint8Array {
  const country = encode(TAG.printableString, new Uint8Array(Buffer.from('VN')));
  return sequence(
    attribute(OID.countryName, country),
    attribute(OID.organizationName, utf8String(subject.organization)),
    ...(subject.title === null ? [] : [attribute(OID.title, utf8String(subject.title))]),
    attribute(OID.commonName, utf8String(subject.commonName)),
  );
}

const publicKeyInfo = (key: KeyObject): Uint8Array =>
  new Uint8Array((key.type === 'public' ? key : createPublicKey(key)).export({ type: 'spki', format: 'der' }));

/** RFC 5280, 4.2.1.2, method 1: SHA-1 over the bits of the public key. An identifier, not a protection. */
export function keyIdentifier(key: KeyObject): Uint8Array {
  const bits = childAt(readDer(publicKeyInfo(key)), 1, TAG.bitString).content.subarray(1);
  return new Uint8Array(createHash('sha1').update(bits).digest());
}

export const extension = (type: string, isCritical: boolean, value: Uint8Array): Uint8Array =>
  sequence(oid(type), ...(isCritical ? [booleanTrue()] : []), octetString(value));

const url = (address: string): Uint8Array => contextPrimitive(6, new Uint8Array(Buffer.from(address, 'latin1')));

function addressExtensions({ crl, ocsp, issuer }: CertificateAddresses): readonly Uint8Array[] {
  const access = [
    ...(ocsp === undefined ? [] : [sequence(oid(OID.accessOcsp), url(ocsp))]),
    ...(issuer === undefined ? [] : [sequence(oid(OID.accessIssuers), url(issuer))]),
  ];
  return [
    ...(access.length === 0 ? [] : [extension(OID.authorityInfoAccess, false, sequence(...access))]),
    ...(crl === undefined
      ? []
      : [extension(OID.crlDistributionPoints, false, sequence(sequence(context(0, context(0, url(crl))))))]),
  ];
}

const isAuthority = (role: CertificateRole): boolean => role === 'root' || role === 'issuing';

/** keyCertSign + cRLSign (bits 5, 6), digitalSignature + nonRepudiation (0, 1), or digitalSignature alone. */
function usageOf(role: CertificateRole): Uint8Array {
  if (isAuthority(role)) return bitString(Uint8Array.of(0x06), 1);
  return role === 'end' ? bitString(Uint8Array.of(0xc0), 6) : bitString(Uint8Array.of(0x80), 7);
}

/** RFC 3161, 2.3 wants the purpose of a time-stamping authority critical and alone. */
function purposeExtensions(role: CertificateRole): readonly Uint8Array[] {
  if (role === 'timestamping') return [extension(OID.extendedKeyUsage, true, sequence(oid(OID.purposeTimestamping)))];
  if (role !== 'ocsp') return [];
  return [
    extension(OID.extendedKeyUsage, false, sequence(oid(OID.purposeOcsp))),
    extension(OID.ocspNoCheck, false, derNull()),
  ];
}

function extensionsOf(plan: CertificatePlan): Uint8Array {
  const limit = plan.role === 'issuing' ? [integer(0)] : [];
  const constraints = isAuthority(plan.role) ? sequence(booleanTrue(), ...limit) : sequence();
  return context(
    3,
    sequence(
      extension(OID.basicConstraints, isAuthority(plan.role), constraints),
      extension(OID.keyUsage, true, usageOf(plan.role)),
      ...purposeExtensions(plan.role),
      extension(OID.subjectKeyIdentifier, false, octetString(keyIdentifier(plan.subjectKey))),
      extension(OID.authorityKeyIdentifier, false, sequence(contextPrimitive(0, keyIdentifier(plan.issuerKey)))),
      ...addressExtensions(plan.addresses ?? {}),
    ),
  );
}

/** `body` signed by a key as certificates, CRLs and OCSP answers are: body, algorithm, bits of the signature. */
export function signStructure(body: Uint8Array, key: KeyObject, trailer: readonly Uint8Array[] = []): Uint8Array {
  const scheme = schemeOf(key);
  return sequence(body, encodeAlgorithm(scheme, 'certificate'), bitString(signSync(scheme, key, body)), ...trailer);
}

export function buildCertificate(plan: CertificatePlan): Uint8Array {
  const body = sequence(
    context(0, integer(2)),
    integer(plan.serial),
    encodeAlgorithm(schemeOf(plan.issuerKey), 'certificate'),
    plan.issuer,
    sequence(time(plan.notBefore), time(plan.notAfter)),
    plan.subject,
    publicKeyInfo(plan.subjectKey),
    extensionsOf(plan),
  );
  return signStructure(body, plan.issuerKey);
}
