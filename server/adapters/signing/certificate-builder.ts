// Builds X.509 v3 certificates in our own DER, signed by node:crypto with RSA and SHA-256. Names are UTF8String in
// NFC, so Vietnamese letters stay what they are; the issuer name is copied from the issuer's certificate.

import { createHash, createPublicKey, sign } from 'node:crypto';
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
  readonly role: 'root' | 'issuing' | 'end';
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
function keyIdentifier(key: KeyObject): Uint8Array {
  const bits = childAt(readDer(publicKeyInfo(key)), 1, TAG.bitString).content.subarray(1);
  return new Uint8Array(createHash('sha1').update(bits).digest());
}

const extension = (type: string, isCritical: boolean, value: Uint8Array): Uint8Array =>
  sequence(oid(type), ...(isCritical ? [booleanTrue()] : []), octetString(value));

function extensionsOf(plan: CertificatePlan): Uint8Array {
  // keyCertSign + cRLSign (bits 5, 6), or digitalSignature + nonRepudiation (bits 0, 1).
  const usage = plan.role === 'end' ? bitString(Uint8Array.of(0xc0), 6) : bitString(Uint8Array.of(0x06), 1);
  const constraints =
    plan.role === 'end' ? sequence() : sequence(booleanTrue(), ...(plan.role === 'issuing' ? [integer(0)] : []));
  return context(
    3,
    sequence(
      extension(OID.basicConstraints, plan.role !== 'end', constraints),
      extension(OID.keyUsage, true, usage),
      extension(OID.subjectKeyIdentifier, false, octetString(keyIdentifier(plan.subjectKey))),
      extension(OID.authorityKeyIdentifier, false, sequence(contextPrimitive(0, keyIdentifier(plan.issuerKey)))),
    ),
  );
}

export function buildCertificate(plan: CertificatePlan): Uint8Array {
  const algorithm = sequence(oid(OID.sha256WithRsa), derNull());
  const body = sequence(
    context(0, integer(2)),
    integer(plan.serial),
    algorithm,
    plan.issuer,
    sequence(time(plan.notBefore), time(plan.notAfter)),
    plan.subject,
    publicKeyInfo(plan.subjectKey),
    extensionsOf(plan),
  );
  const signature = new Uint8Array(sign('sha256', body, plan.issuerKey));
  return sequence(body, algorithm, bitString(signature));
}
