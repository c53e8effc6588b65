// Everything that can be wrong with what a signer is given, each with its code and its Vietnamese sentence. The table
// docs/signing-bad-input.md is made from these very cases: it shows what happened, not what was meant to happen.
// `npx vitest run test/adapters/signing/bad-input.int.test.ts -u` writes it anew.

import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkSignedFile } from '../../../server/adapters/pdf/signed-file.ts';
import { embedSignature, prepareSignature } from '../../../server/adapters/pdf/two-step.ts';
import { createTokenProvider, toTokenError } from '../../../server/adapters/signing/pkcs11.ts';
import { orRefuse, signingError } from '../../../server/modules/signing/errors.ts';
import { checkPinLock, findLateness, latenessCode } from '../../../server/modules/signing/session-rules.ts';
import { extendToLt } from '../../../server/adapters/signing/long-term.ts';
import { createCredentialOpener } from '../../../server/adapters/signing/pkcs12.ts';
import { assertSignerAllowed } from '../../../server/adapters/signing/signer-check.ts';
import { startTestServices } from '../../../server/adapters/signing/test-authority-services.ts';
import type { TestServices } from '../../../server/adapters/signing/test-authority-services.ts';
import { ERROR_TEXTS } from '../../../server/cli/texts.ts';
import vi from '../../../server/api/error-texts/vi.json' with { type: 'json' };
import { AppError } from '../../../server/shared/app-error.ts';
import { instantOf } from '../../../server/shared/time.ts';
import { requireTool } from '../../support/tools.ts';
import { at, foreignPdf, handMadePdf, ONE_PAGE, runTool } from '../pdf/samples.ts';
import {
  issuePerson,
  longTerm,
  LOOPBACK,
  NOW,
  PIN,
  signWith,
  startServices,
  timestampsOf,
  VALIDITY,
} from './authority.ts';
import type { Person } from './authority.ts';

interface BadInput {
  readonly what: string;
  readonly attempt: () => Promise<unknown>;
  /** Refused with this code; `accepted` when the input looks bad but is sound. */
  readonly expected: string;
}

let services: TestServices;
let foreign: TestServices;
let ec: Person;
let rsa: Person;
let revoked: Person;
let stranger: Person;
let pdf: Uint8Array;

beforeAll(async () => {
  services = await startServices('EC-P256');
  foreign = await startTestServices({ port: 0, validFrom: VALIDITY.from, now: () => NOW, keyKind: 'EC-P256' });
  ec = await issuePerson(services, 'Trần Văn Đức', 'EC-P256');
  rsa = await issuePerson(services, 'Phạm Thị Mẫu', 'RSA-2048');
  revoked = await issuePerson(services, 'Lê Thị Thu Hồi', 'EC-P256');
  services.revoke(revoked.credential.serialNumber, new Date('2019-03-01T00:00:00Z'));
  stranger = await issuePerson(foreign, 'Người Lạ', 'EC-P256');
  pdf = await foreignPdf(false);
});
afterAll(async () => {
  await services.close();
  await foreign.close();
});

const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));
const sign = (file: Uint8Array): Promise<Uint8Array> => signWith(file, ec.credential, { fieldName: 'Ky-1' });
const withTimestamp = (behaviour: string): Promise<Uint8Array> =>
  signWith(pdf, ec.credential, { fieldName: 'Ky-1', timestamp: timestampsOf(services, behaviour) });
const check = (person: Person, time = instantOf(NOW)): Promise<void> =>
  assertSignerAllowed(
    { ...person.credential, expectedName: null, at: time },
    { trust: [services.rootCertificate], known: { certificates: [], crls: [], ocsps: [] }, guard: LOOPBACK },
  );

function prepared(person: Person, reservedBytes = 16_384) {
  const { certificate, chain } = person.credential;
  const text = { reason: '', location: '' };
  const common = { pdf, certificate, chain, fieldName: 'Ky-1', appearance: null, signedAt: instantOf(NOW) };
  return prepareSignature({ ...common, ...text, reservedBytes });
}

async function embed(change: (source: Uint8Array) => Uint8Array): Promise<Uint8Array> {
  const first = prepared(ec);
  return embedSignature(first, { source: change(pdf), signature: await ec.credential.sign(first.signedAttributes) });
}

async function embedOther(signer: Person): Promise<Uint8Array> {
  const first = prepared(ec);
  return embedSignature(first, { source: pdf, signature: await signer.credential.sign(first.signedAttributes) });
}

async function embedIntoLittle(): Promise<Uint8Array> {
  const first = prepared(ec, 512);
  return embedSignature(first, { source: pdf, signature: await ec.credential.sign(first.signedAttributes) });
}

function flipped(source: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(source);
  copy[200] = (copy[200] ?? 0) ^ 1;
  return copy;
}

const open = async (bytes: Uint8Array, pin: string): Promise<unknown> => createCredentialOpener().open(bytes, pin);
const encrypt = (password: string): Uint8Array =>
  runTool(requireTool('qpdf') ?? 'qpdf', ['--encrypt', password, 'chu', '256', '--', 'a.pdf', 'out.pdf'], {
    'a.pdf': pdf,
  }).read('out.pdf');

const CASES: readonly BadInput[] = [
  { what: 'Tệp rỗng', attempt: () => sign(new Uint8Array(0)), expected: 'SIGNING_PDF_UNREADABLE' },
  {
    what: 'Không phải PDF',
    attempt: () => sign(bytesOf('Kính gửi: các sở, ban, ngành')),
    expected: 'SIGNING_PDF_UNREADABLE',
  },
  { what: 'PDF bị cắt cụt', attempt: () => sign(pdf.subarray(0, pdf.length - 60)), expected: 'SIGNING_PDF_UNREADABLE' },
  { what: 'PDF khóa bằng mật khẩu mở', attempt: async () => sign(encrypt('mo')), expected: 'SIGNING_PDF_UNREADABLE' },
  { what: 'PDF khóa bằng mật khẩu chủ', attempt: async () => sign(encrypt('')), expected: 'SIGNING_PDF_UNREADABLE' },
  {
    what: 'Bảng tham chiếu (xref) hỏng',
    attempt: () => sign(handMadePdf({ objects: ONE_PAGE, xref: () => 'xref\n0 2\n0000000000 65535 f \nhỏng\n' })),
    expected: 'SIGNING_PDF_UNREADABLE',
  },
  {
    what: 'startxref trỏ sai chỗ',
    attempt: () => sign(handMadePdf({ objects: ONE_PAGE, startXref: () => 7 })),
    expected: 'SIGNING_PDF_UNREADABLE',
  },
  {
    what: '/Prev 0',
    attempt: () => sign(handMadePdf({ objects: ONE_PAGE, trailer: '/Prev 0' })),
    expected: 'accepted',
  },
  {
    what: '/Prev lặp vòng',
    attempt: () => sign(handMadePdf({ objects: ONE_PAGE, trailer: '/Prev 9' })),
    expected: 'SIGNING_PDF_UNREADABLE',
  },
  {
    what: 'Byte thừa sau %%EOF',
    attempt: () => sign(new Uint8Array(Buffer.concat([pdf, Buffer.from('\r\n\0\0\0 thừa')]))),
    expected: 'accepted',
  },
  {
    what: 'Trường chữ ký đã dùng',
    attempt: async () => sign(await sign(pdf)),
    expected: 'SIGNING_FIELD_EXISTS',
  },
  {
    what: 'Trang không có',
    attempt: () =>
      signWith(pdf, ec.credential, {
        fieldName: 'Ky-1',
        appearance: { role: 'agency', rect: { page: 9, x: 0, y: 0, width: 9, height: 9 }, displayName: 'Sở' },
      }),
    expected: 'SIGNING_PAGE_MISSING',
  },
  { what: 'PIN của PKCS#12 sai', attempt: () => open(ec.pkcs12, 'sai'), expected: 'SIGNING_PIN_WRONG' },
  { what: 'PIN của PKCS#12 rỗng', attempt: () => open(ec.pkcs12, ''), expected: 'SIGNING_PIN_WRONG' },
  { what: 'Không phải PKCS#12', attempt: () => open(bytesOf('khóa'), PIN), expected: 'SIGNING_PKCS12_INVALID' },
  {
    what: 'PKCS#12 bị cắt cụt',
    attempt: () => open(ec.pkcs12.subarray(0, 900), PIN),
    expected: 'SIGNING_PKCS12_INVALID',
  },
  {
    what: 'Chứng thư không đọc được',
    attempt: async () => prepareSignature({ ...inputOf(ec), certificate: bytesOf('x') }),
    expected: 'SIGNING_CERTIFICATE_INVALID',
  },
  {
    what: 'Chứng thư hết hạn',
    attempt: () => check(ec, at('2031-01-01T00:00:00+07:00')),
    expected: 'SIGNING_CERTIFICATE_EXPIRED',
  },
  { what: 'Chứng thư bị thu hồi', attempt: () => check(revoked), expected: 'SIGNING_CERTIFICATE_REVOKED' },
  { what: 'Chứng thư của tổ chức lạ', attempt: () => check(stranger), expected: 'SIGNING_CERTIFICATE_UNTRUSTED' },
  { what: 'Khóa không khớp chứng thư', attempt: () => embedOther(rsa), expected: 'SIGNING_SIGNATURE_MISMATCH' },
  {
    what: 'Chứng thư của người khác',
    attempt: () => assertSignerAllowed({ ...ec.credential, expectedName: 'Người Khác', at: instantOf(NOW) }, null),
    expected: 'SIGNING_CERTIFICATE_OWNER',
  },
  {
    what: 'PIN của thiết bị ký sai, còn vài lần thử',
    attempt: () => fromToken('CKR_PIN_INCORRECT:160', 0x10000),
    expected: 'SIGNING_PIN_WRONG',
  },
  {
    what: 'PIN của thiết bị ký sai, còn một lần thử',
    attempt: () => fromToken('CKR_PIN_INCORRECT:160', 0x20000),
    expected: 'SIGNING_PIN_WRONG',
  },
  {
    what: 'PIN của thiết bị ký đã bị khóa',
    attempt: () => fromToken('CKR_PIN_LOCKED:164', 0x40000),
    expected: 'SIGNING_PIN_LOCKED',
  },
  {
    what: 'Sai PIN của khóa trên máy chủ quá số lần',
    attempt: async () => orRefuse(checkPinLock(at('2031-01-01T00:00:00+07:00'), instantOf(NOW))),
    expected: 'SIGNING_PIN_LOCKED',
  },
  {
    what: 'Thiết bị ký bị rút ra',
    attempt: () => fromToken('CKR_DEVICE_REMOVED:50', 0),
    expected: 'SIGNING_TOKEN_ABSENT',
  },
  { what: 'Thiết bị ký báo lỗi', attempt: () => fromToken('CKR_DEVICE_ERROR:48', 0), expected: 'SIGNING_TOKEN_FAILED' },
  {
    what: 'Không có thư viện PKCS#11',
    attempt: () => createTokenProvider({ modulePath: '/khong/co.so' }).listCertificates(),
    expected: 'SIGNING_TOKEN_ABSENT',
  },
  {
    what: 'Kết quả đến sau khi phiên ký hết hạn',
    attempt: () => toSession({ status: 'open', expiresAt: instantOf(NOW) }),
    expected: 'SIGNING_SESSION_EXPIRED',
  },
  {
    what: 'Kết quả thứ hai của một phiên ký',
    attempt: () => toSession({ status: 'completed', expiresAt: LATER }),
    expected: 'SIGNING_SESSION_USED',
  },
  {
    what: 'Kết quả của phiên ký đã hủy',
    attempt: () => toSession({ status: 'cancelled', expiresAt: LATER }),
    expected: 'SIGNING_SESSION_CANCELLED',
  },
  {
    what: 'Tệp từ phần mềm ký không bắt đầu bằng tệp đã giao',
    attempt: async () => fromService(flipped(await sign(pdf))),
    expected: 'SIGNING_FILE_NOT_EXTENDED',
  },
  {
    what: 'Tệp từ phần mềm ký có hai chữ ký mới',
    attempt: async () => fromService(await signWith(await sign(pdf), ec.credential, { fieldName: 'Ky-2' })),
    expected: 'SIGNING_FILE_UNEXPECTED',
  },
  {
    what: 'Tệp từ phần mềm ký mang chứng thư khác',
    attempt: async () => fromService(await signWith(pdf, rsa.credential, { fieldName: 'Ky-1' })),
    expected: 'SIGNING_FILE_SIGNER',
  },
  { what: 'Chỗ dành cho chữ ký quá nhỏ', attempt: embedIntoLittle, expected: 'SIGNING_RESERVE_TOO_SMALL' },
  { what: 'Tài liệu đổi giữa hai bước', attempt: () => embed(flipped), expected: 'SIGNING_SOURCE_CHANGED' },
  {
    what: 'Máy chủ dấu thời gian im lặng',
    attempt: () => withTimestamp('silent'),
    expected: 'SIGNING_TSA_UNREACHABLE',
  },
  { what: 'Máy chủ dấu thời gian từ chối', attempt: () => withTimestamp('refuses'), expected: 'SIGNING_TSA_REFUSED' },
  {
    what: 'Dấu thời gian của tài liệu khác',
    attempt: () => withTimestamp('other-imprint'),
    expected: 'SIGNING_TSA_INVALID',
  },
  {
    what: 'Dấu thời gian trả lời yêu cầu khác',
    attempt: () => withTimestamp('other-nonce'),
    expected: 'SIGNING_TSA_INVALID',
  },
  {
    what: 'Dấu thời gian do chứng thư khác mục đích ký',
    attempt: () => withTimestamp('no-purpose'),
    expected: 'SIGNING_TSA_INVALID',
  },
  {
    what: 'Dấu thời gian ngoài hạn chứng thư',
    attempt: () => withTimestamp('outside-validity'),
    expected: 'SIGNING_TSA_INVALID',
  },
  { what: 'Chữ ký của dấu thời gian hỏng', attempt: () => withTimestamp('broken'), expected: 'SIGNING_TSA_INVALID' },
  {
    what: 'Câu trả lời không phải dấu thời gian',
    attempt: () => withTimestamp('garbage'),
    expected: 'SIGNING_TSA_INVALID',
  },
  { what: 'Nâng mức tệp chưa ký', attempt: () => extendToLt(pdf, longTerm(services)), expected: 'SIGNING_NOT_SIGNED' },
  {
    what: 'Nâng mức tệp có chữ ký hỏng',
    attempt: async () => extendToLt(flipped(await withTimestamp('')), longTerm(services)),
    expected: 'SIGNING_SIGNATURE_BROKEN',
  },
  {
    what: 'Nâng mức chữ ký không có dấu thời gian',
    attempt: async () => extendToLt(await sign(pdf), longTerm(services)),
    expected: 'SIGNING_TIMESTAMP_MISSING',
  },
  {
    what: 'Không hỏi được dữ liệu thu hồi',
    attempt: async () => extendToLt(await withTimestamp(''), { ...longTerm(services), guard: null }),
    expected: 'SIGNING_REVOCATION_UNKNOWN',
  },
];

const LATER = at('2031-01-01T00:00:00+07:00');
const fromToken = (message: string, flags: number): Promise<never> =>
  Promise.reject(toTokenError(new Error(message), flags));
const fromService = async (output: Uint8Array): Promise<void> =>
  checkSignedFile({ source: pdf, output, fieldName: 'Ky-1', certificate: ec.credential.certificate });

/** An answer to a session in this state. */
async function toSession(session: Parameters<typeof findLateness>[0]): Promise<void> {
  const reason = findLateness(session, instantOf(NOW));
  if (reason !== null) throw signingError({ code: latenessCode(reason), message: reason });
}

function inputOf(person: Person) {
  const { certificate, chain } = person.credential;
  return {
    pdf,
    certificate,
    chain,
    fieldName: 'Ky-1',
    appearance: null,
    signedAt: instantOf(NOW),
    reason: '',
    location: '',
  };
}

/** What the command line says, and for what only the server meets, what the server says. */
const SENTENCES: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries(vi).map(([code, { message }]) => [code, message])),
  ...ERROR_TEXTS,
};

const outcomes = new Map<string, string>();

describe('bad input of the signer', () => {
  it.each(CASES)(
    'answers $what with $expected and leaves the document as it was',
    async ({ what, attempt, expected }) => {
      const before = createHash('sha256').update(pdf).digest('hex');
      let outcome = 'accepted';
      try {
        await attempt();
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        outcome = error.code;
      }
      outcomes.set(what, outcome);
      expect(outcome).toBe(expected);
      expect(createHash('sha256').update(pdf).digest('hex')).toBe(before);
      if (outcome !== 'accepted') expect(SENTENCES[outcome], `a sentence for ${outcome}`).toMatch(/\.$/);
    },
  );

  it('is listed in docs/signing-bad-input.md with what happened', async () => {
    const rows = CASES.map(({ what }) => {
      const outcome = outcomes.get(what) ?? 'not run';
      const isAccepted = outcome === 'accepted';
      return `| ${what} | ${isAccepted ? 'ký được' : `\`${outcome}\``} | ${isAccepted ? 'Tệp đọc được theo đúng cách trình xem hiển thị.' : (SENTENCES[outcome] ?? '')} |`;
    });
    const text = [
      '# Bad input of the signer',
      '',
      '<!-- Made by test/adapters/signing/bad-input.int.test.ts from what really happened. Do not edit; run',
      '     `npx vitest run test/adapters/signing/bad-input.int.test.ts -u` after a change. -->',
      '',
      'In every case the stored document stays byte for byte what it was. The sentence is what people read.',
      '',
      '| input | answer | sentence |',
      '| --- | --- | --- |',
      ...rows,
      '',
    ].join('\n');
    await expect(text).toMatchFileSnapshot('../../../docs/signing-bad-input.md');
  });
});
