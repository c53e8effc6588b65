// Reads X.509 certificates from their received bytes. The raw subject, issuer and serial are kept as they are, so
// that a signature names its certificate exactly. Signature checks themselves are done by node:crypto.

import { X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { childAt, childrenOf, DerFault, expectTag, integerHexOf, oidOf, readDer, TAG, timeOf } from './der.ts';
import type { DerNode } from './der.ts';
import { OID } from './oids.ts';

export interface Certificate {
  readonly der: Uint8Array;
  /** Upper-case hex without leading zero bytes. */
  readonly serialHex: string;
  readonly serial: Uint8Array;
  readonly issuer: Uint8Array;
  readonly subject: Uint8Array;
  /** Common name of the subject; empty when it has none. */
  readonly commonName: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** Present only in certificates of authorities. */
  readonly isAuthority: boolean;
  /** How many authorities may follow below; null for any number. */
  readonly pathLength: number | null;
  /** Key-usage bits from bit 0 (digitalSignature) on; null when the extension is absent. */
  readonly keyUsage: number | null;
  readonly subjectKeyId: string | null;
  readonly hasUnknownCriticalExtension: boolean;
  /** Purposes by object identifier; null when the certificate is not limited to any. */
  readonly purposes: { readonly oids: readonly string[]; readonly isCritical: boolean } | null;
  /** Addresses that the certificate names. They are somebody else's claim: fetch them through the guard only. */
  readonly crlUrls: readonly string[];
  readonly ocspUrls: readonly string[];
  readonly issuerUrls: readonly string[];
  /** An OCSP responder whose own certificate need not be checked for revocation (RFC 6960, 4.2.2.2.1). */
  readonly isOcspNoCheck: boolean;
  readonly x509: X509Certificate;
}

/** Bits as numbered in RFC 5280: bit 0 is the highest bit of the first byte. */
export const KEY_USAGE = { digitalSignature: 0x80, nonRepudiation: 0x40, keyCertSign: 0x04, crlSign: 0x02 } as const;

const UNDERSTOOD: ReadonlySet<string> = new Set([
  OID.keyUsage,
  OID.basicConstraints,
  OID.subjectKeyIdentifier,
  OID.authorityKeyIdentifier,
  OID.subjectAltName,
  OID.certificatePolicies,
  OID.extendedKeyUsage,
  OID.crlDistributionPoints,
  OID.authorityInfoAccess,
]);

function textOf(node: DerNode): string {
  const bytes = Buffer.from(node.content);
  if (node.tag === 0x1e) {
    return bytes
      .subarray(0, bytes.length - (bytes.length % 2))
      .swap16()
      .toString('utf16le');
  }
  return bytes.toString(node.tag === TAG.utf8String ? 'utf8' : 'latin1');
}

/** The last common name of a distinguished name: the most specific one. */
function commonNameOf(subject: DerNode): string {
  let found = '';
  for (const relative of childrenOf(subject)) {
    for (const attribute of childrenOf(relative)) {
      if (oidOf(childAt(attribute, 0)) === OID.commonName) found = textOf(childAt(attribute, 1)).normalize('NFC');
    }
  }
  return found;
}

interface Extensions {
  readonly values: ReadonlyMap<string, Uint8Array>;
  readonly critical: ReadonlySet<string>;
  readonly hasUnknownCritical: boolean;
}

function extensionsOf(fields: readonly DerNode[]): Extensions {
  const wrapper = fields.find((field) => field.tag === 0xa3);
  const values = new Map<string, Uint8Array>();
  const critical = new Set<string>();
  let hasUnknownCritical = false;
  for (const extension of wrapper === undefined ? [] : childrenOf(childAt(wrapper, 0, TAG.sequence))) {
    const parts = childrenOf(extension);
    const id = oidOf(expectTag(parts[0]));
    const isCritical = parts[1]?.tag === TAG.boolean && parts[1].content[0] !== 0;
    values.set(id, expectTag(parts[parts.length - 1], TAG.octetString).content);
    if (isCritical) critical.add(id);
    hasUnknownCritical ||= isCritical && !UNDERSTOOD.has(id);
  }
  return { values, critical, hasUnknownCritical };
}

/** Every address inside a structure of general names: context tag 6, at any depth. */
function urlsIn(node: DerNode, depth = 0): readonly string[] {
  if (node.tag === 0x86) return [Buffer.from(node.content).toString('latin1')];
  const isConstructed = (node.tag & 0x20) !== 0;
  return isConstructed && depth < 6 ? childrenOf(node).flatMap((child) => urlsIn(child, depth + 1)) : [];
}

function accessUrls(value: Uint8Array | undefined, method: string): readonly string[] {
  if (value === undefined) return [];
  const descriptions = childrenOf(readDer(value)).filter((item) => oidOf(childAt(item, 0)) === method);
  return descriptions.flatMap((item) => urlsIn(childAt(item, 1)));
}

function purposesOf({ values, critical }: Extensions): Certificate['purposes'] {
  const value = values.get(OID.extendedKeyUsage);
  if (value === undefined) return null;
  return { oids: childrenOf(readDer(value)).map(oidOf), isCritical: critical.has(OID.extendedKeyUsage) };
}

function constraintsOf(value: Uint8Array | undefined): {
  readonly isAuthority: boolean;
  readonly pathLength: number | null;
} {
  const parts = value === undefined ? [] : childrenOf(readDer(value));
  const isAuthority = parts[0]?.tag === TAG.boolean && parts[0].content[0] !== 0;
  const length = parts.find((part) => part.tag === TAG.integer);
  return { isAuthority, pathLength: length === undefined ? null : Number.parseInt(integerHexOf(length), 16) };
}

/** The same few certificates come again and again, and opening one costs more than verifying a signature. */
const known = new Map<string, Certificate>();
const MAX_KNOWN = 1_000;

/** Throws DerFault when the bytes are no certificate. */
export function readCertificate(bytes: Uint8Array): Certificate {
  const key = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  const present = known.get(key);
  if (present !== undefined) return present;
  // Own bytes: a view would keep the whole file around it alive.
  const certificate = parseCertificate(Uint8Array.from(bytes));
  const oldest = known.size >= MAX_KNOWN ? known.keys().next() : null;
  if (oldest?.done === false) known.delete(oldest.value);
  known.set(key, certificate);
  return certificate;
}

function parseCertificate(bytes: Uint8Array): Certificate {
  const outer = readDer(bytes);
  const body = childAt(outer, 0, TAG.sequence);
  const fields = childrenOf(body);
  const offset = fields[0]?.tag === 0xa0 ? 1 : 0;
  const serial = expectTag(fields[offset], TAG.integer);
  const issuer = expectTag(fields[offset + 2], TAG.sequence);
  const validity = expectTag(fields[offset + 3], TAG.sequence);
  const subject = expectTag(fields[offset + 4], TAG.sequence);
  const extensions = extensionsOf(fields);
  const usage = extensions.values.get(OID.keyUsage);
  const crls = extensions.values.get(OID.crlDistributionPoints);
  const keyId = extensions.values.get(OID.subjectKeyIdentifier);
  return {
    der: outer.bytes,
    serialHex: integerHexOf(serial),
    serial: serial.bytes,
    issuer: issuer.bytes,
    subject: subject.bytes,
    commonName: commonNameOf(subject),
    notBefore: timeOf(childAt(validity, 0)),
    notAfter: timeOf(childAt(validity, 1)),
    ...constraintsOf(extensions.values.get(OID.basicConstraints)),
    keyUsage: usage === undefined ? null : (readDer(usage).content[1] ?? 0),
    subjectKeyId: keyId === undefined ? null : Buffer.from(readDer(keyId).content).toString('hex'),
    hasUnknownCriticalExtension: extensions.hasUnknownCritical,
    purposes: purposesOf(extensions),
    crlUrls: crls === undefined ? [] : urlsIn(readDer(crls)),
    ocspUrls: accessUrls(extensions.values.get(OID.authorityInfoAccess), OID.accessOcsp),
    issuerUrls: accessUrls(extensions.values.get(OID.authorityInfoAccess), OID.accessIssuers),
    isOcspNoCheck: extensions.values.has(OID.ocspNoCheck),
    x509: openX509(outer.bytes),
  };
}

function openX509(bytes: Uint8Array): X509Certificate {
  try {
    return new X509Certificate(bytes);
  } catch (error) {
    throw new DerFault('The bytes are no X.509 certificate', { cause: error });
  }
}

const publicKeys = new WeakMap<Certificate, KeyObject>();

/**
 * Opened once: node:crypto makes a new object, and parses anew, each time that it is asked. Throws DerFault for a key that
 * OpenSSL does not know.
 */
export function publicKeyOf(certificate: Certificate): KeyObject {
  const present = publicKeys.get(certificate);
  if (present !== undefined) return present;
  try {
    const key = certificate.x509.publicKey;
    publicKeys.set(certificate, key);
    return key;
  } catch (error) {
    throw new DerFault('The certificate has no readable key', { cause: error });
  }
}

export const isSameBytes = (left: Uint8Array, right: Uint8Array): boolean => Buffer.compare(left, right) === 0;

/** True when `issuer` is named by and has signed `certificate`. */
export function isIssuedBy(certificate: Certificate, issuer: Certificate): boolean {
  if (!isSameBytes(certificate.issuer, issuer.subject)) return false;
  try {
    return certificate.x509.verify(publicKeyOf(issuer));
  } catch {
    // OpenSSL refuses keys that it cannot read or that do not fit: then it is not this issuer's signature.
    return false;
  }
}
