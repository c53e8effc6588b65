// A whole certification authority of Vietnamese names on loopback, for tests, samples and `npm run test:ca`: root → issuing
// authority → people and seals, with revocation lists, an OCSP responder and a time-stamping authority, and beside each
// service variants that fail or lie. Keys live in memory only; every name says that it has no legal value.

import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { millisOf } from '../../shared/time.ts';
import type { Instant } from '../../shared/time.ts';
import type { CertificateRequest, IssuedCertificate, KeyKind } from '../../modules/signing/ports.ts';
import { buildCertificate, encodeName } from './certificate-builder.ts';
import type { CertificateRole } from './certificate-builder.ts';
import { readCertificate } from './certificate.ts';
import { DerFault } from './der.ts';
import {
  buildCrl,
  buildOcspResponse,
  buildStampResponse,
  buildStampToken,
  readOcspRequest,
  readStampRequest,
} from './evidence-builder.ts';
import type { Issuer, OcspStatus, RevokedSerial, Validity } from './evidence-builder.ts';
import { writePkcs12 } from './pkcs12-writer.ts';
import { ISSUING_NAME, newKey, newSerial, ORGANIZATION, ROOT_NAME } from './test-authority.ts';

const OCSP_NAME = 'OCSP THỬ NGHIỆM Trạm – không có giá trị pháp lý';
const TSA_NAME = 'Dấu thời gian THỬ NGHIỆM Trạm – không có giá trị pháp lý';
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const EVIDENCE_DAYS = 7;
const AUTHORITY_YEARS = 20;
const MAX_BODY_BYTES = 64 * 1024;

export interface TestServicesOptions {
  /** 0: any free port. */
  readonly port: number;
  readonly validFrom: Instant;
  /** The clock of all services; they answer for this moment. */
  readonly now: () => Date;
  /** Keys of the authorities and of the services. */
  readonly keyKind: KeyKind;
}

export interface TestServices {
  /** `http://127.0.0.1:port`; a time-stamping authority is at /tsa, its faulty twins at /tsa/<behaviour>. */
  readonly url: string;
  readonly rootCertificate: Uint8Array;
  readonly issuingCertificate: Uint8Array;
  /** A person or seal of the issuing authority, with the addresses of the services in the certificate. */
  issue(request: CertificateRequest): Promise<IssuedCertificate>;
  revoke(serialHex: string, at: Date): void;
  close(): Promise<void>;
}

interface Authority {
  readonly root: Issuer;
  readonly issuing: Issuer;
  readonly ocsp: Issuer;
  readonly tsa: Issuer;
  /** A signer without the purpose of time-stamping. */
  readonly fakeTsa: Issuer;
}

interface NewCertificate {
  readonly issuer: Issuer;
  readonly name: string;
  readonly organization: string;
  readonly title: string | null;
  readonly role: CertificateRole;
  readonly validity: Validity;
  readonly url: string;
}

function certify(key: KeyObject, plan: NewCertificate): Uint8Array {
  const byRoot = plan.role === 'issuing';
  const service = byRoot ? 'root' : 'issuing';
  // An OCSP responder is exempt from revocation checks; people are answered by OCSP and, beside it, by the list.
  const addresses = {
    issuer: `${plan.url}/ca/${service}.cer`,
    ...(plan.role === 'ocsp' ? {} : { crl: `${plan.url}/crl/${service}.crl` }),
    ...(plan.role === 'end' ? { ocsp: `${plan.url}/ocsp` } : {}),
  };
  return buildCertificate({
    issuer: readCertificate(plan.issuer.certificate).subject,
    issuerKey: plan.issuer.key,
    subject: encodeName({ commonName: plan.name, organization: plan.organization, title: plan.title }),
    subjectKey: key,
    serial: newSerial(),
    notBefore: plan.validity.from,
    notAfter: plan.validity.to,
    role: plan.role,
    addresses,
  });
}

async function makeAuthority(options: TestServicesOptions, url: string): Promise<Authority> {
  const from = new Date(millisOf(options.validFrom));
  const validity = { from, to: new Date(from.getTime() + AUTHORITY_YEARS * 365 * DAY_MS) };
  const keys = await Promise.all(Array.from({ length: 5 }, () => newKey(options.keyKind)));
  const [rootKey, issuingKey, ocspKey, tsaKey, fakeKey] = keys;
  if (rootKey === undefined || issuingKey === undefined || ocspKey === undefined) throw new Error('Expected five keys');
  if (tsaKey === undefined || fakeKey === undefined) throw new Error('Expected five keys');
  const rootName = encodeName({ commonName: ROOT_NAME, organization: ORGANIZATION, title: null });
  const root = {
    key: rootKey,
    certificate: buildCertificate({
      issuer: rootName,
      issuerKey: rootKey,
      subject: rootName,
      subjectKey: rootKey,
      serial: newSerial(),
      notBefore: validity.from,
      notAfter: validity.to,
      role: 'root',
    }),
  };
  const make = (key: KeyObject, issuer: Issuer, name: string, role: CertificateRole): Issuer => ({
    key,
    certificate: certify(key, { issuer, name, organization: ORGANIZATION, title: null, role, validity, url }),
  });
  const issuing = make(issuingKey, root, ISSUING_NAME, 'issuing');
  return {
    root,
    issuing,
    ocsp: make(ocspKey, issuing, OCSP_NAME, 'ocsp'),
    tsa: make(tsaKey, issuing, TSA_NAME, 'timestamping'),
    fakeTsa: make(fakeKey, issuing, TSA_NAME, 'end'),
  };
}

type Answer = { readonly type: string; readonly body: Uint8Array } | 'silent' | null;

class Services {
  readonly authority: Authority;
  readonly issued = new Set<string>();
  readonly revoked: RevokedSerial[] = [];
  readonly #now: () => Date;
  #crlNumber = 1;

  constructor(authority: Authority, now: () => Date) {
    this.authority = authority;
    this.#now = now;
  }

  answer(path: string, body: Uint8Array): Answer {
    const { root, issuing } = this.authority;
    if (path === '/ca/root.cer') return { type: 'application/pkix-cert', body: root.certificate };
    if (path === '/ca/issuing.cer') return { type: 'application/pkix-cert', body: issuing.certificate };
    if (path === '/crl/root.crl') return this.#crl(root, []);
    if (path === '/crl/issuing.crl') return this.#crl(issuing, this.revoked);
    if (path === '/crl/silent.crl') return 'silent';
    if (path === '/crl/huge.crl') return { type: 'application/pkix-crl', body: new Uint8Array(32 * 1024 * 1024) };
    if (path === '/ocsp') return this.#ocsp(body);
    if (path === '/tsa' || path.startsWith('/tsa/')) return this.#stamp(body, path.slice('/tsa/'.length));
    return null;
  }

  #validity(): Validity {
    const now = this.#now();
    return { from: now, to: new Date(now.getTime() + EVIDENCE_DAYS * DAY_MS) };
  }

  #crl(issuer: Issuer, revoked: readonly RevokedSerial[]): Answer {
    this.#crlNumber += 1;
    return { type: 'application/pkix-crl', body: buildCrl(issuer, this.#crlNumber, this.#validity(), revoked) };
  }

  #ocsp(body: Uint8Array): Answer {
    const question = readOcspRequest(body);
    const revoked = this.revoked.find(({ serialHex }) => serialHex === question.serialHex);
    const known: OcspStatus = this.issued.has(question.serialHex) ? { kind: 'good' } : { kind: 'unknown' };
    const status: OcspStatus = revoked === undefined ? known : { kind: 'revoked', at: revoked.at };
    const answer = buildOcspResponse(this.authority.ocsp, question, status, this.#validity());
    return { type: 'application/ocsp-response', body: answer };
  }

  /** Behaviours besides the honest one: silent, refuses, other-imprint, other-nonce, no-purpose, outside-validity, broken, garbage. */
  #stamp(body: Uint8Array, behaviour: string): Answer {
    const type = 'application/timestamp-reply';
    if (behaviour === 'silent') return 'silent';
    if (behaviour === 'refuses') return { type, body: buildStampResponse(2, null) };
    if (behaviour === 'garbage') return { type, body: new Uint8Array(Buffer.from('không phải dấu thời gian')) };
    const asked = readStampRequest(body);
    const { tsa, fakeTsa, issuing } = this.authority;
    const signer = { ...(behaviour === 'no-purpose' ? fakeTsa : tsa), chain: [issuing.certificate] };
    const imprint = Uint8Array.from(asked.imprint);
    if (behaviour === 'other-imprint') imprint[imprint.length - 1] = (imprint[imprint.length - 1] ?? 0) ^ 1;
    const nonceHex = behaviour === 'other-nonce' ? '0102030405060708' : asked.nonceHex;
    const at = behaviour === 'outside-validity' ? new Date('2001-01-01T00:00:00Z') : this.#now();
    const token = buildStampToken(signer, { imprint, nonceHex }, { at, serial: new Uint8Array(randomBytes(8)) });
    if (behaviour === 'broken') token[token.length - 1] = (token[token.length - 1] ?? 0) ^ 1;
    return { type, body: buildStampResponse(0, token) };
  }
}

async function readBody(request: IncomingMessage): Promise<Uint8Array> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    // Node streams of a request give buffers as long as no encoding is set.
    const bytes = part as Buffer;
    size += bytes.length;
    if (size > MAX_BODY_BYTES) throw new DerFault('The request is too large');
    parts.push(bytes);
  }
  return new Uint8Array(Buffer.concat(parts));
}

async function respond(services: Services, request: IncomingMessage, response: ServerResponse): Promise<void> {
  let answer: Answer;
  try {
    answer = services.answer(request.url ?? '', await readBody(request));
  } catch (error) {
    if (!(error instanceof DerFault)) throw error;
    response.writeHead(400).end();
    return;
  }
  if (answer === 'silent') return;
  if (answer === null) response.writeHead(404).end();
  else response.writeHead(200, { 'Content-Type': answer.type }).end(answer.body);
}

const listen = (server: Server, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error === undefined ? resolve() : reject(error)));
    // Silent answers keep their connections; nobody waits for them any more.
    server.closeAllConnections();
  });
}

async function issue(services: Services, url: string, request: CertificateRequest): Promise<IssuedCertificate> {
  const { issuing, root } = services.authority;
  const key = await newKey(request.keyKind ?? 'RSA-2048');
  const certificate = certify(key, {
    issuer: issuing,
    name: request.commonName,
    organization: request.organization,
    title: request.title,
    role: 'end',
    validity: { from: new Date(millisOf(request.validFrom)), to: new Date(millisOf(request.validTo)) },
    url,
  });
  const { serialHex } = readCertificate(certificate);
  services.issued.add(serialHex);
  const chain = [certificate, issuing.certificate, root.certificate];
  const pkcs12 = writePkcs12(key, chain, { pin: request.pin, name: request.commonName });
  return { pkcs12, certificate, serialNumber: serialHex };
}

export async function startTestServices(options: TestServicesOptions): Promise<TestServices> {
  let services: Services | null = null;
  const server = createServer((request, response) => {
    if (services === null) response.writeHead(503).end();
    else
      respond(services, request, response).catch((error: unknown) =>
        response.destroy(error instanceof Error ? error : undefined),
      );
  });
  const url = `http://127.0.0.1:${await listen(server, options.port)}`;
  const ready = new Services(await makeAuthority(options, url), options.now);
  services = ready;
  return {
    url,
    rootCertificate: ready.authority.root.certificate,
    issuingCertificate: ready.authority.issuing.certificate,
    issue: (request) => issue(ready, url, request),
    revoke: (serialHex, at) => {
      ready.revoked.push({ serialHex, at });
    },
    close: () => closeServer(server),
  };
}
