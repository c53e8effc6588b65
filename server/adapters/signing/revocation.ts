// Was a certificate revoked at a moment? Answers from one piece of evidence, an OCSP response or a revocation list, whose
// structure and signature pkijs checks. Evidence speaks about a moment only if it was current then or is younger; "good"
// is answered only on proof, everything else is unknown, and unknown is never good.

import * as pkijs from 'pkijs';
import { isIssuedBy, isSameBytes, KEY_USAGE, readCertificate } from './certificate.ts';
import type { Certificate } from './certificate.ts';
import { childAt, DerFault, readDer } from './der.ts';
import { OID } from './oids.ts';

export type RevocationStatus =
  | { readonly kind: 'good'; readonly responder: Certificate | null }
  | { readonly kind: 'revoked'; readonly at: Date }
  | { readonly kind: 'unknown'; readonly why: string };

export interface RevocationQuestion {
  readonly certificate: Certificate;
  readonly issuer: Certificate;
  /** The moment of the signature. */
  readonly at: Date;
}

const unknown = (why: string): RevocationStatus => ({ kind: 'unknown', why });

/** Machines that publish evidence and machines that sign do not share one clock to the second. */
const CLOCK_SKEW_MS = 5 * 60_000;

function isCurrent(thisUpdate: Date, nextUpdate: Date | undefined, at: Date): boolean {
  if (thisUpdate.getTime() + CLOCK_SKEW_MS >= at.getTime()) return true;
  return nextUpdate !== undefined && at <= nextUpdate;
}

/** pkijs throws plain errors for bytes that are not what they claim; for us that is evidence of nothing. */
async function orUnknown(work: () => Promise<RevocationStatus>): Promise<RevocationStatus> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError || error instanceof DerFault)
      return unknown('malformed');
    return unknown(error instanceof Error ? error.message : 'unreadable');
  }
}

const toPkijs = (certificate: Certificate): pkijs.Certificate =>
  pkijs.Certificate.fromBER(Buffer.from(certificate.der));

function revokedAt(entries: readonly pkijs.RevokedCertificate[] | undefined, serialHex: string): Date | null {
  const entry = entries?.find(({ userCertificate }) => {
    const hex = Buffer.from(userCertificate.valueBlock.valueHexView).toString('hex').toUpperCase();
    return hex.replace(/^(00)+(?=[0-9A-F]{2})/, '') === serialHex;
  });
  return entry === undefined ? null : entry.revocationDate.value;
}

export function checkCrl(crl: Uint8Array, { certificate, issuer, at }: RevocationQuestion): Promise<RevocationStatus> {
  return orUnknown(async () => {
    const list = pkijs.CertificateRevocationList.fromBER(Buffer.from(crl));
    if (!isSameBytes(issuerOf(crl), certificate.issuer)) return unknown('The list is of another issuer');
    if (issuer.keyUsage !== null && (issuer.keyUsage & KEY_USAGE.crlSign) === 0) return unknown('Not for lists');
    // A partitioned or indirect list says so in a critical extension; it does not speak about every certificate.
    const extensions = list.crlExtensions?.extensions ?? [];
    if (extensions.some((item) => item.critical)) return unknown('The list is limited');
    if (!(await list.verify({ issuerCertificate: toPkijs(issuer) })))
      return unknown('The list is not signed by the issuer');
    const revoked = revokedAt(list.revokedCertificates, certificate.serialHex);
    if (revoked !== null && revoked <= at) return { kind: 'revoked', at: revoked };
    if (!isCurrent(list.thisUpdate.value, list.nextUpdate?.value, at)) return unknown('The list is too old');
    return { kind: 'good', responder: null };
  });
}

/** The issuer's name as the list holds it. */
function issuerOf(crl: Uint8Array): Uint8Array {
  const body = childAt(readDer(crl), 0);
  return childAt(body, childAt(body, 0).tag === 0x02 ? 2 : 1).bytes;
}

/** The issuer itself, or a certificate that it issued for this purpose and that was valid when it answered. */
function isResponderAllowed(responder: Certificate, issuer: Certificate, producedAt: Date): boolean {
  if (isSameBytes(responder.der, issuer.der)) return true;
  const isForOcsp = responder.purposes?.oids.includes(OID.purposeOcsp) === true;
  const isValid = responder.notBefore <= producedAt && producedAt <= responder.notAfter;
  return isForOcsp && isValid && isIssuedBy(responder, issuer);
}

async function findResponder(basic: pkijs.BasicOCSPResponse, issuer: Certificate): Promise<Certificate | null> {
  const embedded = (basic.certs ?? []).map((item) => readCertificate(new Uint8Array(item.toSchema(true).toBER(false))));
  for (const candidate of [...embedded, issuer]) {
    if (!isResponderAllowed(candidate, issuer, basic.tbsResponseData.producedAt)) continue;
    if (await isSignedBy(basic, toPkijs(candidate))) return candidate;
  }
  return null;
}

/** pkijs throws when the responder's name does not fit; then this candidate is not the one. */
async function isSignedBy(basic: pkijs.BasicOCSPResponse, responder: pkijs.Certificate): Promise<boolean> {
  basic.certs = [responder];
  try {
    return await basic.verify({ trustedCerts: [], trustedResponders: [responder] });
  } catch (error) {
    if (error instanceof Error) return false;
    throw error;
  }
}

const serialOf = (single: pkijs.SingleResponse): string =>
  Buffer.from(single.certID.serialNumber.valueBlock.valueHexView)
    .toString('hex')
    .toUpperCase()
    .replace(/^(00)+(?=[0-9A-F]{2})/, '');

/** [1] IMPLICIT RevokedInfo begins with the time. */
function revocationTime(single: pkijs.SingleResponse): Date | null {
  // pkijs types the choice as any; the shape is checked before it is used.
  const status: unknown = single.certStatus;
  if (typeof status !== 'object' || status === null || !('idBlock' in status) || !('valueBlock' in status)) return null;
  const { idBlock, valueBlock } = status as { idBlock: { tagNumber?: number }; valueBlock: { value?: unknown } };
  if (idBlock.tagNumber !== 1 || !Array.isArray(valueBlock.value)) return null;
  const [time]: unknown[] = valueBlock.value;
  return typeof time === 'object' && time !== null && 'toDate' in time && typeof time.toDate === 'function'
    ? (time.toDate() as Date)
    : null;
}

export function checkOcsp(response: Uint8Array, question: RevocationQuestion): Promise<RevocationStatus> {
  return orUnknown(async () => {
    const { certificate, issuer, at } = question;
    const outer = pkijs.OCSPResponse.fromBER(Buffer.from(response));
    if (outer.responseBytes === undefined) return unknown('The responder refused to answer');
    const basic = pkijs.BasicOCSPResponse.fromBER(outer.responseBytes.response.valueBlock.valueHexView);
    const own = await basic.getCertificateStatus(toPkijs(certificate), toPkijs(issuer));
    const single = basic.tbsResponseData.responses.find((item) => serialOf(item) === certificate.serialHex);
    if (!own.isForCertificate || single === undefined) return unknown('The answer is about another certificate');
    const responder = await findResponder(basic, issuer);
    if (responder === null) return unknown('The answer is not signed by an allowed responder');
    if (own.status === 1) {
      const revoked = revocationTime(single);
      if (revoked === null) return unknown('The answer does not say when it was revoked');
      if (revoked <= at) return { kind: 'revoked', at: revoked };
      // Revoked later: at the moment asked about it was good.
      return { kind: 'good', responder };
    }
    if (own.status !== 0) return unknown('The responder does not know the certificate');
    if (!isCurrent(single.thisUpdate, single.nextUpdate, at)) return unknown('The answer is too old');
    return { kind: 'good', responder };
  });
}

/** DER of an OCSP request about one certificate; without nonce, because responders may answer from a cache. */
export async function encodeOcspRequest(certificate: Certificate, issuer: Certificate): Promise<Uint8Array> {
  const request = new pkijs.OCSPRequest();
  await request.createForCertificate(toPkijs(certificate), {
    hashAlgorithm: 'SHA-1',
    issuerCertificate: toPkijs(issuer),
  });
  return new Uint8Array(request.toSchema(true).toBER(false));
}

/** A second opinion on a path that trust.ts has found: pkijs builds and checks it on its own. */
export async function isChainAccepted(path: readonly Certificate[], at: Date): Promise<boolean> {
  const anchor = path[path.length - 1];
  if (anchor === undefined) return false;
  // The certificate in question is the last one in `certs`.
  const certs = path.slice(0, -1).reverse().map(toPkijs);
  if (certs.length === 0) return true;
  const engine = new pkijs.CertificateChainValidationEngine({ trustedCerts: [toPkijs(anchor)], certs, checkDate: at });
  return (await engine.verify()).result;
}

/** Some authorities publish their list as PEM or their OCSP answer with a wrapper; only PEM is undone here. */
export function unwrapPem(bytes: Uint8Array): Uint8Array {
  const text = Buffer.from(bytes.subarray(0, 64)).toString('latin1');
  if (!text.startsWith('-----BEGIN')) return bytes;
  const body = Buffer.from(bytes)
    .toString('latin1')
    .replace(/-----[^-]+-----/g, '');
  return new Uint8Array(Buffer.from(body, 'base64'));
}
