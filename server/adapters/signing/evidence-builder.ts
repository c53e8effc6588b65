// What the services of the test authority sign: revocation lists (RFC 5280), OCSP answers (RFC 6960) and timestamp tokens
// (RFC 3161), in our own DER. The verifying side uses pkijs and openssl, so neither side can hide a mistake of the other.

import type { KeyObject } from 'node:crypto';
import { extension, keyIdentifier, signStructure } from './certificate-builder.ts';
import { readCertificate } from './certificate.ts';
import { encodeSignedAttributes, encodeSignedData } from './cms.ts';
import {
  childAt,
  childrenOf,
  context,
  contextPrimitive,
  encode,
  expectTag,
  generalizedTime,
  integer,
  integerHexOf,
  octetString,
  oid,
  oidOf,
  readDer,
  sequence,
  TAG,
  time,
} from './der.ts';
import type { DerNode } from './der.ts';
import { OID } from './oids.ts';
import { digestOf, encodeAlgorithm, schemeOf, signSync } from './schemes.ts';

export interface Issuer {
  readonly certificate: Uint8Array;
  readonly key: KeyObject;
}

export interface RevokedSerial {
  readonly serialHex: string;
  readonly at: Date;
}

export interface Validity {
  readonly from: Date;
  readonly to: Date;
}

const serialInteger = (hex: string): Uint8Array => integer(new Uint8Array(Buffer.from(hex, 'hex')));
const enumerated = (value: number): Uint8Array => encode(TAG.enumerated, Uint8Array.of(value));
/** RFC 5280, 5.3.1: cessationOfOperation. */
const REASON = 5;

export function buildCrl(
  issuer: Issuer,
  number: number,
  validity: Validity,
  revoked: readonly RevokedSerial[],
): Uint8Array {
  const { subject } = readCertificate(issuer.certificate);
  const entries = revoked.map(({ serialHex, at }) =>
    sequence(serialInteger(serialHex), time(at), sequence(extension(OID.crlReason, false, enumerated(REASON)))),
  );
  const extensions = sequence(
    extension(OID.authorityKeyIdentifier, false, sequence(contextPrimitive(0, keyIdentifier(issuer.key)))),
    extension(OID.crlNumber, false, integer(Uint8Array.of((number >> 8) & 0xff, number & 0xff))),
  );
  const body = sequence(
    integer(1),
    encodeAlgorithm(schemeOf(issuer.key), 'certificate'),
    subject,
    time(validity.from),
    time(validity.to),
    ...(entries.length === 0 ? [] : [sequence(...entries)]),
    context(0, extensions),
  );
  return signStructure(body, issuer.key);
}

export interface OcspQuestion {
  /** DER of the CertID, echoed in the answer. */
  readonly certificateId: Uint8Array;
  readonly serialHex: string;
  /** The extension that the client wants to see again, DER; null when it sent none. */
  readonly nonce: Uint8Array | null;
}

/** The first certificate that a request asks about. Throws DerFault. */
export function readOcspRequest(bytes: Uint8Array): OcspQuestion {
  const body = childrenOf(childAt(readDer(bytes), 0, TAG.sequence));
  const list = expectTag(body.find((node) => node.tag === TAG.sequence));
  const id = childAt(childAt(list, 0), 0);
  const wrapper = body.find((node) => node.tag === 0xa2);
  const extensions: readonly DerNode[] = wrapper === undefined ? [] : childrenOf(childAt(wrapper, 0));
  const nonce = extensions.find((item) => oidOf(childAt(item, 0)) === OID.ocspNonce);
  return { certificateId: id.bytes, serialHex: integerHexOf(childAt(id, 3)), nonce: nonce?.bytes ?? null };
}

export type OcspStatus =
  { readonly kind: 'good' } | { readonly kind: 'unknown' } | { readonly kind: 'revoked'; readonly at: Date };

function encodeStatus(status: OcspStatus): Uint8Array {
  if (status.kind === 'good') return contextPrimitive(0, new Uint8Array(0));
  if (status.kind === 'unknown') return contextPrimitive(2, new Uint8Array(0));
  return context(1, generalizedTime(status.at), context(0, enumerated(REASON)));
}

/** `responder` is the issuer itself or a certificate that it issued for the purpose. */
export function buildOcspResponse(
  responder: Issuer,
  question: OcspQuestion,
  status: OcspStatus,
  validity: Validity,
): Uint8Array {
  const single = sequence(
    question.certificateId,
    encodeStatus(status),
    generalizedTime(validity.from),
    context(0, generalizedTime(validity.to)),
  );
  const body = sequence(
    context(2, octetString(keyIdentifier(responder.key))),
    generalizedTime(validity.from),
    sequence(single),
    ...(question.nonce === null ? [] : [context(1, sequence(question.nonce))]),
  );
  const basic = signStructure(body, responder.key, [context(0, sequence(responder.certificate))]);
  return sequence(enumerated(0), context(0, sequence(oid(OID.basicOcspResponse), octetString(basic))));
}

export interface StampRequest {
  /** DER of the MessageImprint, echoed in the token. */
  readonly imprint: Uint8Array;
  readonly nonceHex: string | null;
}

/** Throws DerFault. */
export function readStampRequest(bytes: Uint8Array): StampRequest {
  const fields = childrenOf(readDer(bytes));
  const nonce = fields.slice(2).find((field) => field.tag === TAG.integer);
  return {
    imprint: expectTag(fields[1], TAG.sequence).bytes,
    nonceHex: nonce === undefined ? null : integerHexOf(nonce),
  };
}

export function buildStampToken(
  authority: Issuer & { readonly chain: readonly Uint8Array[] },
  request: StampRequest,
  stamp: { readonly at: Date; readonly serial: Uint8Array },
): Uint8Array {
  const certificate = readCertificate(authority.certificate);
  const scheme = schemeOf(authority.key);
  const bytes = sequence(
    integer(1),
    oid(OID.testTimestampPolicy),
    request.imprint,
    integer(stamp.serial),
    generalizedTime(stamp.at),
    ...(request.nonceHex === null ? [] : [serialInteger(request.nonceHex)]),
  );
  const content = { type: OID.timestampInfo, bytes };
  const signedAttributes = encodeSignedAttributes(digestOf(scheme.hash, bytes), certificate, OID.timestampInfo);
  const signature = signSync(scheme, authority.key, signedAttributes);
  return encodeSignedData({ certificate, chain: authority.chain, signedAttributes, scheme, signature, content });
}

/** `status` as in RFC 3161, 2.4.2; a token only with 0 or 1. */
export const buildStampResponse = (status: number, token: Uint8Array | null): Uint8Array =>
  sequence(sequence(integer(status)), ...(token === null ? [] : [token]));
