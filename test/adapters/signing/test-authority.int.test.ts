// Certificates and PKCS#12 of the test authority, judged by openssl, and opened again by the credential opener.

import { verify } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { readCertificate } from '../../../server/adapters/signing/certificate.ts';
import { createCredentialOpener } from '../../../server/adapters/signing/pkcs12.ts';
import { describeWithTool } from '../../support/tools.ts';
import { AGENCY, LEADER, makeSigners, pemOf, runTool, VALID_FROM } from '../pdf/samples.ts';
import type { Signers } from '../pdf/samples.ts';

let signers: Signers;
beforeAll(async () => {
  signers = await makeSigners();
});

describe('credential opener', () => {
  it('gives certificate, chain nearest first, names and validity', () => {
    const { leader, material } = signers;
    expect(leader.subjectName).toBe(LEADER);
    expect(leader.serialNumber).toMatch(/^[0-9A-F]{32}$/);
    expect(leader.validFrom).toBe(VALID_FROM);
    expect(leader.chain.map((der) => Buffer.compare(der, material.issuingCertificate))).toEqual([
      0,
      expect.any(Number),
    ]);
    expect(Buffer.compare(leader.chain[1] ?? new Uint8Array(0), material.rootCertificate)).toBe(0);
  });

  it('signs with the key that belongs to the certificate', async () => {
    const message = new Uint8Array(Buffer.from('thuộc tính đã ký'));
    const signature = await signers.leader.sign(message);
    const { publicKey } = readCertificate(signers.leader.certificate).x509;
    expect(verify('sha256', message, publicKey, signature)).toBe(true);
  });

  it('answers SIGNING_PIN_WRONG for another PIN', () => {
    const open = createCredentialOpener().open;
    for (const pin of ['', '12345', '1234567']) {
      expect(() => open(signers.leaderPkcs12, pin)).toThrow(
        expect.objectContaining({ code: 'SIGNING_PIN_WRONG', kind: 'rule' }),
      );
    }
  });

  it('answers SIGNING_PKCS12_INVALID for bytes that are no PKCS#12', () => {
    const open = createCredentialOpener().open;
    const broken = [
      new Uint8Array(0),
      new Uint8Array(Buffer.from('không phải tệp khóa')),
      signers.leaderPkcs12.subarray(0, 700),
      signers.leader.certificate,
    ];
    for (const bytes of broken) {
      expect(() => open(bytes, '123456')).toThrow(expect.objectContaining({ code: 'SIGNING_PKCS12_INVALID' }));
    }
  });
});

describeWithTool('openssl', 'certificates under openssl', (openssl) => {
  it('chain to the root under the strict rules', () => {
    const args = 'verify -x509_strict -no_check_time -CAfile root.pem -untrusted issuing.pem leaf.pem'.split(' ');
    const { output } = runTool(openssl, args, {
      'root.pem': pemOf(signers.material.rootCertificate),
      'issuing.pem': pemOf(signers.material.issuingCertificate),
      'leaf.pem': pemOf(signers.leader.certificate),
    });
    expect(output).toContain('leaf.pem: OK');
  });

  it('carry Vietnamese names as UTF-8, the sentence about legal value, and the usages of a signer', () => {
    const args = 'x509 -inform der -in leaf.der -noout -text -nameopt utf8'.split(' ');
    const { output } = runTool(openssl, args, { 'leaf.der': signers.leader.certificate });
    expect(output).toContain(`O=${AGENCY}, title=Chủ tịch, CN=${LEADER}`);
    expect(output).toContain('CN=CA THỬ NGHIỆM Trạm cấp chứng thư – không có giá trị pháp lý');
    expect(output).toMatch(/Key Usage: critical\s+Digital Signature, Non Repudiation/);
    expect(output).toContain('CA:FALSE');
    expect(output).toMatch(/Subject Key Identifier[\s\S]*Authority Key Identifier/);
  });

  it('name the root as an authority of 3072 bits that has no legal value', () => {
    const args = 'x509 -inform der -in root.der -noout -text -nameopt utf8'.split(' ');
    const { output } = runTool(openssl, args, { 'root.der': signers.material.rootCertificate });
    expect(output).toContain('CN=CA THỬ NGHIỆM Trạm – không có giá trị pháp lý');
    expect(output).toContain('Public-Key: (3072 bit)');
    expect(output).toContain('CA:TRUE');
  });

  it('come out of the PKCS#12 file with the PIN', () => {
    const args = 'pkcs12 -in leader.p12 -passin pass:123456 -nodes'.split(' ');
    const { output } = runTool(openssl, args, { 'leader.p12': signers.leaderPkcs12 });
    expect(output.match(/BEGIN CERTIFICATE/g)).toHaveLength(3);
    expect(output).toContain('BEGIN PRIVATE KEY');
  });

  it('are read from a PKCS#12 file that openssl wrote', () => {
    // given: the leader's key and certificate packed again by openssl, with its own algorithms
    const pem = runTool(openssl, 'pkcs12 -in leader.p12 -passin pass:123456 -nodes'.split(' '), {
      'leader.p12': signers.leaderPkcs12,
    }).output;
    for (const option of [[], ['-legacy']]) {
      const args = ['pkcs12', '-export', ...option, '-in', 'all.pem', '-passout', 'pass:ma-pin', '-out', 'out.p12'];
      const packed = runTool(openssl, args, { 'all.pem': new Uint8Array(Buffer.from(pem)) }).read('out.p12');
      const opened = createCredentialOpener().open(packed, 'ma-pin');
      expect(Buffer.compare(opened.certificate, signers.leader.certificate)).toBe(0);
      expect(opened.chain).toHaveLength(2);
    }
  });
});
