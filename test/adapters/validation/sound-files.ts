// Files that must not be refused: the ways in which other products write signatures, and the things that may happen to a
// file after signing. Each comes with the verdict that is fair: weak is not wrong, and a comment wants a look.

import { generateKeyPairSync } from 'node:crypto';
import { derNull, encode, octetString, oid, sequence } from '../../../server/adapters/signing/der.ts';
import { OID } from '../../../server/adapters/signing/oids.ts';
import type { Verdict } from '../../../server/adapters/signing/validation/report.ts';
import type { Case } from './attacks/common.ts';
import {
  append,
  bodyOf,
  bytesOf,
  certify,
  CLERK,
  digest,
  DOC_MDP,
  FIELD_MDP,
  joined,
  LETTER,
  makeFile,
  makeToken,
  replaceOnce,
  seal,
  signAgain,
  signatureObjects,
  signFile,
  signLetter,
  streamBody,
  valueOf,
} from './kit.ts';
import type { SignPlan } from './kit.ts';

export interface SoundCase extends Case {
  readonly verdict: Verdict;
}

const cases: SoundCase[] = [];
const add = (group: string, name: string, make: () => Uint8Array, verdict: Verdict = 'valid'): void => {
  cases.push({ group, name, make, verdict });
};
const PAGE = '/Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources <</Font <</F1 5 0 R>>>>';

// --- formats and algorithms ----------------------------------------------------------------------------------------

const FORMAT = 'Định dạng và thuật toán';
const rsa = certify(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey, 'RSA 2048');
add(FORMAT, 'PAdES, ECDSA P-256', () => signLetter());
add(FORMAT, 'PAdES, RSA 2048', () => signLetter({ signer: rsa }));
add(FORMAT, 'PAdES, RSA với tên thuật toán đầy đủ', () =>
  signLetter({ signer: rsa, algorithm: sequence(oid(OID.sha256WithRsa), derNull()) }),
);
add(FORMAT, 'PAdES, P-384 với SHA-384', () =>
  signLetter({
    hash: 'sha384',
    signer: certify(generateKeyPairSync('ec', { namedCurve: 'secp384r1' }).privateKey, 'P-384'),
  }),
);
add(FORMAT, 'PAdES, P-521 với SHA-512', () =>
  signLetter({
    hash: 'sha512',
    signer: certify(generateKeyPairSync('ec', { namedCurve: 'secp521r1' }).privateKey, 'P-521'),
  }),
);
add(FORMAT, 'PAdES, brainpoolP256r1', () =>
  signLetter({ signer: certify(generateKeyPairSync('ec', { namedCurve: 'brainpoolP256r1' }).privateKey, 'brainpool') }),
);
add(FORMAT, 'PAdES, Ed25519 với SHA-512', () =>
  signLetter({ hash: 'sha512', signer: certify(generateKeyPairSync('ed25519').privateKey, 'Ed25519') }),
);
add(FORMAT, 'PKCS#7 tách rời, không có ESS', () => signLetter({ subFilter: 'adbe.pkcs7.detached', ess: 'none' }));
add(FORMAT, 'PKCS#7 tách rời, có ESS', () => signLetter({ subFilter: 'adbe.pkcs7.detached' }));
add(FORMAT, 'CAdES không có ESS', () => signLetter({ ess: 'none' }), 'reservations');
add(FORMAT, 'ESS phiên bản 1', () => signLetter({ ess: 'v1' }));
add(FORMAT, 'người ký theo mã khóa (SKI)', () => signLetter({ signerId: 'ski' }));
add(FORMAT, 'thuộc tính không xếp thứ tự', () => signLetter({ isSorted: false }));
add(FORMAT, 'CMS viết theo BER', () => signLetter({ isBer: true }));
add(FORMAT, 'thuộc tính lạ được ký kèm', () =>
  signLetter({
    extraAttributes: [
      sequence(oid('1.3.6.1.4.1.55555.9'), encode(0x31, octetString(bytesOf('x')), octetString(bytesOf('y')))),
    ],
  }),
);
add(FORMAT, 'bảo vệ thuật toán (RFC 6211)', () =>
  signLetter({
    extraAttributes: [
      sequence(
        oid('1.2.840.113549.1.9.52'),
        encode(0x31, sequence(sequence(oid(OID.sha256)), encode(0xa1, oid(OID.ecdsaWithSha256)))),
      ),
    ],
  }),
);
add(FORMAT, 'SHA-1', () => signLetter({ hash: 'sha1', subFilter: 'adbe.pkcs7.detached', ess: 'none' }), 'reservations');
add(
  FORMAT,
  'RSA 1024',
  () => signLetter({ signer: certify(generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey, '1024') }),
  'reservations',
);
const sha1Content = (pdf: (plan: SignPlan) => Uint8Array): Uint8Array => {
  let content = new Uint8Array(0);
  pdf({
    subFilter: 'adbe.pkcs7.sha1',
    makeContents: (parts) => {
      content = Uint8Array.from(digest('sha1', ...parts));
      return new Uint8Array(1);
    },
  });
  return pdf({ subFilter: 'adbe.pkcs7.sha1', content, ess: 'none' });
};
add(FORMAT, 'adbe.pkcs7.sha1', () => sha1Content(signLetter), 'reservations');
add(
  FORMAT,
  'adbe.x509.rsa_sha1',
  () =>
    signLetter({
      subFilter: 'adbe.x509.rsa_sha1',
      entries: `/Cert <${Buffer.from(rsa.certificate).toString('hex')}>`,
      makeContents: (parts) => octetString(valueOf(rsa.key, 'sha1', joined(...parts))),
    }),
  'reservations',
);
add(FORMAT, 'có dấu thời gian', () => signLetter({ tokenOver: (signature) => makeToken(signature) }));
add(FORMAT, 'dấu thời gian viết theo BER, SKI, ESS 1', () =>
  signLetter({ tokenOver: (signature) => makeToken(signature, { isBer: true, signerId: 'ski', ess: 'v1' }) }),
);
add(FORMAT, 'dấu thời gian tài liệu', () =>
  signLetter({ subFilter: 'ETSI.RFC3161', makeContents: (parts) => makeToken(joined(...parts)) }),
);

// --- structure of the file -----------------------------------------------------------------------------------------

const STRUCTURE = 'Cấu trúc tệp';
add(STRUCTURE, '/Prev 0', () => signFile(makeFile(LETTER, { trailer: '/Prev 0' })));
add(STRUCTURE, '/Encrypt null', () => signFile(makeFile(LETTER, { trailer: '/Encrypt null' })));
const JUNK = 'junk before the header\n';
add(STRUCTURE, 'dữ liệu trước phần đầu', () => signFile(makeFile(LETTER, { before: JUNK }), { shift: JUNK.length }));
add(STRUCTURE, 'xuống dòng sau %%EOF', () => joined(signLetter(), bytesOf('\r\n\r\n')));
add(STRUCTURE, 'byte không ở cuối tệp', () => joined(signLetter(), new Uint8Array(300)));
add(STRUCTURE, '%%EOF lặp lại ở cuối', () => joined(signLetter(), bytesOf('%%EOF\n')));
add(STRUCTURE, 'ghi chú ngắn ở cuối', () => joined(signLetter(), bytesOf('sent by mail gateway 7')), 'reservations');
add(STRUCTURE, 'bản nháp nhiều lần lưu trước khi ký', () =>
  signFile(append(append(makeFile(LETTER), { 4: streamBody('q Q') }), { 4: LETTER[4] ?? '' })),
);
add(STRUCTURE, 'đối tượng bị bỏ và dùng lại trước khi ký', () =>
  signFile(append(append(makeFile(LETTER), {}, { free: [5] }), { 5: LETTER[5] ?? '' })),
);
add(STRUCTURE, 'chữ ký ghi thẳng trong trường', () => {
  const plan = { fieldName: 'Ky-1' };
  const objects = signatureObjects(plan);
  const value = objects[11] ?? '';
  const field = (objects[10] ?? '').replace('/V 11 0 R', `/V ${value}`);
  return seal(append(makeFile(LETTER), { 1: objects[1] ?? '', 3: objects[3] ?? '', 10: field }), plan);
});
add(STRUCTURE, 'trường có con (widget riêng)', () => {
  const objects = signatureObjects({});
  const field = '<</FT /Sig /T (Ky-1) /V 11 0 R /Kids [12 0 R]>>';
  const widget = '<</Type /Annot /Subtype /Widget /Parent 10 0 R /Rect [0 0 0 0] /P 3 0 R>>';
  return seal(append(makeFile(LETTER), { ...objects, 3: `<<${PAGE} /Annots [12 0 R]>>`, 10: field, 12: widget }));
});

// --- after signing -------------------------------------------------------------------------------------------------

const LATER = 'Sau khi ký';
const catalogOf = (pdf: Uint8Array, more: string): string => replaceOnce(bodyOf(pdf, 1), '/Pages', `${more} /Pages`);
add(LATER, 'ký thêm, không hiển thị', () => signAgain(signLetter()));
add(LATER, 'ký thêm, có hình', () =>
  signAgain(signLetter(), {
    rect: '300 100 400 160',
    fieldEntries: '/AP <</N 61 0 R>>',
    objects: { 61: streamBody('q Q', '/Type /XObject /Subtype /Form /BBox [0 0 100 60]') },
  }),
);
add(LATER, 'ba chữ ký', () =>
  signAgain(signAgain(signLetter()), {
    fieldName: 'Ky-3',
    number: 30,
    fields: '10 0 R 20 0 R',
    annots: '10 0 R 20 0 R',
  }),
);
add(LATER, 'thêm dữ liệu lưu trữ (DSS)', () =>
  append(signLetter(), {
    1: catalogOf(signLetter(), '/DSS 60 0 R'),
    60: '<</Certs [61 0 R] /VRI <</AB <</Cert [61 0 R]>>>>>>',
    61: streamBody('x'),
  }),
);
add(LATER, 'DSS lớn lên hai lần', () => {
  const first = append(signLetter(), {
    1: catalogOf(signLetter(), '/DSS 60 0 R'),
    60: '<</Certs 62 0 R>>',
    61: streamBody('x'),
    62: '[61 0 R]',
  });
  return append(first, { 62: '[61 0 R 63 0 R]', 63: streamBody('y') });
});
const stamped = (pdf: Uint8Array): Uint8Array =>
  signAgain(pdf, {
    fieldName: 'DauThoiGian-1',
    subFilter: 'ETSI.RFC3161',
    makeContents: (parts) => makeToken(joined(...parts)),
  });
add(LATER, 'dấu thời gian tài liệu', () => stamped(signLetter()));
add(LATER, 'dấu thời gian tài liệu khi P=1', () => stamped(signLetter({ entries: DOC_MDP(1) })));
add(LATER, 'siêu dữ liệu và thông tin tệp', () =>
  append(
    signLetter(),
    {
      1: catalogOf(signLetter(), '/Metadata 60 0 R'),
      60: streamBody('<x/>', '/Type /Metadata /Subtype /XML'),
      61: '<</ModDate (D:20200101)>>',
    },
    { trailer: '/Info 61 0 R' },
  ),
);
add(LATER, 'phiên bản và phần mở rộng', () =>
  append(signLetter(), {
    1: catalogOf(signLetter(), '/Version /2.0 /Extensions <</ESIC <</BaseVersion /1.7 /ExtensionLevel 1>>>>'),
  }),
);
add(LATER, 'ghi lại các đối tượng y nguyên', () => {
  const pdf = signLetter();
  return append(pdf, Object.fromEntries([1, 2, 3, 4, 5, 10].map((number) => [number, bodyOf(pdf, number)])));
});
add(LATER, 'giá trị trực tiếp thành gián tiếp', () => {
  const pdf = signLetter();
  return append(pdf, { 3: replaceOnce(bodyOf(pdf, 3), '[0 0 595 842]', '60 0 R'), 60: '[0 0 595 842]' });
});
add(LATER, 'đối tượng thừa không ai dùng', () => append(signLetter(), { 60: '<</Unused true>>' }));
add(LATER, 'ký vào ô trống có sẵn', () => {
  const empty = '<</Type /Annot /Subtype /Widget /FT /Sig /T (Ky-2) /Rect [300 100 400 160] /P 3 0 R /F 4>>';
  const base = makeFile({
    ...LETTER,
    1: '<</Type /Catalog /Pages 2 0 R /AcroForm <</Fields [20 0 R]>>>>',
    3: `<<${PAGE} /Annots [20 0 R]>>`,
    20: empty,
  });
  const signed = signFile(base, { fields: '20 0 R', annots: '20 0 R', entries: DOC_MDP(2) });
  const plan = {
    fieldName: 'Ky-2',
    number: 20,
    signer: CLERK,
    rect: '300 100 400 160',
    fieldEntries: '/AP <</N 61 0 R>>',
  };
  const { 20: field = '', 21: value = '' } = signatureObjects(plan);
  return seal(
    append(signed, { 20: field, 21: value, 61: streamBody('q Q', '/Type /XObject /Subtype /Form /BBox [0 0 100 60]') }),
    plan,
  );
});
add(LATER, 'ký thêm không hiển thị khi P=2', () => signAgain(signLetter({ entries: DOC_MDP(2) })));
add(
  LATER,
  'ghi chú khi P=3',
  () => {
    const pdf = signLetter({ entries: DOC_MDP(3) });
    return append(pdf, {
      3: replaceOnce(bodyOf(pdf, 3), '10 0 R', '10 0 R 60 0 R'),
      60: '<</Type /Annot /Subtype /Text /Rect [9 9 29 29] /Contents (Xem lai)>>',
    });
  },
  'reservations',
);
const fieldOf = (value: string): string =>
  `<</Type /Annot /Subtype /Widget /FT /Tx /T (SoTien) ${value} /DA (/Helv 12 Tf 0 g) /Rect [72 600 300 620] /P 3 0 R /F 4>>`;
const picture = (text: string): string =>
  streamBody(
    `/Tx BMC BT /F1 12 Tf 2 4 Td (${text}) Tj ET EMC`,
    '/Type /XObject /Subtype /Form /BBox [0 0 228 20] /Resources <</Font <</F1 5 0 R>>>>',
  );
const form = (value = ''): Uint8Array =>
  makeFile({
    ...LETTER,
    1: '<</Type /Catalog /Pages 2 0 R /AcroForm <</Fields [12 0 R 14 0 R]>>>>',
    3: `<<${PAGE} /Annots [12 0 R 14 0 R]>>`,
    12: fieldOf(value),
    14: '<</Type /Annot /Subtype /Widget /FT /Btn /T (Dong) /V /Off /AS /Off /Rect [72 500 90 520] /P 3 0 R /AP <</N <</Yes 15 0 R /Off 15 0 R>>>>>>',
    15: streamBody('q Q', '/Type /XObject /Subtype /Form /BBox [0 0 9 9]'),
  });
const signedForm = (entries = '', value = ''): Uint8Array =>
  signFile(form(value), { fields: '12 0 R 14 0 R', annots: '12 0 R 14 0 R', entries });
const filled = { 12: fieldOf('/V (500) /AP <</N 60 0 R>>'), 60: picture('500') };
add(LATER, 'điền ô trống', () => append(signedForm(), filled));
add(LATER, 'điền ô trống khi P=2', () => append(signedForm(DOC_MDP(2)), filled));
add(LATER, 'đổi ô đã điền khi P=2', () => append(signedForm(DOC_MDP(2), '/V (100)'), filled));
add(LATER, 'đổi ô đã điền khi người ký không nói gì', () => append(signedForm('', '/V (100)'), filled), 'reservations');
add(LATER, 'đánh dấu ô chọn', () =>
  append(signedForm(DOC_MDP(2)), { 14: bodyOf(signedForm(), 14).replace('/V /Off /AS /Off', '/V /Yes /AS /Yes') }),
);
add(LATER, 'điền ô không bị khóa (Include)', () =>
  append(signedForm(FIELD_MDP('/Action /Include /Fields [(Khac)]')), filled),
);
add(LATER, 'điền ô được chừa (Exclude)', () =>
  append(signedForm(FIELD_MDP('/Action /Exclude /Fields [(SoTien)]')), filled),
);
add(LATER, 'ký thêm khi khóa tất cả', () =>
  signAgain(signedForm(FIELD_MDP('/Action /All')), { fields: '12 0 R 14 0 R 10 0 R', annots: '12 0 R 14 0 R 10 0 R' }),
);
add(LATER, 'ô bị khóa thành chỉ đọc khi ký thêm', () => {
  const signed = signedForm();
  return signAgain(append(signed, { 12: fieldOf('/Ff 1') }), {
    fields: '12 0 R 14 0 R 10 0 R',
    annots: '12 0 R 14 0 R 10 0 R',
  });
});
add(LATER, 'biểu mẫu được thêm phông mặc định', () => {
  const signed = signFile(makeFile(LETTER), { form: '/DR <</Font <</Helv 5 0 R>>>>' });
  return append(signed, {
    1: replaceOnce(bodyOf(signed, 1), '/Helv 5 0 R', '/Helv 5 0 R /ZaDb 60 0 R'),
    60: '<</Type /Font /Subtype /Type1 /BaseFont /ZapfDingbats>>',
  });
});
add(LATER, 'tệp có thẻ: ký thêm kèm phần tử mới', () => {
  const catalog = '/Type /Catalog /Pages 2 0 R /StructTreeRoot 7 0 R /MarkInfo <</Marked true>>';
  const base = makeFile({
    ...LETTER,
    1: `<<${catalog}>>`,
    7: '<</Type /StructTreeRoot /K 8 0 R /ParentTree 9 0 R /ParentTreeNextKey 1>>',
    8: '<</Type /StructElem /S /Document /P 7 0 R /K [16 0 R]>>',
    9: '<</Nums [0 [16 0 R]]>>',
    16: '<</Type /StructElem /S /P /P 8 0 R /K 0 /Pg 3 0 R>>',
  });
  const signed = signFile(base, { catalog });
  return signAgain(signed, {
    catalog,
    fieldEntries: '/StructParent 1',
    objects: {
      7: '<</Type /StructTreeRoot /K 8 0 R /ParentTree 9 0 R /ParentTreeNextKey 2>>',
      8: '<</Type /StructElem /S /Document /P 7 0 R /K [16 0 R 60 0 R]>>',
      9: '<</Nums [0 [16 0 R] 1 60 0 R]>>',
      60: '<</Type /StructElem /S /Form /P 8 0 R /Pg 3 0 R /K <</Type /OBJR /Obj 20 0 R /Pg 3 0 R>>>>',
    },
  });
});

export const SOUND_FILES: readonly SoundCase[] = cases;
