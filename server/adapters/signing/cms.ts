// Makes and reads CMS SignedData for PDF signatures (ETSI EN 319 142-1, PAdES B-B and B-T) and timestamp tokens: one
// signer, attributes content-type, message-digest and ESS signing-certificate-v2. There is no signing-time attribute
// on purpose: in a PDF the claimed time is /M. Issuer and serial are the certificate's own bytes.

import { createHash } from 'node:crypto';
import type { SignatureScheme } from '../../modules/signing/ports.ts';
import { isSameBytes, readCertificate } from './certificate.ts';
import type { Certificate } from './certificate.ts';
import {
  childAt,
  childrenOf,
  context,
  DerFault,
  encode,
  expectTag,
  integer,
  octetsOf,
  octetString,
  oid,
  oidOf,
  readDer,
  sequence,
  setOf,
  TAG,
} from './der.ts';
import type { DerNode } from './der.ts';
import { OID } from './oids.ts';
import { encodeAlgorithm, HASHES } from './schemes.ts';

const attribute = (type: string, value: Uint8Array): Uint8Array => sequence(oid(type), setOf(value));

/** DER of the SET OF signed attributes: exactly the bytes that the key signs. */
export function encodeSignedAttributes(
  documentDigest: Uint8Array,
  certificate: Certificate,
  contentType: string = OID.data,
): Uint8Array {
  return setOf(
    attribute(OID.contentType, oid(contentType)),
    attribute(OID.messageDigest, octetString(documentDigest)),
    essAttribute(certificate),
  );
}

const certificateHashes = new WeakMap<Certificate, Uint8Array>();

/** By which a signature names its certificate: asked for at each signing and each reading of the same few certificates. */
function sha256Of(certificate: Certificate): Uint8Array {
  const present = certificateHashes.get(certificate);
  if (present !== undefined) return present;
  const made = createHash('sha256').update(certificate.der).digest();
  certificateHashes.set(certificate, made);
  return made;
}

/** The same for every signature of a certificate. */
const essAttributes = new WeakMap<Certificate, Uint8Array>();

function essAttribute(certificate: Certificate): Uint8Array {
  const present = essAttributes.get(certificate);
  if (present !== undefined) return present;
  // GeneralNames with one directoryName, then the serial; SHA-256 is the default algorithm and so left out.
  const issuerSerial = sequence(sequence(context(4, certificate.issuer)), certificate.serial);
  const essCertificate = sequence(octetString(sha256Of(certificate)), issuerSerial);
  const made = attribute(OID.signingCertificateV2, sequence(sequence(essCertificate)));
  essAttributes.set(certificate, made);
  return made;
}

export interface SignedDataParts {
  readonly certificate: Certificate;
  readonly chain: readonly Uint8Array[];
  readonly signedAttributes: Uint8Array;
  readonly scheme: SignatureScheme;
  /** By `scheme` over `signedAttributes`. */
  readonly signature: Uint8Array;
  /** RFC 3161 token over `signature`; makes the signature B-T. */
  readonly timestampToken?: Uint8Array;
  /** Only for timestamp tokens, which carry what they sign. */
  readonly content?: { readonly type: string; readonly bytes: Uint8Array };
}

export function encodeSignedData(parts: SignedDataParts): Uint8Array {
  const { certificate, chain, signedAttributes, signature, scheme, timestampToken, content } = parts;
  const digestAlgorithm = sequence(oid(HASHES[scheme.hash].oid));
  const implicitAttributes = Uint8Array.from(signedAttributes);
  implicitAttributes[0] = 0xa0;
  const signerInfo = sequence(
    integer(1),
    sequence(certificate.issuer, certificate.serial),
    digestAlgorithm,
    implicitAttributes,
    encodeAlgorithm(scheme, 'cms'),
    octetString(signature),
    ...(timestampToken === undefined ? [] : [context(1, attribute(OID.signatureTimestamp, timestampToken))]),
  );
  const certificates = [certificate.der, ...chain].sort((left, right) => Buffer.compare(left, right));
  const signedData = sequence(
    // RFC 5652, 5.1: version 3 when the content is not id-data.
    integer(content === undefined ? 1 : 3),
    setOf(digestAlgorithm),
    content === undefined
      ? sequence(oid(OID.data))
      : sequence(oid(content.type), context(0, octetString(content.bytes))),
    context(0, ...certificates),
    encode(TAG.set, signerInfo),
  );
  return sequence(oid(OID.signedData), context(0, signedData));
}

export interface ReadSignedData {
  readonly certificates: readonly Certificate[];
  /** null: the CMS does not carry the signer's certificate. */
  readonly signer: Certificate | null;
  readonly digestAlgorithm: string;
  readonly signatureAlgorithm: string;
  /** Parameters of the signature algorithm as received; empty when absent. */
  readonly signatureParameters: Uint8Array;
  /** The attributes as they are signed: tag SET, content as received. */
  readonly signedAttributes: Uint8Array;
  readonly messageDigest: Uint8Array;
  readonly contentType: string;
  /** ESS v1/v2 names the signer's certificate; false also when the attribute is absent. */
  readonly isBoundToSigner: boolean;
  readonly signature: Uint8Array;
  /** Tokens of the unsigned attribute signature-time-stamp, as received. */
  readonly timestampTokens: readonly Uint8Array[];
  /** What the CMS itself carries; null in a PDF signature. */
  readonly content: Uint8Array | null;
}

/** detached: a PDF signature. encapsulated: a timestamp token. */
export type ContentKind = 'detached' | 'encapsulated';

interface Fields {
  readonly content: Uint8Array | null;
  readonly certificates: readonly Certificate[];
  readonly signerInfo: readonly DerNode[];
}

/** A plain loop: the padding is ten thousand bytes and read at every verification. */
function isZero(bytes: Uint8Array): boolean {
  for (let index = 0; index < bytes.length; index += 1) if (bytes[index] !== 0) return false;
  return true;
}

function fieldsOf(bytes: Uint8Array, kind: ContentKind): Fields {
  const outer = readDer(bytes);
  // The room behind the CMS is not signed; anything but zeros there is a hiding place.
  if (!isZero(bytes.subarray(outer.bytes.length))) throw new DerFault('The padding is not empty');
  if (oidOf(childAt(outer, 0)) !== OID.signedData) throw new DerFault('The signature is not CMS SignedData');
  const fields = childrenOf(childAt(childAt(outer, 1, 0xa0), 0, TAG.sequence));
  const encapsulated = expectTag(fields[2], TAG.sequence);
  const content = childrenOf(encapsulated)[1];
  if ((content !== undefined) !== (kind === 'encapsulated')) {
    throw new DerFault('A PDF signature must not carry its own content, and a timestamp token must');
  }
  const wrapper = fields.find((field) => field.tag === 0xa0);
  const certificates = wrapper === undefined ? [] : childrenOf(wrapper).filter((item) => item.tag === TAG.sequence);
  const signers = childrenOf(expectTag(fields[fields.length - 1], TAG.set));
  if (signers.length !== 1) throw new DerFault('A PDF signature has exactly one signer');
  return {
    content: content === undefined ? null : octetsOf(childAt(content, 0)),
    certificates: certificates.map((item) => readCertificate(item.bytes)),
    signerInfo: childrenOf(expectTag(signers[0], TAG.sequence)),
  };
}

/** Signer by issuer and serial, or (version 3) by subject key identifier. */
function findSigner(id: DerNode, certificates: readonly Certificate[]): Certificate | null {
  if (id.tag === 0x80) {
    const wanted = Buffer.from(id.content).toString('hex');
    return certificates.find((certificate) => certificate.subjectKeyId === wanted) ?? null;
  }
  const issuer = childAt(id, 0).bytes;
  const serial = childAt(id, 1).bytes;
  const isSigner = (certificate: Certificate): boolean =>
    isSameBytes(certificate.issuer, issuer) && isSameBytes(certificate.serial, serial);
  return certificates.find(isSigner) ?? null;
}

function attributesOf(node: DerNode): ReadonlyMap<string, DerNode> {
  const attributes = new Map<string, DerNode>();
  for (const item of childrenOf(node)) {
    const type = oidOf(childAt(item, 0));
    const values = childrenOf(childAt(item, 1, TAG.set));
    if (attributes.has(type) || values.length !== 1) throw new DerFault('A signed attribute is not single-valued');
    attributes.set(type, expectTag(values[0]));
  }
  return attributes;
}

const HASH_NAMES: Readonly<Record<string, string>> = {
  [OID.sha1]: 'sha1',
  [OID.sha256]: 'sha256',
  [OID.sha384]: 'sha384',
  [OID.sha512]: 'sha512',
};

function isBoundTo(attributes: ReadonlyMap<string, DerNode>, signer: Certificate | null): boolean {
  if (signer === null) return false;
  const version2 = attributes.get(OID.signingCertificateV2);
  const version1 = attributes.get(OID.signingCertificate);
  const value = version2 ?? version1;
  if (value === undefined) return false;
  const essCertificate = childrenOf(childAt(childAt(value, 0, TAG.sequence), 0, TAG.sequence));
  const named = essCertificate[0]?.tag === TAG.sequence ? essCertificate[0] : undefined;
  const algorithm =
    version2 === undefined ? 'sha1' : named === undefined ? 'sha256' : HASH_NAMES[oidOf(childAt(named, 0))];
  if (algorithm === undefined) return false;
  const expected = octetsOf(expectTag(essCertificate[named === undefined ? 0 : 1]));
  const actual = algorithm === 'sha256' ? sha256Of(signer) : createHash(algorithm).update(signer.der).digest();
  return isSameBytes(actual, expected);
}

/** Unsigned attributes may repeat and may hold several values; only signature timestamps are used. */
function timestampTokensOf(node: DerNode | undefined): readonly Uint8Array[] {
  if (node?.tag !== 0xa1) return [];
  return childrenOf(node)
    .filter((item) => oidOf(childAt(item, 0)) === OID.signatureTimestamp)
    .flatMap((item) => childrenOf(childAt(item, 1, TAG.set)).map((value) => value.bytes));
}

/** Throws DerFault when the structure is not a CMS signature of one signer with signed attributes. */
export function readSignedData(bytes: Uint8Array, kind: ContentKind = 'detached'): ReadSignedData {
  const { certificates, signerInfo, content } = fieldsOf(bytes, kind);
  const signer = findSigner(expectTag(signerInfo[1]), certificates);
  const attributesNode = expectTag(signerInfo[3], 0xa0);
  if (attributesNode.isIndefinite) throw new DerFault('Signed attributes must be DER');
  const attributes = attributesOf(attributesNode);
  const signedAttributes = Uint8Array.from(attributesNode.bytes);
  signedAttributes[0] = TAG.set;
  const algorithm = expectTag(signerInfo[4], TAG.sequence);
  return {
    certificates,
    signer,
    digestAlgorithm: oidOf(childAt(expectTag(signerInfo[2], TAG.sequence), 0)),
    signatureAlgorithm: oidOf(childAt(algorithm, 0)),
    signatureParameters: childrenOf(algorithm)[1]?.bytes ?? new Uint8Array(0),
    signedAttributes,
    messageDigest: octetsOf(expectTag(attributes.get(OID.messageDigest))),
    contentType: oidOf(expectTag(attributes.get(OID.contentType))),
    isBoundToSigner: isBoundTo(attributes, signer),
    signature: octetsOf(expectTag(signerInfo[5])),
    timestampTokens: timestampTokensOf(signerInfo[6]),
    content,
  };
}
