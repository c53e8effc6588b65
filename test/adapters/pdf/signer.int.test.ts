// The whole signing path judged by programs that are not ours: pdfsig (poppler with NSS), openssl cms, qpdf, pdftotext,
// pdfinfo. Their opinion about the cryptography counts; what they do not look at is tested in signature-reader.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { openPdf, pagesOf } from '../../../server/adapters/pdf/core/file.ts';
import { decodeText, isArray, isDict, isString } from '../../../server/adapters/pdf/core/objects.ts';
import type { PdfDict, PdfObject } from '../../../server/adapters/pdf/core/objects.ts';
import { createPdfInspector } from '../../../server/adapters/pdf/inspector.ts';
import { createSignatureReader } from '../../../server/adapters/signing/signature-reader.ts';
import { instantOf } from '../../../server/shared/time.ts';
import { describeWithTool } from '../../support/tools.ts';
import {
  AGENCY,
  ANCHORS,
  DATE_LINE,
  drawNumber,
  foreignPdf,
  handMadePdf,
  indexOfText,
  LEADER,
  makeSigners,
  ONE_PAGE,
  pemOf,
  renderSample,
  runTool,
  sealAsAgency,
  signAsLeader,
  signWhole,
} from './samples.ts';
import type { Signers } from './samples.ts';

let signers: Signers;
beforeAll(async () => {
  signers = await makeSigners();
});

const count = (text: string, part: string): number => text.split(part).length - 1;
const startsWith = (bytes: Uint8Array, prefix: Uint8Array): boolean =>
  Buffer.compare(bytes.subarray(0, prefix.length), prefix) === 0;

const isNumber = (object: PdfObject): object is number => typeof object === 'number';

/** The annotation of the first page with this /NM. */
function annotationOf(pdf: Uint8Array, id: string): PdfDict | undefined {
  const file = openPdf(pdf);
  const page = pagesOf(file)[0];
  const annotations = page === undefined ? [] : file.getItems(page.dict, 'Annots').map((item) => file.resolve(item));
  return annotations.filter(isDict).find((annotation) => {
    const marker = annotation.entries.get('NM');
    return isString(marker) && decodeText(marker) === id;
  });
}

/** The CMS of the nth signature and the bytes that it signs, read from the text of the file. */
function cutSignature(pdf: Uint8Array, index: number): { cms: Uint8Array; signed: Uint8Array } {
  let from = 0;
  for (let skipped = 0; skipped < index; skipped += 1) from = indexOfText(pdf, '/ByteRange [', from) + 1;
  const text = Buffer.from(pdf).toString('latin1', indexOfText(pdf, '/ByteRange [', from));
  const numbers = (/\[(\d+) (\d+) (\d+) (\d+)\s*\]/.exec(text) ?? []).slice(1).map(Number);
  const [, gapStart = 0, gapEnd = 0, length = 0] = numbers;
  const padded = Buffer.from(Buffer.from(pdf.subarray(gapStart + 1, gapEnd - 1)).toString('latin1'), 'hex');
  const cmsLength = padded.readUInt16BE(2) + 4;
  return {
    cms: new Uint8Array(padded.subarray(0, cmsLength)),
    signed: new Uint8Array(Buffer.concat([pdf.subarray(0, gapStart), pdf.subarray(gapEnd, gapEnd + length)])),
  };
}

describeWithTool('pdfsig', 'signed letter under pdfsig', (pdfsig) => {
  it('shows both signatures valid after personal signature, number and date, agency signature', async () => {
    const { bytes, anchors } = await renderSample();
    const { output } = runTool(pdfsig, ['letter.pdf'], { 'letter.pdf': await signWhole(bytes, signers, anchors) });
    expect(count(output, 'Signature is Valid.')).toBe(2);
    expect(output).toContain(`Signer Certificate Common Name: ${LEADER}`);
    expect(output).toContain(`Signer Certificate Common Name: ${AGENCY}`);
    expect(count(output, 'Signature Type: ETSI.CAdES.detached')).toBe(2);
    expect(output).toMatch(/DongDau-1[\s\S]*Total document signed/);
  });

  it('keeps the personal signature valid after number and date alone', async () => {
    const { bytes, anchors } = await renderSample();
    const numbered = await drawNumber(await signAsLeader(bytes, signers, anchors), anchors);
    const { output } = runTool(pdfsig, ['letter.pdf'], { 'letter.pdf': numbered });
    expect(count(output, 'Signature is Valid.')).toBe(1);
  });

  it.each([
    ['a classic table', false],
    ['a cross-reference stream', true],
  ])('signs a foreign file with %s twice, each time as an increment', async (_, hasXrefStream) => {
    const base = await foreignPdf(hasXrefStream);
    const first = await signAsLeader(base, signers);
    const second = await sealAsAgency(first, signers);
    const { output } = runTool(pdfsig, ['letter.pdf'], { 'letter.pdf': second });
    expect(startsWith(first, base) && startsWith(second, first)).toBe(true);
    expect(count(output, 'Signature is Valid.')).toBe(2);
    expect(openPdf(second).xref.flavour).toBe(openPdf(base).xref.flavour);
  });

  it.each([90, 180, 270])('signs and numbers a page that viewers turn by %s degrees', async (rotation) => {
    const size = rotation === 180 ? '595 842' : '842 595';
    const turned = ONE_PAGE[2].replace('/MediaBox [0 0 595 842]', `/MediaBox [0 0 ${size}] /Rotate ${rotation}`);
    const base = handMadePdf({ objects: [ONE_PAGE[0], ONE_PAGE[1], turned, ONE_PAGE[3]] });
    const facts = createPdfInspector().inspect(base);
    const anchors = facts.ok ? facts.value.defaultAnchors : ANCHORS;
    const signed = await signWhole(base, signers, anchors);
    expect(count(runTool(pdfsig, ['letter.pdf'], { 'letter.pdf': signed }).output, 'Signature is Valid.')).toBe(2);
    // The date line lies along the upper edge as a reader sees it: its long side is the page's long or short one.
    const stamp = openPdf(signed).resolve(annotationOf(signed, 'TRAM-NGAY')?.entries.get('Rect'));
    const [left = 0, bottom = 0, right = 0, top = 0] = isArray(stamp) ? stamp.items.filter(isNumber) : [];
    expect(rotation === 180 ? right - left : top - bottom).toBeCloseTo((98 * 72) / 25.4, 0);
  });

  it('sees an altered byte that the reader of this project also refuses', async () => {
    const signed = Uint8Array.from(await signWhole((await renderSample()).bytes, signers));
    const position = indexOfText(signed, '/MediaBox') + '/MediaBox ['.length + 2;
    signed[position] = signed[position] === 0x30 ? 0x31 : 0x30;
    const { output } = runTool(pdfsig, ['letter.pdf'], { 'letter.pdf': signed });
    const findings = createSignatureReader().read(signed, []);
    expect(output).toContain('Digest Mismatch');
    expect(findings.map((finding) => finding.isIntact)).toEqual([false, false]);
  });
});

describeWithTool('certutil', 'trust under pdfsig with an NSS database', (certutil) => {
  it('is given to both signatures when the test root is installed and the certificates are in force today', async () => {
    // given: an authority of today, and a database whose only root is that authority
    const today = await makeSigners(instantOf(new Date(Date.now() - 86_400_000)));
    const directory = mkdtempSync(join(tmpdir(), 'tram-nss-'));
    try {
      writeFileSync(join(directory, 'root.der'), today.material.rootCertificate);
      writeFileSync(join(directory, 'letter.pdf'), await signWhole((await renderSample()).bytes, today));
      const database = ['-d', `sql:${directory}`];
      execFileSync(certutil, ['-N', ...database, '--empty-password']);
      execFileSync(certutil, ['-A', ...database, '-n', 'root', '-t', 'CT,C,C', '-i', join(directory, 'root.der')]);
      // when
      const output = execFileSync('pdfsig', ['-nssdir', directory, join(directory, 'letter.pdf')], {
        encoding: 'utf8',
      });
      // then
      expect(count(output, 'Signature is Valid.')).toBe(2);
      expect(count(output, 'Certificate is Trusted.')).toBe(2);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});

describeWithTool('openssl', 'signed letter under openssl', (openssl) => {
  it.each([
    ['personal', 0],
    ['agency', 1],
  ])('verifies the CMS of the %s signature with ESS over the signed bytes', async (_, index) => {
    const { cms, signed } = cutSignature(await signWhole((await renderSample()).bytes, signers), index);
    const verify =
      'cms -verify -cades -binary -inform der -in cms.der -content signed.bin -CAfile root.pem -no_check_time -purpose any -out out.bin';
    const { read } = runTool(openssl, verify.split(' '), {
      'cms.der': cms,
      'signed.bin': signed,
      'root.pem': pemOf(signers.material.rootCertificate),
    });
    expect(Buffer.compare(read('out.bin'), signed)).toBe(0);
  });

  it('finds no signing-time attribute and the names in UTF-8', async () => {
    const { cms } = cutSignature(await signAsLeader((await renderSample()).bytes, signers), 0);
    const args = 'cms -cmsout -print -nameopt utf8 -noout -inform der -in cms.der'.split(' ');
    const { output } = runTool(openssl, args, { 'cms.der': cms });
    expect(output).not.toContain('signingTime');
    expect(output).toContain('id-smime-aa-signingCertificateV2');
    expect(output).toContain('CA THỬ NGHIỆM Trạm cấp chứng thư – không có giá trị pháp lý');
  });
});

describeWithTool('qpdf', 'signed letter under qpdf', (qpdf) => {
  it('is sound after every step', async () => {
    const { bytes, anchors } = await renderSample();
    const steps = [bytes, await signAsLeader(bytes, signers, anchors), await signWhole(bytes, signers, anchors)];
    for (const step of steps) {
      const { output } = runTool(qpdf, ['--check', 'letter.pdf'], { 'letter.pdf': step });
      expect(output).toContain('No syntax or stream encoding errors found');
    }
  });

  it('signs a file with object streams and a linearized file twice', async () => {
    const { bytes, anchors } = await renderSample();
    for (const option of ['--object-streams=generate', '--linearize']) {
      const base = runTool(qpdf, [option, 'letter.pdf', 'out.pdf'], { 'letter.pdf': bytes }).read('out.pdf');
      const signed = await signWhole(base, signers, anchors);
      const { output } = runTool('pdfsig', ['letter.pdf'], { 'letter.pdf': signed });
      expect(count(output, 'Signature is Valid.'), option).toBe(2);
      expect(
        createSignatureReader()
          .read(signed, [])
          .every((finding) => finding.isIntact),
        option,
      ).toBe(true);
      expect(runTool(qpdf, ['--check', 'letter.pdf'], { 'letter.pdf': signed }).output).toContain('No syntax');
    }
  });

  it('refuses encrypted files with one code, in the inspector and in the signer', async () => {
    const { bytes } = await renderSample();
    for (const password of ['', 'mo-file']) {
      const args = ['--encrypt', password, 'chu-file', '256', '--', 'letter.pdf', 'out.pdf'];
      const encrypted = runTool(qpdf, args, { 'letter.pdf': bytes }).read('out.pdf');
      const inspected = createPdfInspector().inspect(encrypted);
      expect(inspected).toMatchObject({ ok: false, error: { code: 'PDF_ENCRYPTED' } });
      await expect(signAsLeader(encrypted, signers)).rejects.toMatchObject({
        code: 'SIGNING_PDF_UNREADABLE',
        details: { reason: 'encrypted' },
      });
    }
  });
});

describeWithTool('pdftotext', 'signed letter as read by poppler', (pdftotext) => {
  it('carries number, date, agency name and signing time as text, and the personal signature without text', async () => {
    const { bytes, anchors } = await renderSample();
    const read = (pdf: Uint8Array): string =>
      runTool(pdftotext, ['-layout', 'letter.pdf', '-'], { 'letter.pdf': pdf }).output;
    const plain = read(bytes);
    const personal = read(await signAsLeader(bytes, signers, anchors));
    const whole = read(await signWhole(bytes, signers, anchors)).normalize('NFC');
    expect(personal).toBe(plain);
    expect(whole).toMatch(/Số:\s+3321\/UBND-KSTTHC/);
    expect(whole).toContain(DATE_LINE);
    expect(whole).toContain(AGENCY);
    expect(whole).toContain('06/05/2019 08:30:15 +07:00');
  });

  it('signs the page that the viewer shows when a hidden copy of it lies in the file', async () => {
    // given: an orphan second copy of the page, 100 × 100 points, that no cross-reference names
    const orphan = '3 0 obj\n<</Type /Page /Parent 2 0 R /MediaBox [0 0 100 100]>>\nendobj\n';
    const signed = await signWhole(handMadePdf({ objects: ONE_PAGE, orphan }), signers, ANCHORS);
    // then
    const { output } = runTool('pdfinfo', ['letter.pdf'], { 'letter.pdf': signed });
    expect(output).toMatch(/Page size:\s+595 x 842/);
    expect(pagesOf(openPdf(signed)).map((page) => page.box.width)).toEqual([595]);
  });
});
