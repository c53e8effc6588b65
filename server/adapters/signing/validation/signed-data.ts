// Reads CMS SignedData as other products write it: BER with indefinite lengths, unsorted attributes, subject-key
// identifiers, ESS in both versions, superfluous certificates. Lenient about form, strict about meaning: exactly one
// signer, signed attributes, each that matters once, and nothing behind the structure.

import { createHash } from 'node:crypto';
import { isSameBytes, readCertificate } from '../certificate.ts';
import type { Certificate } from '../certificate.ts';
import { childAt, childrenOf, DerFault, encode, expectTag, octetsOf, oidOf, readDer, TAG } from '../der.ts';
import type { DerNode } from '../der.ts';
import { OID } from '../oids.ts';
import { hashBytes, HASH_NAMES, hashOfOid } from './algorithms.ts';

export type CmsProblem = 'MALFORMED' | 'NO_SIGNED_ATTRIBUTES' | 'SIGNERS' | 'CONTENT_UNEXPECTED' | 'PADDING';

export class CmsFault extends DerFault {
  readonly problem: CmsProblem;

  constructor(problem: CmsProblem, message: string) {
    super(message);
    this.problem = problem;
  }
}

export interface SignedData {
  readonly certificates: readonly Certificate[];
  /** null: the CMS does not carry the signer's certificate. */
  readonly signer: Certificate | null;
  readonly digestHash: string | undefined;
  readonly digestOid: string;
  readonly signatureOid: string;
  readonly signatureParameters: Uint8Array;
  /** What may have been signed: the attributes as received, and as DER wants them when that differs. */
  readonly signedForms: readonly Uint8Array[];
  readonly messageDigest: Uint8Array;
  readonly contentType: string;
  readonly encapsulatedType: string;
  readonly content: Uint8Array | null;
  readonly binding: 'matches' | 'differs' | 'absent';
  /** RFC 6211: the algorithms that the signer names under the signature are those outside of it. */
  readonly isAlgorithmProtected: boolean;
  readonly signature: Uint8Array;
  readonly timestampTokens: readonly Uint8Array[];
}

const MAX_DEPTH = 40;

/** The element in DER: definite lengths, strings in one piece, sets sorted. */
export function toDer(node: DerNode, depth = 0): Uint8Array {
  if (depth > MAX_DEPTH) throw new CmsFault('MALFORMED', 'The structure is nested too deeply');
  if ((node.tag & 0x20) === 0) return encode(node.tag, node.content);
  if (node.tag === 0x24) return encode(TAG.octetString, octetsOf(node));
  const children = childrenOf(node).map((child) => toDer(child, depth + 1));
  const isSet = node.tag === TAG.set;
  const sorted = isSet ? [...children].sort((left, right) => Buffer.compare(left, right)) : children;
  return encode(node.tag, new Uint8Array(Buffer.concat(sorted)));
}

function certificatesIn(node: DerNode | undefined): readonly Certificate[] {
  const items = node === undefined ? [] : childrenOf(node).filter((item) => item.tag === TAG.sequence);
  return items.flatMap((item) => {
    try {
      return [readCertificate(item.bytes)];
    } catch (error) {
      // One that nobody can read helps nobody; if it is the signer's, the signer is missing.
      if (error instanceof DerFault) return [];
      throw error;
    }
  });
}

/** Names compared as people read them: some writers encode the issuer anew, with another string type. */
function nameText(der: Uint8Array): string {
  const parts = childrenOf(readDer(der)).flatMap((relative) =>
    childrenOf(relative).map((item) => {
      const value = childAt(item, 1);
      const bytes = Buffer.from(value.content);
      const text =
        value.tag === 0x1e
          ? Buffer.from(bytes).swap16().toString('utf16le')
          : bytes.toString(value.tag === TAG.utf8String ? 'utf8' : 'latin1');
      return `${oidOf(childAt(item, 0))}=${text.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim()}`;
    }),
  );
  return parts.join('/');
}

function findSigner(id: DerNode, certificates: readonly Certificate[]): Certificate | null {
  if (id.tag === 0x80 || id.tag === 0xa0) {
    const wanted = Buffer.from(id.tag === 0x80 ? id.content : octetsOf(childAt(id, 0))).toString('hex');
    const keyHash = ({ x509 }: Certificate): string =>
      createHash('sha1')
        .update(spkiBits(x509.publicKey.export({ type: 'spki', format: 'der' })))
        .digest('hex');
    return (
      certificates.find((item) => item.subjectKeyId === wanted) ??
      certificates.find((item) => item.subjectKeyId === null && keyHash(item) === wanted) ??
      null
    );
  }
  const issuer = childAt(id, 0).bytes;
  const serial = childAt(id, 1).bytes;
  const bySerial = certificates.filter((item) => isSameBytes(item.serial, serial));
  const exact = bySerial.find((item) => isSameBytes(item.issuer, issuer));
  return exact ?? bySerial.find((item) => nameText(item.issuer) === nameText(issuer)) ?? null;
}

const spkiBits = (spki: Uint8Array): Uint8Array => childAt(readDer(spki), 1).content.subarray(1);

const SINGLE: ReadonlySet<string> = new Set([
  OID.contentType,
  OID.messageDigest,
  OID.signingCertificate,
  OID.signingCertificateV2,
  OID.signingTime,
]);
const ALGORITHM_PROTECTION = '1.2.840.113549.1.9.52';

function attributesOf(node: DerNode): ReadonlyMap<string, DerNode> {
  const attributes = new Map<string, DerNode>();
  for (const item of childrenOf(node)) {
    const type = oidOf(childAt(item, 0));
    const values = childrenOf(childAt(item, 1, TAG.set));
    const isTwice = attributes.has(type) || values.length !== 1;
    if (isTwice && SINGLE.has(type)) throw new CmsFault('MALFORMED', 'A signed attribute that must be single is not');
    const value = values[0];
    if (value !== undefined && !attributes.has(type)) attributes.set(type, value);
  }
  return attributes;
}

/** One ESS attribute: the hash of the first certificate that it names is that of the signer. */
function isNamed(value: DerNode, isFirstVersion: boolean, signer: Certificate): boolean {
  const parts = childrenOf(childAt(childAt(value, 0, TAG.sequence), 0, TAG.sequence));
  const named = !isFirstVersion && parts[0]?.tag === TAG.sequence ? parts[0] : undefined;
  const hash = isFirstVersion ? 'SHA-1' : named === undefined ? 'SHA-256' : HASH_NAMES[oidOf(childAt(named, 0))];
  const digest = hash === undefined ? null : hashBytes(hash, [signer.der]);
  return digest !== null && isSameBytes(digest, octetsOf(expectTag(parts[named === undefined ? 0 : 1])));
}

function bindingOf(attributes: ReadonlyMap<string, DerNode>, signer: Certificate | null): SignedData['binding'] {
  if (signer === null) return 'absent';
  const found = [OID.signingCertificate, OID.signingCertificateV2].flatMap((type) => {
    const value = attributes.get(type);
    return value === undefined ? [] : [isNamed(value, type === OID.signingCertificate, signer)];
  });
  if (found.length === 0) return 'absent';
  return found.every(Boolean) ? 'matches' : 'differs';
}

function isProtected(attributes: ReadonlyMap<string, DerNode>, digestOid: string, signatureOid: string): boolean {
  const value = attributes.get(ALGORITHM_PROTECTION);
  if (value === undefined) return true;
  const parts = childrenOf(value);
  const named = parts.find((part) => part.tag === 0xa1);
  return (
    oidOf(childAt(expectTag(parts[0]), 0)) === digestOid &&
    (named === undefined || oidOf(childAt(named, 0)) === signatureOid)
  );
}

function tokensOf(node: DerNode | undefined): readonly Uint8Array[] {
  if (node?.tag !== 0xa1) return [];
  return childrenOf(node)
    .filter((item) => oidOf(childAt(item, 0)) === OID.signatureTimestamp)
    .flatMap((item) => childrenOf(childAt(item, 1, TAG.set)).map((value) => value.bytes));
}

interface Envelope {
  readonly encapsulatedType: string;
  readonly content: Uint8Array | null;
  readonly certificates: readonly Certificate[];
  readonly signerInfo: readonly DerNode[];
}

function openEnvelope(bytes: Uint8Array): Envelope {
  const outer = readDer(bytes);
  if (outer.tag !== TAG.sequence) throw new CmsFault('MALFORMED', 'The signature is not CMS');
  // The room behind the CMS is not signed; anything but zeros there is a hiding place.
  if (bytes.subarray(outer.bytes.length).some((byte) => byte !== 0))
    throw new CmsFault('PADDING', 'The padding is not empty');
  if (oidOf(childAt(outer, 0)) !== OID.signedData)
    throw new CmsFault('MALFORMED', 'The signature is not CMS SignedData');
  const fields = childrenOf(childAt(childAt(outer, 1, 0xa0), 0, TAG.sequence));
  expectTag(fields[0], TAG.integer);
  expectTag(fields[1], TAG.set);
  const encapsulated = expectTag(fields[2], TAG.sequence);
  const rest = fields.slice(3);
  const signers = rest.pop();
  if (rest.some((field) => field.tag !== 0xa0 && field.tag !== 0xa1))
    throw new CmsFault('SIGNERS', 'The structure has other parts');
  const infos = childrenOf(expectTag(signers, TAG.set));
  if (infos.length !== 1) throw new CmsFault('SIGNERS', `A PDF signature has one signer, this one has ${infos.length}`);
  const wrapped = childrenOf(encapsulated)[1];
  return {
    encapsulatedType: oidOf(childAt(encapsulated, 0)),
    content: wrapped === undefined ? null : octetsOf(childAt(wrapped, 0)),
    certificates: certificatesIn(rest.find((field) => field.tag === 0xa0)),
    signerInfo: childrenOf(expectTag(infos[0], TAG.sequence)),
  };
}

/** Throws CmsFault, and DerFault for bytes that are not ASN.1. `others`: where else the signer's certificate may be. */
export function readSignedData(bytes: Uint8Array, others: readonly Certificate[] = []): SignedData {
  const { encapsulatedType, content, certificates, signerInfo } = openEnvelope(bytes);
  const attributesNode = signerInfo[3];
  if (attributesNode?.tag !== 0xa0)
    throw new CmsFault('NO_SIGNED_ATTRIBUTES', 'The signature has no signed attributes');
  const signer = findSigner(expectTag(signerInfo[1]), [...certificates, ...others]);
  const attributes = attributesOf(attributesNode);
  const digestOid = oidOf(childAt(expectTag(signerInfo[2], TAG.sequence), 0));
  const algorithm = expectTag(signerInfo[4], TAG.sequence);
  const signatureOid = oidOf(childAt(algorithm, 0));
  if (signerInfo.length > 7 || (signerInfo.length === 7 && signerInfo[6]?.tag !== 0xa1)) {
    throw new CmsFault('MALFORMED', 'The signer info has other parts');
  }
  return {
    certificates,
    signer,
    digestHash: hashOfOid(digestOid),
    digestOid,
    signatureOid,
    signatureParameters: childrenOf(algorithm)[1]?.bytes ?? new Uint8Array(0),
    signedForms: signedFormsOf(attributesNode),
    messageDigest: octetsOf(expectTag(attributes.get(OID.messageDigest))),
    contentType: oidOf(expectTag(attributes.get(OID.contentType))),
    encapsulatedType,
    content,
    binding: bindingOf(attributes, signer),
    isAlgorithmProtected: isProtected(attributes, digestOid, signatureOid),
    signature: octetsOf(expectTag(signerInfo[5])),
    timestampTokens: tokensOf(signerInfo[6]),
  };
}

/** The signature is over the DER of a SET; some sign what they send, even when that is not sorted. */
function signedFormsOf(node: DerNode): readonly Uint8Array[] {
  const canonical = toDer({ ...node, tag: TAG.set });
  if (node.isIndefinite) return [canonical];
  const received = Uint8Array.from(node.bytes);
  received[0] = TAG.set;
  return isSameBytes(received, canonical) ? [received] : [received, canonical];
}
