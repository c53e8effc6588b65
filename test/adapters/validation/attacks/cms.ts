// Forged files in which the signature itself is wrong, and files made to hurt their reader.

import { generateKeyPairSync } from 'node:crypto';
import {
  childrenOf,
  encode,
  octetString,
  oid,
  readDer,
  sequence,
  setOf,
  TAG,
} from '../../../../server/adapters/signing/der.ts';
import { OID } from '../../../../server/adapters/signing/oids.ts';
import {
  append,
  bodyOf,
  bytesOf,
  certify,
  CLERK,
  digest,
  joined,
  LETTER,
  makeCms,
  makeFile,
  makeToken,
  replaceOnce,
  signLetter,
  textOf,
  valueOf,
} from '../kit.ts';
import { createCorpus, EVIL, gapOf } from './common.ts';

const { cases, add } = createCorpus();

// --- CMS -----------------------------------------------------------------------------------------------------------

const CMS = 'Trò với CMS';
const raw = (value: Uint8Array): Uint8Array => signLetter({ makeContents: () => value });
add(CMS, 'digest của tài liệu khác', () => signLetter({ messageDigest: digest('sha256', bytesOf('other')) }));
add(CMS, 'không có thuộc tính được ký', () => signLetter({ hasAttributes: false }));
add(CMS, 'loại nội dung sai', () => signLetter({ contentType: OID.signedData }));
add(CMS, 'loại nội dung bọc sai', () => signLetter({ encapsulatedType: OID.timestampInfo, contentType: OID.data }));
add(CMS, 'mang theo nội dung riêng', () => signLetter({ content: bytesOf('other') }));
add(CMS, 'mang theo nội dung riêng, digest của nội dung ấy', () =>
  signLetter({ content: bytesOf('Chi 1'), messageDigest: digest('sha256', bytesOf('Chi 1')) }),
);
add(CMS, 'hai người ký', () => signLetter({ signerCount: 2 }));
add(CMS, 'không người ký', () => signLetter({ signerCount: 0 }));
add(CMS, 'không kèm chứng thư', () => signLetter({ hasCertificate: false }));
add(CMS, 'ESS của chứng thư khác', () => signLetter({ ess: 'wrong' }));
add(CMS, 'chữ ký của khóa khác', () => signLetter({ signValue: (message) => valueOf(CLERK.key, 'sha256', message) }));
add(CMS, 'chứng thư của người khác, khóa của kẻ gian', () =>
  signLetter({
    signer: { key: generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey, certificate: CLERK.certificate },
  }),
);
add(CMS, 'hai thuộc tính messageDigest', () =>
  signLetter({ extraAttributes: [sequence(oid(OID.messageDigest), setOf(octetString(new Uint8Array(32))))] }),
);
add(CMS, 'chứng thư kèm theo bị hỏng', () =>
  signLetter({
    makeContents: (parts) => {
      const good = makeCms(parts);
      const text = Buffer.from(good).toString('hex');
      return new Uint8Array(Buffer.from(text, 'hex').map((byte, index) => (index === 60 ? byte ^ 1 : byte)));
    },
  }),
);
add(CMS, 'giá trị chữ ký rỗng', () => signLetter({ signValue: () => new Uint8Array(0) }));
add(CMS, 'giá trị ECDSA (0, 0)', () =>
  signLetter({
    signValue: () => sequence(encode(TAG.integer, Uint8Array.of(0)), encode(TAG.integer, Uint8Array.of(0))),
  }),
);
add(CMS, 'thuật toán RSA với khóa ECDSA', () => signLetter({ algorithm: sequence(oid(OID.sha256WithRsa)) }));
add(CMS, 'bảo vệ thuật toán (RFC 6211) nói khác', () =>
  signLetter({
    extraAttributes: [
      sequence(
        oid('1.2.840.113549.1.9.52'),
        setOf(sequence(sequence(oid(OID.sha1)), encode(0xa1, oid(OID.ecdsaWithSha256)))),
      ),
    ],
  }),
);
add(CMS, 'SHA-1 có giá trị nhưng yếu', () => signLetter({ hash: 'sha1' }));
add(CMS, 'MD5', () =>
  signLetter({ hash: 'md5', signer: certify(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey, 'MD5') }),
);
add(CMS, 'RSA 768 bit', () =>
  signLetter({ signer: certify(generateKeyPairSync('rsa', { modulusLength: 768 }).privateKey, '768') }),
);
add(CMS, 'không phải SignedData', () => raw(sequence(oid(OID.data))));
add(CMS, 'không phải ASN.1', () => raw(bytesOf('hello world, this is not a signature')));
add(CMS, 'lồng nhau quá sâu', () => raw(joined(...Array.from({ length: 1500 }, () => Uint8Array.of(0x30, 0x80)))));
add(CMS, 'cắt cụt', () => signLetter({ contents: (cms) => cms.subarray(0, 20) }));
add(CMS, 'thuộc tính được ký đưa làm nội dung', () => {
  const donor = signLetter();
  const gap = gapOf(textOf(donor));
  const cms = new Uint8Array(Buffer.from(textOf(donor).slice(gap[0] + 11, gap[1] - 1), 'hex'));
  const outer = childrenOf(readDer(cms))[1]?.content ?? new Uint8Array();
  const info = childrenOf(childrenOf(readDer(outer)).at(-1) ?? readDer(outer))[0];
  const attributes = Uint8Array.from((info === undefined ? [] : childrenOf(info))[3]?.bytes ?? []);
  attributes[0] = 0x31;
  return signLetter({ hasAttributes: false, content: attributes });
});
add(CMS, 'dấu thời gian của chữ ký khác', () => signLetter({ tokenOver: () => makeToken(bytesOf('other')) }));
add(CMS, 'dấu thời gian hỏng', () => signLetter({ tokenOver: () => sequence(oid(OID.data)) }));
add(CMS, 'dấu thời gian ký bằng khóa khác', () =>
  signLetter({
    tokenOver: (signature) => makeToken(signature, { signValue: (message) => valueOf(CLERK.key, 'sha256', message) }),
  }),
);
const stampWith = (plan: Parameters<typeof makeToken>[1], over?: Uint8Array): Uint8Array =>
  signLetter({ subFilter: 'ETSI.RFC3161', makeContents: (parts) => makeToken(over ?? joined(...parts), plan) });
add(CMS, 'dấu thời gian tài liệu của tài liệu khác', () => stampWith({}, bytesOf('other')));
add(CMS, 'dấu thời gian tài liệu là chữ ký thường', () => signLetter({ subFilter: 'ETSI.RFC3161' }));
add(CMS, 'dấu thời gian tài liệu sai loại nội dung', () => stampWith({ contentType: OID.data }));
add(CMS, 'chữ ký thường là dấu thời gian', () => signLetter({ makeContents: (parts) => makeToken(joined(...parts)) }));
add(CMS, 'pkcs7.sha1 với digest của tài liệu khác', () =>
  signLetter({ subFilter: 'adbe.pkcs7.sha1', hash: 'sha1', content: digest('sha1', bytesOf('other')) }),
);
add(CMS, 'rsa_sha1 không kèm chứng thư', () =>
  signLetter({ subFilter: 'adbe.x509.rsa_sha1', makeContents: () => octetString(new Uint8Array(256)) }),
);
add(CMS, 'định dạng lạ', () => signLetter({ subFilter: 'Other.Format' }));

// --- structure -----------------------------------------------------------------------------------------------------

const DOS = 'Tệp gây hại cho trình đọc';
add(DOS, '/Prev lặp vòng', () => {
  const signed = signLetter();
  return append(signed, { 4: EVIL }, { trailer: `/Prev ${signed.length}` });
});
add(DOS, 'cây trang lặp vòng', () => append(signLetter(), { 2: '<</Type /Pages /Kids [2 0 R] /Count 1>>' }));
add(DOS, 'trường biểu mẫu lặp vòng', () =>
  append(signLetter(), { 10: replaceOnce(bodyOf(signLetter(), 10), '/FT', '/Kids [10 0 R] /FT') }),
);
add(DOS, 'tham chiếu tới chính mình', () => append(signLetter(), { 4: '4 0 R' }));
add(DOS, 'sâu 10.000 tầng', () =>
  append(signLetter(), {
    1: replaceOnce(bodyOf(signLetter(), 1), '/Pages', `/X ${'['.repeat(10_000)}${']'.repeat(10_000)} /Pages`),
  }),
);
add(DOS, '/Root bị bỏ', () => append(signLetter(), { 4: EVIL }, { trailer: '/Root null' }));
add(DOS, 'tệp rỗng', () => new Uint8Array(0));
add(DOS, 'không có chữ ký', () => makeFile(LETTER));
add(DOS, 'tệp bị cắt giữa chữ ký', () => signLetter().subarray(0, 3000));

export const CMS_ATTACKS = cases;
