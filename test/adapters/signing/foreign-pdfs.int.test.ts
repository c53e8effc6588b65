// Files of other producers, made here: each is signed twice and both signatures stay valid for pdfsig and for our reader,
// or the signer refuses with a reason. Never a mangled file: the input stays the beginning of the output.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PDFDocument } from '@cantoo/pdf-lib';
import { createSignatureReader } from '../../../server/adapters/signing/signature-reader.ts';
import type { TestServices } from '../../../server/adapters/signing/test-authority-services.ts';
import { AppError } from '../../../server/shared/app-error.ts';
import { describeWithTool } from '../../support/tools.ts';
import {
  ANCHORS,
  foreignPdf,
  handMadePdf,
  LEADER,
  objectStreamPdf,
  ONE_PAGE,
  renderSample,
  runTool,
} from '../pdf/samples.ts';
import { issuePerson, signWith, startServices } from './authority.ts';
import type { Person } from './authority.ts';

let services: TestServices;
let leader: Person;
let seal: Person;
let letter: Uint8Array;
beforeAll(async () => {
  services = await startServices('EC-P256');
  leader = await issuePerson(services, LEADER, 'RSA-2048', 'PSS');
  seal = await issuePerson(services, 'Ủy ban nhân dân tỉnh Đắk Lắk', 'EC-P384');
  letter = (await renderSample()).bytes;
});
afterAll(() => services.close());

const count = (text: string, part: string): number => text.split(part).length - 1;
const pagesIn = (pdf: Uint8Array): string =>
  /Pages:\s+(\d+)/.exec(runTool('pdfinfo', ['f.pdf'], { 'f.pdf': pdf }).output)?.[1] ?? '';

async function expectTwoSignatures(base: Uint8Array): Promise<void> {
  const rect = { ...ANCHORS.personalSignature, page: 1 };
  const personal = { role: 'personal' as const, rect, displayName: LEADER };
  const agency = {
    role: 'agency' as const,
    rect: { ...ANCHORS.agencySignature, page: 1 },
    displayName: 'Ủy ban nhân dân tỉnh Đắk Lắk',
  };
  const first = await signWith(base, leader.credential, { fieldName: 'KyDuyet-1', appearance: personal });
  const second = await signWith(first, seal.credential, { fieldName: 'DongDau-1', appearance: agency });
  expect(Buffer.compare(second.subarray(0, base.length), base)).toBe(0);
  expect(Buffer.compare(second.subarray(0, first.length), first)).toBe(0);
  expect(createSignatureReader().read(second, [services.rootCertificate])).toMatchObject([
    { isIntact: true, isTrusted: true, coversWholeFile: false },
    { isIntact: true, isTrusted: true, coversWholeFile: true },
  ]);
  const seen = runTool('pdfsig', ['f.pdf'], { 'f.pdf': second }).output;
  expect(count(seen, 'Signature is Valid.')).toBe(2);
  expect(pagesIn(second)).toBe(pagesIn(base));
}

describeWithTool('qpdf', 'files rewritten by qpdf', (qpdf) => {
  const VERSIONS = ['1.3', '1.4', '1.5', '1.6', '1.7', '2.0'].map(
    (version) => [`PDF ${version}`, [`--force-version=${version}`, '--object-streams=disable']] as const,
  );
  it.each([
    ...VERSIONS,
    ['linearised', ['--linearize']],
    ['linearised with object streams', ['--linearize', '--object-streams=generate']],
    ['object streams', ['--object-streams=generate']],
    ['uncompressed (QDF)', ['--qdf']],
    ['without compression', ['--stream-data=uncompress']],
    ['with a preserved version 2.0 and object streams', ['--min-version=2.0', '--object-streams=generate']],
  ] as const)('rewritten by qpdf are signed twice: %s', async (_, options) => {
    const base = runTool(qpdf, [...options, 'a.pdf', 'out.pdf'], { 'a.pdf': letter }).read('out.pdf');
    await expectTwoSignatures(base);
  });

  it('are refused when they are encrypted, with a reason', async () => {
    const options = ['--encrypt', '', 'chu', '128', '--use-aes=y', '--', 'a.pdf', 'out.pdf'];
    const base = runTool(qpdf, options, { 'a.pdf': letter }).read('out.pdf');
    await expect(expectTwoSignatures(base)).rejects.toMatchObject({ code: 'SIGNING_PDF_UNREADABLE' });
  });

  it('stay sound for qpdf after both signatures', async () => {
    const base = runTool(qpdf, ['--linearize', 'a.pdf', 'out.pdf'], { 'a.pdf': letter }).read('out.pdf');
    const signed = await signWith(base, leader.credential, { fieldName: 'Ky-1' });
    expect(runTool(qpdf, ['--check', 'f.pdf'], { 'f.pdf': signed }).output).toContain('No syntax or stream');
  });
});

describeWithTool('pdftocairo', 'files of cairo and poppler', (pdftocairo) => {
  it.each([
    ['a copy', []],
    ['one page', ['-f', '1', '-l', '1']],
    ['another paper', ['-paper', 'A3', '-expand']],
  ])('made by cairo are signed twice: %s', async (_, options) => {
    const base = runTool(pdftocairo, ['-pdf', ...options, 'a.pdf', 'out.pdf'], { 'a.pdf': letter }).read('out.pdf');
    await expectTwoSignatures(base);
  });
});

describeWithTool('pdfunite', 'files joined by poppler', (pdfunite) => {
  it('joined by poppler are signed twice', async () => {
    const files = { 'a.pdf': letter, 'b.pdf': await foreignPdf(true) };
    await expectTwoSignatures(runTool(pdfunite, ['a.pdf', 'b.pdf', 'out.pdf'], files).read('out.pdf'));
  });
});

describeWithTool('gs', 'files of Ghostscript', (gs) => {
  it.each(['1.3', '1.4', '1.7', '2.0'])('are signed twice: PDF %s', async (version) => {
    const options = ['-q', '-dNOPAUSE', '-dBATCH', '-sDEVICE=pdfwrite', `-dCompatibilityLevel=${version}`];
    const { read } = runTool(gs, [...options, '-o', 'out.pdf', 'a.pdf'], { 'a.pdf': letter });
    await expectTwoSignatures(read('out.pdf'));
  });
});

describeWithTool('soffice', 'files of LibreOffice', (soffice) => {
  it('exported by LibreOffice are signed twice', async () => {
    // Its output takes the name of its input, so it needs a directory of its own.
    const directory = mkdtempSync(join(tmpdir(), 'tram-soffice-'));
    try {
      writeFileSync(join(directory, 'van-ban.txt'), 'Kính gửi: Các sở, ban, ngành thuộc tỉnh Đắk Lắk');
      const profile = `-env:UserInstallation=file://${directory}/profile`;
      const options = ['--headless', profile, '--convert-to', 'pdf', '--outdir', directory];
      execFileSync(soffice, [...options, join(directory, 'van-ban.txt')], { stdio: 'ignore' });
      await expectTwoSignatures(new Uint8Array(readFileSync(join(directory, 'van-ban.pdf'))));
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  }, 120_000);
});

describeWithTool('pdfsig', 'files of libraries and hands', () => {
  it('are signed twice: pdf-lib with a table and with streams, after one increment more', async () => {
    for (const hasStreams of [false, true]) {
      const base = await foreignPdf(hasStreams);
      const document = await PDFDocument.load(base, { forIncrementalUpdate: true, updateMetadata: false });
      document.setTitle('Công văn');
      const grown = await document.commit({ useObjectStreams: hasStreams });
      await expectTwoSignatures(grown);
    }
  });

  it.each([
    ['an object stream with a predictor', () => objectStreamPdf()],
    ['bytes before the header', () => handMadePdf({ objects: ONE_PAGE, before: 'rác trước tệp\n' })],
    ['/Prev 0', () => handMadePdf({ objects: ONE_PAGE, trailer: '/Prev 0' })],
    ['/Encrypt null', () => handMadePdf({ objects: ONE_PAGE, trailer: '/Encrypt null' })],
    [
      'a direct AcroForm',
      () =>
        handMadePdf({
          objects: [ONE_PAGE[0].replace('>>', ' /AcroForm <</Fields [] /DA (/F 0 Tf)>>>>'), ...ONE_PAGE.slice(1)],
        }),
    ],
    [
      'annotations in an array of their own',
      () =>
        handMadePdf({
          objects: [
            ONE_PAGE[0],
            ONE_PAGE[1],
            ONE_PAGE[2].replace('/Contents', '/Annots 5 0 R /Contents'),
            ONE_PAGE[3],
            '[]',
          ],
        }),
    ],
    [
      'a hidden second page object',
      () =>
        handMadePdf({
          objects: ONE_PAGE,
          orphan: '3 0 obj\n<</Type /Page /Parent 2 0 R /MediaBox [0 0 100 100]>>\nendobj\n',
        }),
    ],
  ])('made by libraries and hands are signed twice: %s', async (_, make) => {
    await expectTwoSignatures(make());
  });

  it('never come out damaged: what is refused has a reason', async () => {
    const broken = [letter.subarray(0, letter.length - 200), handMadePdf({ objects: ONE_PAGE.slice(0, 2) })];
    for (const base of broken) {
      const outcome = await signWith(base, leader.credential, { fieldName: 'Ky-1' }).catch((error: unknown) => error);
      expect(outcome).toBeInstanceOf(AppError);
    }
  });
});
