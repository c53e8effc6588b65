// Every level and algorithm, with one to three signatures, under judges that are not ours: pdfsig, qpdf, openssl cms and
// openssl ts, and together with another signer (@libpdf/core) in both orders.

import { P12Signer, PDF } from '@libpdf/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { extendToLt, extendToLta, levelOf } from '../../../server/adapters/signing/long-term.ts';
import type { Level } from '../../../server/adapters/signing/long-term.ts';
import { checkRevocation } from '../../../server/adapters/signing/long-term-check.ts';
import { createSignatureReader } from '../../../server/adapters/signing/signature-reader.ts';
import type { TestServices } from '../../../server/adapters/signing/test-authority-services.ts';
import { requireTool } from '../../support/tools.ts';
import { ANCHORS, foreignPdf, handMadePdf, LEADER, ONE_PAGE, renderSample, runTool } from '../pdf/samples.ts';
import {
  issuePerson,
  longTerm,
  opensslVerifiesCms,
  opensslVerifiesToken,
  PIN,
  recordsOf,
  signWith,
  startServices,
  timestampsOf,
} from './authority.ts';
import type { Person } from './authority.ts';

type Algorithm = 'PKCS1' | 'PSS' | 'P-256' | 'P-384';

let services: TestServices;
const people = new Map<Algorithm, Person>();
beforeAll(async () => {
  services = await startServices();
  people.set('PKCS1', await issuePerson(services, 'Phạm Thị Mẫu', 'RSA-2048'));
  people.set('PSS', await issuePerson(services, 'Nguyễn Thị Hường', 'RSA-3072', 'PSS'));
  people.set('P-256', await issuePerson(services, 'Trần Văn Đức', 'EC-P256'));
  people.set('P-384', await issuePerson(services, 'Sở Thông tin và Truyền thông', 'EC-P384'));
});
afterAll(() => services.close());

const personOf = (algorithm: Algorithm): Person => {
  const person = people.get(algorithm);
  if (person === undefined) throw new Error(`Expected a person with ${algorithm}`);
  return person;
};

const TITLES: Readonly<Record<Algorithm, { algorithm: string; hash: string }>> = {
  PKCS1: { algorithm: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
  PSS: { algorithm: 'RSASSA-PSS', hash: 'SHA-256' },
  'P-256': { algorithm: 'ECDSA', hash: 'SHA-256' },
  'P-384': { algorithm: 'ECDSA', hash: 'SHA-384' },
};

async function makeFile(level: Level, algorithms: readonly Algorithm[], base: Uint8Array): Promise<Uint8Array> {
  let pdf = base;
  for (const [index, algorithm] of algorithms.entries()) {
    const appearance =
      index === 0 ? { role: 'personal' as const, rect: ANCHORS.personalSignature, displayName: LEADER } : null;
    const timestamp = level === 'B-B' ? {} : { timestamp: timestampsOf(services) };
    const options = { fieldName: `Ky-${index + 1}`, appearance, ...timestamp };
    pdf = await signWith(pdf, personOf(algorithm).credential, options);
  }
  if (level === 'B-LT') return extendToLt(pdf, longTerm(services));
  return level === 'B-LTA' ? extendToLta(pdf, timestampsOf(services), longTerm(services)) : pdf;
}

/** Each level with each algorithm, and each number of signatures; not the whole product, which would take minutes. */
const CASES: readonly (readonly [Level, readonly Algorithm[]])[] = [
  ['B-B', ['PKCS1']],
  ['B-B', ['PSS', 'P-256']],
  ['B-B', ['P-384', 'PKCS1', 'PSS']],
  ['B-T', ['PSS']],
  ['B-T', ['P-256', 'P-384']],
  ['B-T', ['PKCS1', 'P-256', 'PSS']],
  ['B-LT', ['P-384']],
  ['B-LT', ['PKCS1', 'PSS']],
  ['B-LT', ['P-256', 'PSS', 'P-384']],
  ['B-LTA', ['P-256']],
  ['B-LTA', ['PSS', 'P-384']],
  ['B-LTA', ['PKCS1', 'P-256', 'P-384']],
];

const pdfsig = requireTool('pdfsig');
const qpdf = requireTool('qpdf');
const openssl = requireTool('openssl');
const count = (text: string, part: string): number => text.split(part).length - 1;

describe.skipIf(pdfsig === null || qpdf === null || openssl === null)('signature levels under foreign judges', () => {
  it.each(CASES)('%s with %j is valid for pdfsig, qpdf, openssl and our reader', async (level, algorithms) => {
    const base = algorithms.length === 2 ? await foreignPdf(true) : (await renderSample()).bytes;
    const pdf = await makeFile(level, algorithms, base);
    // our reader
    const findings = createSignatureReader().read(pdf, [services.rootCertificate]);
    const signatures = findings.filter((finding) => finding.kind === 'signature');
    expect(findings.map(({ isIntact, isTrusted, reasons }) => ({ isIntact, isTrusted, reasons }))).toEqual(
      findings.map(() => ({ isIntact: true, isTrusted: true, reasons: [] })),
    );
    expect(signatures.map((finding) => finding.scheme)).toEqual(algorithms.map((algorithm) => TITLES[algorithm]));
    expect(findings.at(-1)?.coversWholeFile).toBe(level !== 'B-LT');
    expect(levelOf(pdf)).toBe(level);
    // the others
    const seen = runTool(pdfsig ?? '', ['file.pdf'], { 'file.pdf': pdf }).output;
    expect(count(seen, 'Signature is Valid.')).toBe(algorithms.length);
    expect(runTool(qpdf ?? '', ['--check', 'file.pdf'], { 'file.pdf': pdf }).output).toContain('No syntax or stream');
    const chain = { root: services.rootCertificate, issuing: services.issuingCertificate };
    for (const record of recordsOf(pdf)) {
      if (record.kind === 'signature') opensslVerifiesCms(openssl ?? '', record, services.rootCertificate);
      for (const token of record.tokens) {
        const stamped = record.signed?.signature ?? new Uint8Array(0);
        expect(opensslVerifiesToken(openssl ?? '', token?.bytes ?? new Uint8Array(0), stamped, chain)).toContain('OK');
      }
      if (record.ownToken === null || record.coverage === null) continue;
      const stamped = new Uint8Array(Buffer.concat([record.coverage.before, record.coverage.after]));
      expect(opensslVerifiesToken(openssl ?? '', record.ownToken.bytes, stamped, chain)).toContain('OK');
    }
  });
});

describe('long-term levels', () => {
  it('hold all evidence in the file, so that nothing is asked any more', async () => {
    const pdf = await makeFile('B-LT', ['P-256'], await foreignPdf(false));
    const options = { ...longTerm(services), guard: null };
    expect(await extendToLt(pdf, options)).toBe(pdf);
    expect(await checkRevocation(pdf, options)).toEqual([{ fieldName: 'Ky-1', reason: null }]);
  });

  it('are renewed by another document timestamp, and every earlier proof stays intact', async () => {
    const first = await makeFile('B-LTA', ['P-256'], await foreignPdf(true));
    const second = await extendToLta(first, timestampsOf(services), longTerm(services));
    const findings = createSignatureReader().read(second, [services.rootCertificate]);
    expect(findings.map(({ fieldName, isTrusted }) => [fieldName, isTrusted])).toEqual([
      ['Ky-1', true],
      ['DauThoiGian-1', true],
      ['DauThoiGian-2', true],
    ]);
    expect(Buffer.compare(second.subarray(0, first.length), first)).toBe(0);
  });

  it('are refused for a signature that nothing dates', async () => {
    const pdf = await makeFile('B-B', ['P-256'], await foreignPdf(false));
    await expect(extendToLt(pdf, longTerm(services))).rejects.toMatchObject({ code: 'SIGNING_TIMESTAMP_MISSING' });
  });

  it('are refused when a certificate was revoked before the signature', async () => {
    const revoked = await issuePerson(services, 'Lê Thị Thu Hồi', 'EC-P256');
    services.revoke(revoked.credential.serialNumber, new Date('2019-03-01T00:00:00Z'));
    const options = { fieldName: 'Ky-1', timestamp: timestampsOf(services) };
    const pdf = await signWith(await foreignPdf(false), revoked.credential, options);
    await expect(extendToLt(pdf, longTerm(services))).rejects.toMatchObject({ code: 'SIGNING_CERTIFICATE_REVOKED' });
    expect(await checkRevocation(pdf, longTerm(services))).toEqual([{ fieldName: 'Ky-1', reason: 'CTS_THU_HOI' }]);
  });

  it('count a certificate that was revoked after the signature as good', async () => {
    const later = await issuePerson(services, 'Võ Văn Về Sau', 'EC-P256');
    services.revoke(later.credential.serialNumber, new Date('2019-05-06T02:00:00Z'));
    const options = { fieldName: 'Ky-1', timestamp: timestampsOf(services) };
    const pdf = await signWith(await foreignPdf(false), later.credential, options);
    expect(await checkRevocation(pdf, longTerm(services))).toEqual([{ fieldName: 'Ky-1', reason: null }]);
  });

  it('call revocation unknown when neither the file nor the network tells', async () => {
    const pdf = await makeFile('B-T', ['P-256'], await foreignPdf(false));
    const offline = { ...longTerm(services), guard: null };
    expect(await checkRevocation(pdf, offline)).toEqual([{ fieldName: 'Ky-1', reason: 'KHONG_KT_DUOC' }]);
    await expect(extendToLt(pdf, offline)).rejects.toMatchObject({ code: 'SIGNING_REVOCATION_UNKNOWN' });
  });
});

describe('together with another signer', () => {
  const signByOther = async (pdf: Uint8Array, algorithm: Algorithm): Promise<Uint8Array> => {
    const signer = await P12Signer.create(personOf(algorithm).pkcs12, PIN);
    const file = await PDF.load(pdf);
    const { bytes } = await file.sign({ signer, fieldName: 'Khac-1', signingTime: new Date('2019-05-06T01:00:00Z') });
    return bytes;
  };

  it.each(['PKCS1', 'P-256', 'P-384'] as const)(
    'a key with %s opens there, and both signatures stay intact in both orders',
    async (algorithm) => {
      const base = await foreignPdf(false);
      const { credential } = personOf(algorithm);
      const oursLast = await signWith(await signByOther(base, algorithm), credential, { fieldName: 'Ky-1' });
      const oursFirst = await signByOther(await signWith(base, credential, { fieldName: 'Ky-1' }), algorithm);
      for (const pdf of [oursLast, oursFirst]) {
        const findings = createSignatureReader().read(pdf, [services.rootCertificate]);
        expect(findings.map(({ isIntact, isTrusted }) => [isIntact, isTrusted])).toEqual([
          [true, true],
          [true, true],
        ]);
      }
    },
  );

  it('opens a file of every level with the number of pages that it had', async () => {
    const pdf = await makeFile('B-LTA', ['PSS'], await foreignPdf(true));
    expect((await PDF.load(pdf)).getPageCount()).toBe(2);
  });
});

describe('an empty signature field', () => {
  const field = '<</Type /Annot /Subtype /Widget /FT /Sig /T (ChoKy) /F 4 /Rect [300 200 430 274] /P 3 0 R>>';
  const base = handMadePdf({
    objects: [
      ONE_PAGE[0].replace('>>', ' /AcroForm <</Fields [5 0 R]>>>>'),
      ONE_PAGE[1],
      ONE_PAGE[2].replace('/Contents', '/Annots [5 0 R] /Contents'),
      ONE_PAGE[3],
      field,
    ],
  });

  it('is filled where it stands, also after another signature', async () => {
    const { credential } = personOf('P-256');
    const rect = { page: 9, x: 0, y: 0, width: 1, height: 1 };
    const appearance = { role: 'personal' as const, rect, displayName: LEADER };
    const first = await signWith(base, personOf('PSS').credential, { fieldName: 'Ky-1' });
    const both = await signWith(first, credential, { fieldName: 'ChoKy', appearance });
    const findings = createSignatureReader().read(both, [services.rootCertificate]);
    expect(findings.map(({ fieldName, isIntact }) => [fieldName, isIntact])).toEqual([
      ['ChoKy', true],
      ['Ky-1', true],
    ]);
    await expect(signWith(both, credential, { fieldName: 'ChoKy' })).rejects.toMatchObject({
      code: 'SIGNING_FIELD_EXISTS',
    });
  });

  it('is refused as a name when it belongs to a field of text', async () => {
    const text = handMadePdf({
      objects: [
        ONE_PAGE[0].replace('>>', ' /AcroForm <</Fields [5 0 R]>>>>'),
        ...ONE_PAGE.slice(1),
        '<</FT /Tx /T (ChoKy)>>',
      ],
    });
    const { credential } = personOf('P-256');
    await expect(signWith(text, credential, { fieldName: 'ChoKy' })).rejects.toMatchObject({
      code: 'SIGNING_FIELD_EXISTS',
    });
  });
});
