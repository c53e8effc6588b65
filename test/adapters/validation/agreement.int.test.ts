// On the cryptographic part – digest and signature value – pdfsig and openssl say what we say. On later changes pdfsig says
// nothing: that it calls forged files valid is shown here too, so that nobody takes it for a judge of changes.

import { expect, it } from 'vitest';
import { openPdf } from '../../../server/adapters/pdf/core/file.ts';
import { readDer } from '../../../server/adapters/signing/der.ts';
import { findSignatures } from '../../../server/adapters/signing/validation/signature-fields.ts';
import { validateFile } from '../../../server/adapters/signing/validation/validate-file.ts';
import { describeWithTool } from '../../support/tools.ts';
import { runTool } from '../pdf/samples.ts';
import { ATTACKS } from './attacks/index.ts';
import { signLetter, valueOf, CLERK } from './kit.ts';
import { SOUND_FILES } from './sound-files.ts';

const OPTIONS = { mode: 'integrity', trust: [], guard: null, at: null, now: new Date('2026-01-01T00:00:00Z') } as const;
const NAMES = [
  'PAdES, ECDSA P-256',
  'PAdES, RSA 2048',
  'PAdES, P-384 với SHA-384',
  'PKCS#7 tách rời, không có ESS',
  'ESS phiên bản 1',
  'người ký theo mã khóa (SKI)',
  'CMS viết theo BER',
] as const;
const fileOf = (name: string): Uint8Array => {
  const found = SOUND_FILES.find((item) => item.name === name);
  if (found === undefined) throw new Error(`Expected the sound file '${name}'`);
  return found.make();
};

function opensslAccepts(openssl: string, pdf: Uint8Array): boolean {
  const coverage = findSignatures(openPdf(pdf))[0]?.coverage;
  if (coverage === null || coverage === undefined) throw new Error('Expected a byte range');
  const args = 'cms -verify -noverify -binary -inform der -in cms.der -content signed.bin -out out.bin';
  try {
    runTool(openssl, args.split(' '), {
      'cms.der': readDer(coverage.contents).bytes,
      'signed.bin': new Uint8Array(Buffer.concat([coverage.before, coverage.after])),
    });
    return true;
  } catch {
    // openssl ends with a status when it refuses.
    return false;
  }
}

describeWithTool('openssl', 'openssl cms -verify', (openssl) => {
  it.each(NAMES)('agrees that this signature holds: %s', (name) => {
    expect(opensslAccepts(openssl, fileOf(name))).toBe(true);
  });

  it('agrees that a value of another key and a digest of another document do not hold', () => {
    const wrongKey = signLetter({ signValue: (message) => valueOf(CLERK.key, 'sha256', message) });
    expect(opensslAccepts(openssl, wrongKey)).toBe(false);
    expect(opensslAccepts(openssl, signLetter({ messageDigest: new Uint8Array(32) }))).toBe(false);
  });
});

const pdfsigAccepts = (pdfsig: string, pdf: Uint8Array): boolean =>
  runTool(pdfsig, ['f.pdf'], { 'f.pdf': pdf }).output.includes('Signature is Valid.');

// NSS behind pdfsig reads neither BER nor subject-key identifiers; openssl, above, reads both.
describeWithTool('pdfsig', 'pdfsig', (pdfsig) => {
  it.each(NAMES.filter((name) => !/BER|SKI/.test(name)))('agrees on digest and value: %s', (name) => {
    expect(pdfsigAccepts(pdfsig, fileOf(name))).toBe(true);
  });

  it('calls changed content valid that we refuse, because it does not compare revisions', async () => {
    const forged = ATTACKS.find(({ name }) => name === 'nội dung trang mới')?.make() ?? new Uint8Array(0);
    expect(pdfsigAccepts(pdfsig, forged)).toBe(true);
    const { report } = await validateFile(forged, OPTIONS);
    expect(report.signatures.map(({ verdict, reasons }) => [verdict, reasons[0]?.code])).toEqual([
      ['invalid', 'CHANGED_AFTER_SIGNING'],
    ]);
  });
});
