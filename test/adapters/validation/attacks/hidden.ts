// Forged files that use what is allowed: content prepared before signing, annotations, forms, shared objects.

import {
  append,
  bodyOf,
  bytesOf,
  CLERK,
  DOC_MDP,
  FIELD_MDP,
  joined,
  LETTER,
  makeFile,
  replaceOnce,
  seal,
  signAgain,
  signatureObjects,
  signFile,
  signLetter,
  streamBody,
  textOf,
} from '../kit.ts';
import type { Objects } from '../kit.ts';
import { createCorpus, EVIL, PAGE, signedForm, TEXT_FIELD, picture, lastStart } from './common.ts';

const { cases, add } = createCorpus();

// --- shadow attacks ------------------------------------------------------------------------------------------------

const SHADOW = 'Tấn công bóng (shadow)';
const layered = (extra: Objects, resources: string, content: string): Uint8Array =>
  makeFile({
    ...LETTER,
    3: `<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources <<${resources}>>>>`,
    4: streamBody(content),
    ...extra,
  });
const layeredPlan = (resources: string): { page: string } => ({
  page: `/Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources <<${resources}>>`,
});
const COVER = '/Font <</F1 5 0 R>> /XObject <</Cover 6 0 R>>';
const cover = streamBody('1 1 1 rg 0 0 595 842 re f', '/Type /XObject /Subtype /Form /BBox [0 0 595 842]');
const covered = (): Uint8Array =>
  signFile(layered({ 6: cover }, COVER, 'BT /F1 24 Tf 72 700 Td (Nghe toi) Tj ET /Cover Do'), layeredPlan(COVER));
add(SHADOW, 'che: lớp phủ bị xóa', () =>
  append(covered(), { 6: streamBody('', '/Type /XObject /Subtype /Form /BBox [0 0 0 0]') }),
);
add(SHADOW, 'che: lớp phủ bị bỏ khỏi bảng tham chiếu', () => append(covered(), {}, { free: [6] }));
add(SHADOW, 'che: chỗ trống có sẵn được lấp', () => {
  const base = layered({}, COVER, 'BT /F1 24 Tf 72 700 Td (Nghe toi) Tj ET /Cover Do');
  return append(signFile(base, layeredPlan(COVER)), { 6: cover });
});
add(SHADOW, 'che: ghi chú phủ trang bị gỡ', () => {
  const base = makeFile({
    ...LETTER,
    6: '<</Type /Annot /Subtype /Square /Rect [0 600 595 842] /IC [1 1 1]>>',
    3: `<<${PAGE} /Annots [6 0 R]>>`,
  });
  const signed = signFile(base, { annots: '6 0 R' });
  return append(signed, { 3: replaceOnce(bodyOf(signed, 3), '6 0 R', '') });
});
add(SHADOW, 'che: lớp tùy chọn (OCG) bị tắt', () => {
  const catalog = '/Type /Catalog /Pages 2 0 R /OCProperties <</OCGs [7 0 R] /D 8 0 R>>';
  const base = makeFile({ ...LETTER, 1: `<<${catalog}>>`, 7: '<</Type /OCG /Name (Lop)>>', 8: '<</ON [7 0 R]>>' });
  return append(signFile(base, { catalog }), { 8: '<</OFF [7 0 R]>>' });
});
add(SHADOW, 'thay: bảng mã của phông', () => {
  const base = makeFile({
    ...LETTER,
    5: '<</Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding 6 0 R>>',
    6: '<</Type /Encoding /Differences [49 /one]>>',
  });
  return append(signFile(base), { 6: '<</Type /Encoding /Differences [49 /nine]>>' });
});
add(SHADOW, 'thay: tệp phông nhúng', () => {
  const base = makeFile({
    ...LETTER,
    5: '<</Type /Font /Subtype /TrueType /BaseFont /X /FontDescriptor 6 0 R>>',
    6: '<</Type /FontDescriptor /FontFile2 7 0 R>>',
    7: streamBody('AAAA'),
  });
  return append(signFile(base), { 7: streamBody('BBBB') });
});
add(SHADOW, 'thay: ô biểu mẫu hiển thị khác giá trị', () => append(signedForm(), { 13: picture('900') }));
add(SHADOW, 'thay: ô biểu mẫu đổi cả giá trị', () =>
  append(signedForm(), { 12: TEXT_FIELD.replace('(100)', '(900)'), 13: picture('900') }),
);
add(SHADOW, 'thay: ô biểu mẫu đổi giá trị, hình còn khác nữa', () =>
  append(signedForm(DOC_MDP(2)), { 12: TEXT_FIELD.replace('(100)', '(200)'), 13: picture('900') }),
);
add(SHADOW, 'thay: ô biểu mẫu bị dời chỗ', () =>
  append(signedForm(), { 12: TEXT_FIELD.replace('72 600 300 620', '72 700 300 720') }),
);
add(SHADOW, 'thay: ô biểu mẫu bị ẩn', () => append(signedForm(), { 12: TEXT_FIELD.replace('/FT', '/F 2 /FT') }));
add(SHADOW, 'thay: thêm dữ liệu XFA', () =>
  append(signedForm(), { 1: replaceOnce(bodyOf(signedForm(), 1), '/SigFlags', '/XFA (x) /SigFlags') }),
);
/** Everything stands in the signed revision already; only the cross-reference is new. */
const prepared = (): Uint8Array => {
  const hidden = `4 0 obj\n${EVIL}\nendobj\n`;
  const base = textOf(makeFile(LETTER));
  const at = base.indexOf('xref\n0');
  const shifted = base.slice(0, at) + hidden + base.slice(at);
  return signFile(
    bytesOf(shifted.replace(/startxref\n(\d+)/, (_, start: string) => `startxref\n${Number(start) + hidden.length}`)),
  );
};
const hiddenOffset = (pdf: Uint8Array): number => textOf(pdf).indexOf(`4 0 obj\n${EVIL}`);
const tableFor = (pdf: Uint8Array, trailer: string): Uint8Array => {
  const start = pdf.length;
  const offset = String(hiddenOffset(pdf)).padStart(10, '0');
  return joined(
    pdf,
    bytesOf(
      `xref\n4 1\n${offset} 00000 n \ntrailer\n<</Size 12 /Root 1 0 R ${trailer}>>\nstartxref\n${start}\n%%EOF\n`,
    ),
  );
};
add(SHADOW, 'che rồi thay: chỉ thêm bảng tham chiếu', () => {
  const pdf = prepared();
  return tableFor(pdf, `/Prev ${lastStart(pdf)}`);
});
add(SHADOW, 'che rồi thay: bảng tham chiếu luồng kèm theo (XRefStm)', () => {
  const pdf = prepared();
  const rows = Buffer.from([1, 0, 0, 0]);
  rows.writeUInt16BE(hiddenOffset(pdf), 1);
  const stream = `60 0 obj\n<</Type /XRef /Size 61 /Index [4 1] /W [1 2 1] /Root 1 0 R /Length 4>>\nstream\n${rows.toString('latin1')}\nendstream\nendobj\n`;
  const start = pdf.length + stream.length;
  return joined(
    pdf,
    bytesOf(
      `${stream}xref\n4 1\n0000000000 00000 f \ntrailer\n<</Size 61 /Root 1 0 R /Prev ${lastStart(pdf)} /XRefStm ${pdf.length}>>\nstartxref\n${start}\n%%EOF\n`,
    ),
  );
});
add(SHADOW, 'che rồi thay: startxref trỏ vào bảng đã giấu sẵn', () => {
  const base = makeFile({ ...LETTER, 70: streamBody('x'.repeat(400)) });
  const signed = signFile(base);
  return joined(signed, bytesOf(`startxref\n${textOf(base).lastIndexOf('xref\n0')}\n%%EOF\n`));
});

// --- certification attacks -----------------------------------------------------------------------------------------

const CERT = 'Tấn công chứng nhận (EAA, SSA)';
const withAnnotation = (signed: Uint8Array, body: string, more: Objects = {}): Uint8Array =>
  append(signed, {
    3: replaceOnce(bodyOf(signed, 3), '10 0 R', '10 0 R 60 0 R'),
    60: `<</Type /Annot ${body}>>`,
    ...more,
  });
const stampPicture = { 61: streamBody('1 1 1 rg 0 0 300 40 re f', '/Type /XObject /Subtype /Form /BBox [0 0 300 40]') };
for (const level of [1, 2, 3]) {
  const certified = (): Uint8Array => signLetter({ entries: DOC_MDP(level) });
  for (const kind of [
    'FreeText',
    'Stamp',
    'Square',
    'Redact',
    'Watermark',
    'Line',
    'Polygon',
    'Screen',
    'FileAttachment',
  ]) {
    if (level < 3 && kind !== 'FreeText') continue;
    add(CERT, `EAA: ${kind} đè lên trang, P=${level}`, () =>
      withAnnotation(certified(), `/Subtype /${kind} /Rect [72 690 372 730] /AP <</N 61 0 R>>`, stampPicture),
    );
  }
  add(CERT, `EAA: ghi chú tô sáng mang hình khác, P=${level}`, () =>
    withAnnotation(certified(), '/Subtype /Highlight /Rect [72 690 372 730] /AP <</N 61 0 R>>', stampPicture),
  );
  add(CERT, `SSA: ô chữ ký mới có hình, P=${level}`, () =>
    signAgain(certified(), { rect: '72 690 372 730', fieldEntries: '/AP <</N 61 0 R>>', objects: stampPicture }),
  );
  add(CERT, `SSA: ô chữ ký mới chưa ký mà có hình, P=${level}`, () => {
    const signed = certified();
    return append(signed, {
      1: replaceOnce(bodyOf(signed, 1), '10 0 R', '10 0 R 60 0 R'),
      3: replaceOnce(bodyOf(signed, 3), '10 0 R', '10 0 R 60 0 R'),
      60: '<</Type /Annot /Subtype /Widget /FT /Sig /T (X) /Rect [72 690 372 730] /P 3 0 R /AP <</N 61 0 R>>>>',
      ...stampPicture,
    });
  });
}
add(CERT, 'SSA: chữ ký thứ hai rỗng nhưng có hình', () => {
  const signed = signLetter({ entries: DOC_MDP(2) });
  return append(
    signed,
    signatureObjects({
      fieldName: 'Ky-2',
      number: 20,
      fields: '10 0 R',
      annots: '10 0 R',
      rect: '72 690 372 730',
      fieldEntries: '/AP <</N 61 0 R>>',
      objects: stampPicture,
    }),
  );
});
add(CERT, 'điền biểu mẫu khi P=1', () =>
  append(signedForm(DOC_MDP(1)), { 12: TEXT_FIELD.replace('(100)', '(900)'), 13: picture('900') }),
);
add(CERT, 'ký thêm khi P=1', () => signAgain(signLetter({ entries: DOC_MDP(1) })));
add(CERT, 'gỡ chứng nhận khỏi danh mục', () => {
  const catalog = '/Type /Catalog /Pages 2 0 R /Perms <</DocMDP 11 0 R>>';
  const signed = signLetter({ entries: DOC_MDP(1), catalog });
  return append(signed, {
    1: replaceOnce(bodyOf(signed, 1), '/Perms <</DocMDP 11 0 R>>', ''),
    3: replaceOnce(bodyOf(signed, 3), '10 0 R', '10 0 R 60 0 R'),
    60: '<</Type /Annot /Subtype /FreeText /Rect [0 0 9 9]>>',
  });
});
add(CERT, 'không chứng nhận: FreeText đè lên trang', () =>
  withAnnotation(signLetter(), '/Subtype /FreeText /Rect [72 690 372 730] /AP <</N 61 0 R>>', stampPicture),
);
add(CERT, 'không chứng nhận: liên kết phủ trang', () =>
  withAnnotation(signLetter(), '/Subtype /Link /Rect [0 0 595 842] /A <</S /URI /URI (http://example.invalid)>>'),
);

// --- form and field locks ------------------------------------------------------------------------------------------

const LOCK = 'Khóa trường (FieldMDP)';
add(LOCK, 'sửa ô đã khóa đích danh', () =>
  append(signedForm(FIELD_MDP('/Action /Include /Fields [(SoTien)]')), {
    12: TEXT_FIELD.replace('(100)', '(900)'),
    13: picture('900'),
  }),
);
add(LOCK, 'sửa ô khi khóa tất cả', () =>
  append(signedForm(FIELD_MDP('/Action /All')), { 12: TEXT_FIELD.replace('(100)', '(900)'), 13: picture('900') }),
);
add(LOCK, 'sửa ô ngoài danh sách được chừa', () =>
  append(signedForm(FIELD_MDP('/Action /Exclude /Fields [(Khac)]')), {
    12: TEXT_FIELD.replace('(100)', '(900)'),
    13: picture('900'),
  }),
);
add(LOCK, 'thêm ô nhập liệu mới', () => {
  const signed = signedForm();
  return append(signed, {
    1: replaceOnce(bodyOf(signed, 1), '12 0 R', '12 0 R 60 0 R'),
    3: replaceOnce(bodyOf(signed, 3), '12 0 R', '12 0 R 60 0 R'),
    60: TEXT_FIELD.replace('SoTien', 'Moi'),
  });
});
add(LOCK, 'xóa ô nhập liệu', () => {
  const signed = signedForm();
  return append(signed, { 1: replaceOnce(bodyOf(signed, 1), '12 0 R', '') });
});
add(LOCK, 'xóa chữ ký thứ nhất', () => {
  const signed = signAgain(signLetter());
  return append(signed, { 1: replaceOnce(bodyOf(signed, 1), '10 0 R', '') });
});
add(LOCK, 'thay hình của chữ ký đã ký', () => {
  const signed = signLetter({ rect: '72 690 372 730', fieldEntries: '/AP <</N 61 0 R>>', objects: stampPicture });
  return append(signed, {
    61: streamBody('0 1 0 rg 0 0 300 40 re f', '/Type /XObject /Subtype /Form /BBox [0 0 300 40]'),
  });
});
add(LOCK, 'ô chữ ký trống bị dời khi ký', () => {
  const empty = '<</Type /Annot /Subtype /Widget /FT /Sig /T (Ky-2) /Rect [0 0 0 0] /P 3 0 R>>';
  const base = makeFile({
    ...LETTER,
    1: '<</Type /Catalog /Pages 2 0 R /AcroForm <</Fields [20 0 R]>>>>',
    3: `<<${PAGE} /Annots [20 0 R]>>`,
    20: empty,
  });
  const signed = signFile(base, { fields: '20 0 R', annots: '20 0 R' });
  const plan = { fieldName: 'Ky-2', number: 20, signer: CLERK, rect: '72 690 372 730' };
  const { 20: field = '', 21: value = '' } = signatureObjects(plan);
  return seal(append(signed, { 20: field, 21: value }), plan);
});

// --- shared objects ------------------------------------------------------------------------------------------------

const SHARED = 'Đối tượng dùng chung bị ghi đè';
add(SHARED, 'hình của ô biểu mẫu cũng là nội dung trang', () => {
  const page = PAGE.replace('4 0 R', '[4 0 R 13 0 R]');
  const base = makeFile({
    ...LETTER,
    1: '<</Type /Catalog /Pages 2 0 R /AcroForm <</Fields [12 0 R]>>>>',
    3: `<<${page} /Annots [12 0 R]>>`,
    12: TEXT_FIELD,
    13: picture('100'),
  });
  const signed = signFile(base, { fields: '12 0 R', annots: '12 0 R', page, entries: DOC_MDP(2) });
  return append(signed, { 12: TEXT_FIELD.replace('(100)', '(900)'), 13: picture('900') });
});
add(SHARED, 'dữ liệu lưu trữ ghi đè nội dung trang', () => {
  const signed = signLetter();
  return append(signed, {
    1: replaceOnce(bodyOf(signed, 1), '/Pages', '/DSS <</Certs [4 0 R]>> /Pages'),
    4: streamBody('x'),
  });
});
add(SHARED, 'siêu dữ liệu ghi đè phông chữ', () => {
  const signed = signLetter();
  return append(signed, {
    1: replaceOnce(bodyOf(signed, 1), '/Pages', '/Metadata 5 0 R /Pages'),
    5: streamBody('x', '/Type /Metadata'),
  });
});
add(SHARED, 'thông tin tệp ghi đè phông chữ', () =>
  append(signLetter(), { 5: '<</Title (x)>>' }, { trailer: '/Info 5 0 R' }),
);
add(SHARED, 'hình chữ ký mới dẫn tới trang rồi sửa trang', () => {
  const signed = signLetter();
  return signAgain(append(signed, {}), {
    rect: '300 10 400 60',
    fieldEntries: '/AP <</N 61 0 R>>',
    objects: { 61: streamBody('q Q', '/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Back 3 0 R'), 4: EVIL },
  });
});
add(SHARED, 'mảng ghi chú dùng chung cho hai trang', () => {
  const page = '/Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Annots 7 0 R';
  const base = makeFile({ ...LETTER, 2: '<</Type /Pages /Kids [3 0 R 6 0 R] /Count 2>>', 6: `<<${page}>>`, 7: '[]' });
  return append(signFile(base), { 7: '[60 0 R]', 60: '<</Type /Annot /Subtype /FreeText /Rect [0 0 300 300]>>' });
});
add(SHARED, 'phông mặc định của biểu mẫu bị đổi', () => {
  const form = '/DR <</Font <</Helv 5 0 R>>>>';
  const signed = signFile(makeFile(LETTER), { form });
  return append(signed, {
    1: replaceOnce(bodyOf(signed, 1), '/Helv 5 0 R', '/Helv 60 0 R'),
    60: '<</Type /Font /Subtype /Type1 /BaseFont /Symbol>>',
  });
});
add(SHARED, 'bộ chứa đối tượng bị thay', () => {
  const packed = (inner: string): string => streamBody(`5 0 ${inner}`, '/Type /ObjStm /N 1 /First 4');
  const good = '<</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>';
  const { 5: _font, ...rest } = LETTER;
  const base = makeFile(rest);
  const rows = Buffer.from([2, 0, 30, 0, 1, 0, 0, 0]);
  const object = `30 0 obj\n${packed(good)}\nendobj\n`;
  rows.writeUInt16BE(base.length, 5);
  const start = base.length + object.length;
  const stream = `31 0 obj\n<</Type /XRef /Size 32 /Index [5 1 30 1] /W [1 2 1] /Root 1 0 R /Prev ${lastStart(base)} /Length 8>>\nstream\n${rows.toString('latin1')}\nendstream\nendobj\n`;
  const compressed = joined(base, bytesOf(`${object}${stream}startxref\n${start}\n%%EOF\n`));
  const signed = signFile(compressed);
  return append(signed, { 30: packed(good.replace('Helvetica', 'Symbol')) });
});
add(SHARED, 'cấu trúc thẻ nói lời khác về nội dung cũ', () => {
  const catalog = '/Type /Catalog /Pages 2 0 R /StructTreeRoot 7 0 R /MarkInfo <</Marked true>>';
  const base = makeFile({
    ...LETTER,
    1: `<<${catalog}>>`,
    7: '<</Type /StructTreeRoot /K 8 0 R>>',
    8: '<</Type /StructElem /S /P /P 7 0 R /K 0 /Pg 3 0 R>>',
  });
  return append(signFile(base, { catalog }), {
    8: '<</Type /StructElem /S /P /P 7 0 R /K 0 /Pg 3 0 R /ActualText (Chi 9.000.000)>>',
  });
});

export const HIDDEN_ATTACKS = cases;
