// The test authority with its services for signing tests, and what several suites need beside it: keys by kind, the CMS
// of every signature cut out of a file, and the judgement of openssl about it.

import { createPdfSigner } from '../../../server/adapters/pdf/signer.ts';
import { openPdf } from '../../../server/adapters/pdf/core/file.ts';
import type { HttpGuard } from '../../../server/adapters/signing/guarded-http.ts';
import type { LongTermOptions } from '../../../server/adapters/signing/long-term.ts';
import { createCredentialOpener } from '../../../server/adapters/signing/pkcs12.ts';
import { readRecord, signedFieldsOf } from '../../../server/adapters/signing/signature-records.ts';
import type { SignatureRecord } from '../../../server/adapters/signing/signature-records.ts';
import { startTestServices } from '../../../server/adapters/signing/test-authority-services.ts';
import type { TestServices } from '../../../server/adapters/signing/test-authority-services.ts';
import { createTimestampSource } from '../../../server/adapters/signing/tsa-client.ts';
import type {
  KeyKind,
  SigningCredential,
  TimestampSource,
  VisibleSignature,
} from '../../../server/modules/signing/ports.ts';
import { instantOf } from '../../../server/shared/time.ts';
import { AGENCY, at, pemOf, runTool, VALID_FROM } from '../pdf/samples.ts';

/** The moment of all services and signatures: the certificates of the tests are of the pilot's time. */
export const NOW = new Date('2019-05-06T01:00:00Z');
export const VALIDITY = { from: VALID_FROM } as const;
export const PIN = 'mật-khẩu 1';
export const LOOPBACK: HttpGuard = {
  publicHosts: [],
  trustedHosts: ['127.0.0.1'],
  timeoutMs: 2_000,
  maxBytes: 1_000_000,
};

export const startServices = (keyKind: KeyKind = 'RSA-2048'): Promise<TestServices> =>
  startTestServices({ port: 0, validFrom: VALID_FROM, now: () => NOW, keyKind });

export interface Person {
  readonly credential: SigningCredential;
  readonly pkcs12: Uint8Array;
}

export async function issuePerson(
  services: TestServices,
  name: string,
  keyKind: KeyKind,
  rsaPadding: 'PKCS1' | 'PSS' = 'PKCS1',
): Promise<Person> {
  const { pkcs12 } = await services.issue({
    commonName: name,
    organization: AGENCY,
    title: null,
    validFrom: VALID_FROM,
    validTo: at('2024-01-01T00:00:00+07:00'),
    pin: PIN,
    keyKind,
  });
  return { credential: createCredentialOpener().open(pkcs12, PIN, { rsaPadding }), pkcs12 };
}

export const timestampsOf = (services: TestServices, behaviour = ''): TimestampSource =>
  createTimestampSource({
    url: `${services.url}/tsa${behaviour === '' ? '' : `/${behaviour}`}`,
    guard: { ...LOOPBACK, timeoutMs: behaviour === 'silent' ? 300 : 2_000 },
    trust: [services.rootCertificate],
  });

export const longTerm = (services: TestServices): LongTermOptions => ({
  trust: [services.rootCertificate],
  guard: LOOPBACK,
  now: instantOf(NOW),
});

export interface SignOptions {
  readonly fieldName: string;
  readonly appearance?: VisibleSignature | null;
  readonly timestamp?: TimestampSource;
}

export const signWith = (pdf: Uint8Array, credential: SigningCredential, options: SignOptions): Promise<Uint8Array> =>
  createPdfSigner().sign({
    pdf,
    credential,
    fieldName: options.fieldName,
    ...(options.timestamp === undefined ? {} : { timestamp: options.timestamp }),
    appearance: options.appearance ?? null,
    signedAt: instantOf(NOW),
    reason: 'Ký duyệt văn bản',
    location: 'Đắk Lắk',
  });

export function recordsOf(pdf: Uint8Array): readonly SignatureRecord[] {
  const file = openPdf(pdf);
  return signedFieldsOf(file).map((field) => readRecord(file, field));
}

const SECONDS = String(NOW.getTime() / 1000 + 60);

/** `openssl cms -verify -cades` over the signed bytes, with the chain to the root. Throws when openssl refuses. */
export function opensslVerifiesCms(openssl: string, record: SignatureRecord, root: Uint8Array): string {
  const coverage = record.coverage;
  if (coverage === null) throw new Error('Expected a byte range');
  const length = coverage.contents[1] === 0x82 ? 4 + coverage.contents.length : coverage.contents.length;
  const der = coverage.contents.subarray(0, Math.min(length, Buffer.from(coverage.contents).readUInt16BE(2) + 4));
  const args = `cms -verify -cades -binary -inform der -in cms.der -content signed.bin -CAfile root.pem -purpose any -attime ${SECONDS} -out out.bin`;
  return runTool(openssl, args.split(' '), {
    'cms.der': der,
    'signed.bin': new Uint8Array(Buffer.concat([coverage.before, coverage.after])),
    'root.pem': pemOf(root),
  }).output;
}

/** `openssl ts -verify` of a token over what it stamps. */
export function opensslVerifiesToken(
  openssl: string,
  token: Uint8Array,
  stamped: Uint8Array,
  chain: { readonly root: Uint8Array; readonly issuing: Uint8Array },
): string {
  const args = `ts -verify -token_in -in token.der -data stamped.bin -CAfile root.pem -untrusted issuing.pem -attime ${SECONDS}`;
  return runTool(openssl, args.split(' '), {
    'token.der': token,
    'stamped.bin': stamped,
    'root.pem': pemOf(chain.root),
    'issuing.pem': pemOf(chain.issuing),
  }).output;
}
