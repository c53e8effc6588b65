// Signing in two steps and asking a time-stamping authority: what comes back from outside is believed only when it is the
// answer to what was prepared. Plus the guard in front of every address that a certificate names.

import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { embedSignature, prepareSignature } from '../../../server/adapters/pdf/two-step.ts';
import type { PrepareInput, PreparedSignature } from '../../../server/modules/signing/ports.ts';
import { fetchGuarded } from '../../../server/adapters/signing/guarded-http.ts';
import type { HttpGuard } from '../../../server/adapters/signing/guarded-http.ts';
import { createSignatureReader } from '../../../server/adapters/signing/signature-reader.ts';
import { assertSignerAllowed } from '../../../server/adapters/signing/signer-check.ts';
import type { TestServices } from '../../../server/adapters/signing/test-authority-services.ts';
import { instantOf } from '../../../server/shared/time.ts';
import { at, foreignPdf } from '../pdf/samples.ts';
import { issuePerson, LOOPBACK, NOW, signWith, startServices, timestampsOf } from './authority.ts';
import type { Person } from './authority.ts';

let services: TestServices;
let rsa: Person;
let pss: Person;
let ec: Person;
let pdf: Uint8Array;
beforeAll(async () => {
  services = await startServices('EC-P256');
  rsa = await issuePerson(services, 'Phạm Thị Mẫu', 'RSA-2048');
  pss = await issuePerson(services, 'Phạm Thị Mẫu', 'RSA-2048', 'PSS');
  ec = await issuePerson(services, 'Trần Văn Đức', 'EC-P384');
  pdf = await foreignPdf(false);
});
afterAll(() => services.close());

const inputFor = ({ credential }: Person, extra: Partial<PrepareInput> = {}): PrepareInput => ({
  pdf,
  certificate: credential.certificate,
  chain: credential.chain,
  ...(credential.scheme === undefined ? {} : { scheme: credential.scheme }),
  fieldName: 'Ky-1',
  appearance: null,
  signedAt: instantOf(NOW),
  reason: '',
  location: '',
  ...extra,
});

/** r and s side by side, as WebCrypto and many tokens give them, from the DER of node:crypto. */
function sideBySide(der: Uint8Array, half: number): Uint8Array {
  const rLength = der[3] ?? 0;
  const sStart = 4 + rLength + 2;
  const part = (bytes: Uint8Array): Buffer => {
    const trimmed = Buffer.from(bytes).subarray(Math.max(0, bytes.length - half));
    return Buffer.concat([Buffer.alloc(half - trimmed.length), trimmed]);
  };
  return new Uint8Array(Buffer.concat([part(der.subarray(4, 4 + rLength)), part(der.subarray(sStart))]));
}

describe('two-step signing', () => {
  it('gives what a device needs and embeds its value, for every algorithm', async () => {
    for (const person of [rsa, pss, ec]) {
      const prepared = prepareSignature(inputFor(person));
      const [start, gapStart, gapEnd, length] = prepared.byteRange;
      expect([start, gapEnd + length]).toEqual([0, prepared.bytes.length]);
      expect(Buffer.from(prepared.bytes.subarray(gapStart, gapEnd)).toString('latin1')).toMatch(/^<0+>$/);
      const signature = await person.credential.sign(prepared.signedAttributes);
      const signed = await embedSignature(prepared, { source: pdf, signature });
      expect(createSignatureReader().read(signed, [services.rootCertificate])).toMatchObject([{ isTrusted: true }]);
      expect(Buffer.compare(signed.subarray(0, pdf.length), pdf)).toBe(0);
    }
  });

  it('takes an ECDSA value with r and s side by side', async () => {
    const prepared = prepareSignature(inputFor(ec));
    const signature = sideBySide(await ec.credential.sign(prepared.signedAttributes), 48);
    const signed = await embedSignature(prepared, { source: pdf, signature });
    expect(createSignatureReader().read(signed, [])).toMatchObject([{ isIntact: true }]);
  });

  it('can be told to leave more room, and refuses a CMS that does not fit without touching what was prepared', async () => {
    const small = prepareSignature(inputFor(rsa, { reservedBytes: 1_024 }));
    const before = Uint8Array.from(small.bytes);
    const signature = await rsa.credential.sign(small.signedAttributes);
    await expect(embedSignature(small, { source: pdf, signature })).rejects.toMatchObject({
      code: 'SIGNING_RESERVE_TOO_SMALL',
      kind: 'rule',
      details: { reservedBytes: 1_024 },
    });
    expect(Buffer.compare(small.bytes, before)).toBe(0);
    const large = prepareSignature(inputFor(rsa, { reservedBytes: 32_768 }));
    const value = await rsa.credential.sign(large.signedAttributes);
    expect((await embedSignature(large, { source: pdf, signature: value })).length).toBeGreaterThan(65_536);
  });

  it('refuses a source that is not the one that was prepared', async () => {
    const prepared = prepareSignature(inputFor(rsa));
    const signature = await rsa.credential.sign(prepared.signedAttributes);
    const changed = Uint8Array.from(pdf);
    changed[100] = (changed[100] ?? 0) ^ 1;
    for (const source of [changed, pdf.subarray(0, pdf.length - 1), new Uint8Array(0)]) {
      await expect(embedSignature(prepared, { source, signature })).rejects.toMatchObject({
        code: 'SIGNING_SOURCE_CHANGED',
      });
    }
  });

  it('refuses a value of another key, of other attributes, a damaged one and an empty one', async () => {
    const prepared = prepareSignature(inputFor(rsa));
    const own = await rsa.credential.sign(prepared.signedAttributes);
    const damaged = Uint8Array.from(own);
    damaged[7] = (damaged[7] ?? 0) ^ 1;
    const values = [
      await pss.credential.sign(prepared.signedAttributes),
      await rsa.credential.sign(prepared.documentDigest),
      damaged,
      new Uint8Array(0),
    ];
    for (const signature of values) {
      await expect(embedSignature(prepared, { source: pdf, signature })).rejects.toMatchObject({
        code: 'SIGNING_SIGNATURE_MISMATCH',
      });
    }
  });

  it('refuses a prepared file that was altered between the steps', async () => {
    const prepared = prepareSignature(inputFor(rsa));
    const signature = await rsa.credential.sign(prepared.signedAttributes);
    const altered = Uint8Array.from(prepared.bytes);
    altered[altered.length - 40] = (altered[altered.length - 40] ?? 0) ^ 1;
    const tampered: PreparedSignature = { ...prepared, bytes: altered };
    await expect(embedSignature(tampered, { source: pdf, signature })).rejects.toMatchObject({
      code: 'SIGNING_SIGNATURE_MISMATCH',
    });
  });

  it('survives being stored as text between the steps', async () => {
    const prepared = prepareSignature(inputFor(ec));
    const stored = structuredClone(prepared);
    const signature = await ec.credential.sign(stored.signedAttributes);
    expect((await embedSignature(stored, { source: pdf, signature })).length).toBe(prepared.bytes.length);
  });
});

describe('timestamps', () => {
  it('are asked over the signature value and verified before they are embedded', async () => {
    const options = { fieldName: 'Ky-1', timestamp: timestampsOf(services) };
    const signed = await signWith(pdf, ec.credential, options);
    const [finding] = createSignatureReader().read(signed, [services.rootCertificate]);
    expect(finding).toMatchObject({ isTrusted: true, timestampedAt: instantOf(NOW) });
  });

  it.each([
    ['silent', 'SIGNING_TSA_UNREACHABLE'],
    ['refuses', 'SIGNING_TSA_REFUSED'],
    ['other-imprint', 'SIGNING_TSA_INVALID'],
    ['other-nonce', 'SIGNING_TSA_INVALID'],
    ['no-purpose', 'SIGNING_TSA_INVALID'],
    ['outside-validity', 'SIGNING_TSA_INVALID'],
    ['broken', 'SIGNING_TSA_INVALID'],
    ['garbage', 'SIGNING_TSA_INVALID'],
  ])('of an authority that is %s are refused as %s', async (behaviour, code) => {
    const options = { fieldName: 'Ky-1', timestamp: timestampsOf(services, behaviour) };
    await expect(signWith(pdf, ec.credential, options)).rejects.toMatchObject({ code });
  });

  it('of another authority are refused when roots are given', async () => {
    const foreign = await startServices('EC-P256');
    try {
      const source = timestampsOf({ ...foreign, rootCertificate: services.rootCertificate });
      const options = { fieldName: 'Ky-1', timestamp: source };
      await expect(signWith(pdf, ec.credential, options)).rejects.toMatchObject({ code: 'SIGNING_TSA_INVALID' });
    } finally {
      await foreign.close();
    }
  });
});

describe('the check of a certificate before it signs', () => {
  const sources = () => ({
    trust: [services.rootCertificate],
    known: { certificates: [], crls: [], ocsps: [] },
    guard: LOOPBACK,
  });
  const check = (person: Person, change: { readonly expectedName?: string; readonly at?: string } = {}) =>
    assertSignerAllowed(
      {
        certificate: person.credential.certificate,
        chain: person.credential.chain,
        expectedName: change.expectedName ?? null,
        at: change.at === undefined ? instantOf(NOW) : at(change.at),
      },
      sources(),
    );

  it('passes a valid certificate of the expected owner', async () => {
    await expect(check(ec, { expectedName: 'Trần Văn Đức' })).resolves.toBeUndefined();
  });

  it('finds the issuing authority through the address in the certificate', async () => {
    const bare = { ...ec, credential: { ...ec.credential, chain: [] } };
    await expect(check(bare)).resolves.toBeUndefined();
  });

  it('refuses another owner, another time and another authority', async () => {
    await expect(check(ec, { expectedName: 'Trần Văn Đực' })).rejects.toMatchObject({
      code: 'SIGNING_CERTIFICATE_OWNER',
    });
    await expect(check(ec, { at: '2030-01-01T00:00:00+07:00' })).rejects.toMatchObject({
      code: 'SIGNING_CERTIFICATE_EXPIRED',
    });
    const foreign = await startServices('EC-P256');
    try {
      const stranger = await issuePerson(foreign, 'Trần Văn Đức', 'EC-P256');
      await expect(check(stranger)).rejects.toMatchObject({ code: 'SIGNING_CERTIFICATE_UNTRUSTED' });
    } finally {
      await foreign.close();
    }
  });

  it('refuses when the revocation services do not answer', async () => {
    const gone = await startServices('EC-P256');
    const person = await issuePerson(gone, 'Trần Văn Đức', 'EC-P256');
    await gone.close();
    const signer = { ...person.credential, expectedName: null, at: instantOf(NOW) };
    await expect(assertSignerAllowed(signer, { ...sources(), trust: [gone.rootCertificate] })).rejects.toMatchObject({
      code: 'SIGNING_REVOCATION_UNKNOWN',
    });
  });
});

describe('the guard in front of addresses from certificates', () => {
  const guard: HttpGuard = { publicHosts: ['*'], trustedHosts: [], timeoutMs: 500, maxBytes: 1_000 };
  const open: HttpGuard = { ...guard, trustedHosts: ['127.0.0.1', 'localhost'] };
  let server: Server;
  let base: string;
  beforeAll(async () => {
    server = createServer((request, response) => {
      if (request.url === '/moved') response.writeHead(302, { Location: '/small' }).end();
      else if (request.url === '/slow') response.write('a');
      else response.end(request.url === '/large' ? 'x'.repeat(5_000) : 'nhỏ');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    base = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  it.each([
    'http://127.0.0.1/a.crl',
    'http://localhost/a.crl',
    'http://[::1]/a.crl',
    'http://[::ffff:127.0.0.1]/a.crl',
    'http://10.0.0.8/a.crl',
    'http://172.16.3.4/a.crl',
    'http://192.168.1.1/a.crl',
    'http://169.254.169.254/latest/meta-data',
    'http://0x7f000001/a.crl',
    'http://2130706433/a.crl',
    'http://[fd00::1]/a.crl',
    'http://0.0.0.0/a.crl',
    'http://user:secret@example.org/a.crl',
    'file:///etc/passwd',
    'ldap://example.org/cn=crl',
    'not an address',
  ])('refuses %s', async (url) => {
    await expect(fetchGuarded(guard, { url })).rejects.toMatchObject({ code: 'SIGNING_URL_FORBIDDEN' });
  });

  it('asks only public hosts of the list', async () => {
    const narrow = { ...guard, publicHosts: ['ca.gov.vn', '*.ca.gov.vn'] };
    for (const url of ['http://example.org/', 'http://ca.gov.vn.example.org/', 'http://eca.gov.vn/']) {
      await expect(fetchGuarded(narrow, { url })).rejects.toMatchObject({ code: 'SIGNING_URL_FORBIDDEN' });
    }
  });

  it('answers a small file of a trusted host, and refuses large, slow and moved ones', async () => {
    expect(Buffer.from(await fetchGuarded(open, { url: `${base}/small` })).toString()).toBe('nhỏ');
    for (const path of ['/large', '/slow', '/moved']) {
      await expect(fetchGuarded(open, { url: `${base}${path}` })).rejects.toMatchObject({
        code: 'SIGNING_URL_UNREACHABLE',
      });
    }
  });
});
