// Gathers what proves a certificate: its path to a trusted anchor and, for every certificate below the anchor, one answer
// about revocation. Known evidence (from the file) is used first, the network second and only through the guard. The
// result is complete or an error: there is no "probably".

import { AppError } from '../../shared/app-error.ts';
import { isSameBytes, readCertificate } from './certificate.ts';
import type { Certificate } from './certificate.ts';
import { DerFault } from './der.ts';
import type { FetchCache } from './fetch-cache.ts';
import { fetchGuarded } from './guarded-http.ts';
import type { HttpGuard } from './guarded-http.ts';
import { checkCrl, checkOcsp, encodeOcspRequest, isChainAccepted, unwrapPem } from './revocation.ts';
import type { RevocationQuestion, RevocationStatus } from './revocation.ts';
import { judgePath } from './trust.ts';

export interface EvidenceSet {
  readonly certificates: readonly Uint8Array[];
  readonly crls: readonly Uint8Array[];
  readonly ocsps: readonly Uint8Array[];
}

export interface EvidenceSources {
  /** DER of the trusted anchors. */
  readonly trust: readonly Uint8Array[];
  /** Certificates, lists and answers that are at hand, for example in the file. */
  readonly known: EvidenceSet;
  /** null: offline. */
  readonly guard: HttpGuard | null;
  /** Answers kept between files. */
  readonly cache?: FetchCache | undefined;
}

const MAX_ISSUER_FETCHES = 4;

const about = ({ serialHex }: Certificate): { readonly details: Readonly<Record<string, unknown>> } => ({
  details: { serialNumber: serialHex },
});

const untrusted = (certificate: Certificate): AppError =>
  new AppError('rule', 'SIGNING_CERTIFICATE_UNTRUSTED', 'The certificate has no trusted path', about(certificate));
const expired = (certificate: Certificate): AppError =>
  new AppError('rule', 'SIGNING_CERTIFICATE_EXPIRED', 'The path was not valid at that time', about(certificate));
const revoked = (certificate: Certificate): AppError =>
  new AppError('rule', 'SIGNING_CERTIFICATE_REVOKED', 'The certificate was revoked at that time', about(certificate));
const undecided = (certificate: Certificate): AppError =>
  new AppError('rule', 'SIGNING_REVOCATION_UNKNOWN', 'Nothing proves that it was not revoked', about(certificate));

type EvidenceKind = 'certificates' | 'crls' | 'ocsps';

class Gatherer {
  readonly #sources: EvidenceSources;
  readonly #anchors: readonly Certificate[];
  readonly #pool: Certificate[];
  readonly #found: Record<EvidenceKind, Uint8Array[]> = { certificates: [], crls: [], ocsps: [] };
  /** One question per address, also when several certificates name it. */
  readonly #fetched = new Map<string, Uint8Array | null>();

  constructor(sources: EvidenceSources) {
    this.#sources = sources;
    this.#anchors = sources.trust.map(readCertificate);
    // What a file holds may be anything; only certificates help to find a path.
    this.#pool = sources.known.certificates.map(certificateOrNull).filter((item) => item !== null);
  }

  get found(): EvidenceSet {
    return this.#found;
  }

  async prove(certificate: Certificate, others: readonly Certificate[], at: Date): Promise<void> {
    this.#pool.push(...others);
    const path = await this.#findPath(certificate, at);
    for (const [index, member] of path.entries()) {
      this.#keep('certificates', member.der);
      const issuer = path[index + 1];
      if (issuer !== undefined) await this.#proveStatus({ certificate: member, issuer, at });
    }
  }

  #keep(kind: EvidenceKind, bytes: Uint8Array): void {
    if (!this.#found[kind].some((present) => isSameBytes(present, bytes))) this.#found[kind].push(bytes);
  }

  async #findPath(certificate: Certificate, at: Date): Promise<readonly Certificate[]> {
    for (let fetches = 0; ; fetches += 1) {
      const judged = judgePath(certificate, this.#pool, this.#anchors, at);
      if (judged.problem === null) {
        if (await isChainAccepted(judged.path, at)) return judged.path;
        throw untrusted(certificate);
      }
      const isMissing = judged.problem === 'CTS_KHONG_TIN_CAY' && fetches < MAX_ISSUER_FETCHES;
      if (isMissing && (await this.#fetchIssuer(certificate))) continue;
      throw judged.problem === 'CTS_HET_HAN' ? expired(certificate) : untrusted(certificate);
    }
  }

  /** Follows the issuer addresses of the certificate and of what was found by them; false when nothing new came. */
  async #fetchIssuer(certificate: Certificate): Promise<boolean> {
    for (const { issuerUrls } of [certificate, ...this.#pool]) {
      for (const url of issuerUrls) {
        if (this.#fetched.has(url)) continue;
        const bytes = await this.#fetch(url);
        const issuer = bytes === null ? null : certificateOrNull(unwrapPem(bytes));
        if (issuer === null) continue;
        this.#pool.push(issuer);
        return true;
      }
    }
    return false;
  }

  /** null when the address may not be asked or does not answer: then there is no evidence from there. */
  async #fetch(url: string, body?: Uint8Array): Promise<Uint8Array | null> {
    const { guard } = this.#sources;
    if (guard === null) return null;
    const key = body === undefined ? url : `${url}#${Buffer.from(body).toString('base64')}`;
    const known = this.#fetched.get(key);
    if (known !== undefined) return known;
    const ask = (): Promise<Uint8Array | null> => fetchOrNull(guard, url, body);
    const { cache } = this.#sources;
    const answer = await (cache === undefined ? ask() : cache.get(url, body, ask));
    this.#fetched.set(key, answer);
    return answer;
  }

  async #proveStatus(question: RevocationQuestion): Promise<void> {
    const { certificate } = question;
    for await (const { kind, bytes, status } of this.#answers(question)) {
      if (status.kind === 'revoked') {
        throw revoked(certificate);
      }
      if (status.kind === 'unknown') continue;
      if (!(await this.#isResponderProven(status, question))) continue;
      this.#keep(kind, bytes);
      return;
    }
    throw undecided(certificate);
  }

  async *#answers(
    question: RevocationQuestion,
  ): AsyncGenerator<{ kind: 'ocsps' | 'crls'; bytes: Uint8Array; status: RevocationStatus }> {
    const { known } = this.#sources;
    const { certificate, issuer } = question;
    for (const bytes of [...this.#found.ocsps, ...known.ocsps]) {
      yield { kind: 'ocsps', bytes, status: await checkOcsp(bytes, question) };
    }
    for (const bytes of [...this.#found.crls, ...known.crls]) {
      yield { kind: 'crls', bytes, status: await checkCrl(bytes, question) };
    }
    for (const url of certificate.ocspUrls) {
      const bytes = await this.#fetch(url, await encodeOcspRequest(certificate, issuer));
      if (bytes !== null) yield { kind: 'ocsps', bytes, status: await checkOcsp(bytes, question) };
    }
    for (const url of certificate.crlUrls) {
      const fetched = await this.#fetch(url);
      if (fetched === null) continue;
      const bytes = unwrapPem(fetched);
      yield { kind: 'crls', bytes, status: await checkCrl(bytes, question) };
    }
  }

  /** A delegated responder must be proven itself, unless its certificate says that it need not be. */
  async #isResponderProven(status: RevocationStatus, { issuer, at }: RevocationQuestion): Promise<boolean> {
    if (status.kind !== 'good' || status.responder === null) return true;
    const { responder } = status;
    this.#keep('certificates', responder.der);
    if (responder.isOcspNoCheck || isSameBytes(responder.der, issuer.der)) return true;
    const lists = [...this.#found.crls, ...this.#sources.known.crls];
    for (const url of responder.crlUrls) {
      const fetched = await this.#fetch(url);
      if (fetched !== null) lists.push(unwrapPem(fetched));
    }
    for (const bytes of lists) {
      if ((await checkCrl(bytes, { certificate: responder, issuer, at })).kind !== 'good') continue;
      this.#keep('crls', bytes);
      return true;
    }
    return false;
  }
}

async function fetchOrNull(guard: HttpGuard, url: string, body: Uint8Array | undefined): Promise<Uint8Array | null> {
  try {
    const post = body === undefined ? {} : { body, contentType: 'application/ocsp-request' };
    return await fetchGuarded(guard, { url, ...post });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return null;
  }
}

function certificateOrNull(bytes: Uint8Array): Certificate | null {
  try {
    return readCertificate(bytes);
  } catch (error) {
    if (error instanceof DerFault) return null;
    throw error;
  }
}

export interface ToProve {
  readonly certificate: Certificate;
  readonly others: readonly Certificate[];
  readonly at: Date;
}

/**
 * Proves every certificate at its moment and answers all evidence used. Throws AppError SIGNING_CERTIFICATE_UNTRUSTED,
 * SIGNING_CERTIFICATE_EXPIRED, SIGNING_CERTIFICATE_REVOKED or SIGNING_REVOCATION_UNKNOWN (all: rule).
 */
export async function gatherEvidence(subjects: readonly ToProve[], sources: EvidenceSources): Promise<EvidenceSet> {
  const gatherer = new Gatherer(sources);
  for (const { certificate, others, at } of subjects) await gatherer.prove(certificate, others, at);
  return gatherer.found;
}
