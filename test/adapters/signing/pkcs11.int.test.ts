// Keys in a token behind PKCS#11, with SoftHSM2 as the token: the key never leaves it, and what it says about its PIN
// reaches people as a code.

import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { embedSignature, prepareSignature } from '../../../server/adapters/pdf/two-step.ts';
import { buildCertificate, encodeName } from '../../../server/adapters/signing/certificate-builder.ts';
import { readCertificate } from '../../../server/adapters/signing/certificate.ts';
import { createTokenProvider, pinStateOf, toTokenError } from '../../../server/adapters/signing/pkcs11.ts';
import { createSignatureReader } from '../../../server/adapters/signing/signature-reader.ts';
import { createTestAuthority, newSerial } from '../../../server/adapters/signing/test-authority.ts';
import type { ServerHashProvider, SignatureScheme } from '../../../server/modules/signing/ports.ts';
import { AppError } from '../../../server/shared/app-error.ts';
import { toInstant } from '../../support/clock.ts';
import { createSoftToken, findTokenModule, type SoftToken, TOKEN_PIN } from '../../support/soft-token.ts';
import { describeWithTool } from '../../support/tools.ts';
import { foreignPdf } from '../pdf/samples.ts';

const SIGNED_AT = toInstant('2019-05-06T08:00:00+07:00');
const PKCS1: SignatureScheme = { algorithm: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };

describeWithTool('softhsm2-util', 'a key in a token', () => {
  let token: SoftToken;
  let provider: ServerHashProvider;
  let root: Uint8Array;

  beforeAll(async () => {
    const material = await createTestAuthority().create(toInstant('2018-01-01T00:00:00+07:00'));
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const certificate = buildCertificate({
      issuer: readCertificate(material.issuingCertificate).subject,
      issuerKey: createPrivateKey({ key: Buffer.from(material.issuingKey), format: 'der', type: 'pkcs8' }),
      subject: encodeName({ commonName: 'Phạm Thị Mẫu', organization: 'UBND tỉnh Đắk Lắk', title: 'Chủ tịch' }),
      subjectKey: privateKey,
      serial: newSerial(),
      notBefore: new Date('2018-01-02T00:00:00Z'),
      notAfter: new Date('2030-01-01T00:00:00Z'),
      role: 'end',
    });
    root = material.rootCertificate;
    token = createSoftToken(findTokenModule(), {
      privateKey: new Uint8Array(privateKey.export({ type: 'pkcs8', format: 'der' })),
      certificates: [certificate, material.issuingCertificate],
    });
    provider = createTokenProvider(token);
  });
  afterAll(() => token.remove());

  const prepared = async (scheme: SignatureScheme) => {
    const [first] = await provider.listCertificates();
    if (first === undefined) throw new Error('The token holds a certificate');
    const pdf = await foreignPdf(false);
    const ready = prepareSignature({
      ...first,
      pdf,
      scheme,
      fieldName: 'KyDuyet-1',
      appearance: null,
      signedAt: SIGNED_AT,
      reason: '',
      location: '',
    });
    return { pdf, ready };
  };
  const signWithPin = (pin: string, ready: Awaited<ReturnType<typeof prepared>>['ready']): Promise<Uint8Array> =>
    provider.sign({ certificate: ready.certificate, scheme: ready.scheme, message: ready.signedAttributes, pin });

  it('is found by its certificate, with the authorities that lie beside it', async () => {
    const all = await provider.listCertificates();
    expect(all).toHaveLength(1);
    expect(readCertificate(all[0]?.certificate ?? new Uint8Array(0)).commonName).toBe('Phạm Thị Mẫu');
    expect(all[0]?.chain).toHaveLength(1);
  });

  it.each<SignatureScheme>([PKCS1, { algorithm: 'RSASSA-PSS', hash: 'SHA-256' }, { ...PKCS1, hash: 'SHA-512' }])(
    'signs a document in two steps with %j',
    async (scheme) => {
      const { pdf, ready } = await prepared(scheme);
      const signed = await embedSignature(ready, { source: pdf, signature: await signWithPin(TOKEN_PIN, ready) });
      expect(createSignatureReader().read(signed, [root])).toMatchObject([
        { isIntact: true, isTrusted: true, signerName: 'Phạm Thị Mẫu', scheme },
      ]);
    },
  );

  it('refuses a wrong PIN with a code, and takes the right one afterwards', async () => {
    const { ready } = await prepared(PKCS1);
    await expect(signWithPin('000000', ready)).rejects.toMatchObject({
      code: 'SIGNING_PIN_WRONG',
      details: { isLastTry: false },
    });
    expect((await signWithPin(TOKEN_PIN, ready)).length).toBe(256);
  });

  it('answers requests one after the other, however many come at once', async () => {
    const { ready } = await prepared(PKCS1);
    const pins = [TOKEN_PIN, '111111', TOKEN_PIN, TOKEN_PIN];
    const outcomes = await Promise.allSettled(pins.map((pin) => signWithPin(pin, ready)));
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
  });

  it('is absent when the token, the module or the certificate is not there', async () => {
    const { ready } = await prepared(PKCS1);
    const other = createTokenProvider({ modulePath: token.modulePath, tokenLabel: 'khac' });
    await expect(other.listCertificates()).rejects.toMatchObject({ code: 'SIGNING_TOKEN_ABSENT' });
    const nowhere = createTokenProvider({ modulePath: '/khong/co.so' });
    await expect(nowhere.listCertificates()).rejects.toMatchObject({ code: 'SIGNING_TOKEN_ABSENT' });
    const request = { certificate: root, scheme: PKCS1, message: ready.signedAttributes, pin: TOKEN_PIN };
    await expect(provider.sign(request)).rejects.toMatchObject({ code: 'SIGNING_TOKEN_ABSENT' });
  });
});

describe('what a token says', () => {
  // SoftHSM2 never locks a PIN; hardware does, and says so in these flags and return values.
  it.each([
    [0, 'fresh'],
    [0x10000, 'few-tries'],
    [0x30000, 'last-try'],
    [0x40000, 'locked'],
  ] as const)('flags %i mean that the PIN is %s', (flags, state) => {
    expect(pinStateOf(flags)).toBe(state);
  });

  it.each([
    ['CKR_PIN_INCORRECT:160', 0x20000, 'SIGNING_PIN_WRONG', { isLastTry: true }],
    ['CKR_PIN_INCORRECT:160', 0x40000, 'SIGNING_PIN_LOCKED', {}],
    ['CKR_PIN_LOCKED:164', 0, 'SIGNING_PIN_LOCKED', {}],
    ['CKR_DEVICE_REMOVED:50', 0, 'SIGNING_TOKEN_ABSENT', {}],
    ['CKR_DEVICE_ERROR:48', 0, 'SIGNING_TOKEN_FAILED', { returnValue: 'CKR_DEVICE_ERROR' }],
  ])('%s with flags %i becomes %s', (message, flags, code, details) => {
    expect(toTokenError(new Error(message), flags)).toMatchObject({ code, details });
  });

  it('leaves errors of our own as they are', () => {
    const own = new AppError('rule', 'SIGNING_TOKEN_ABSENT', 'x');
    expect(toTokenError(own, 0)).toBe(own);
  });
});
