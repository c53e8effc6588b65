// Forged files in which bytes are left out, moved, or added behind a signature.

import {
  append,
  bodyOf,
  bytesOf,
  joined,
  LETTER,
  makeFile,
  replaceOnce,
  signAgain,
  signFile,
  signLetter,
  streamBody,
  textOf,
} from '../kit.ts';
import { createCorpus, EVIL, gapOf, PAGE, withRange } from './common.ts';

const { cases, add } = createCorpus();

/** The signed letter as text, with one replacement of any length outside offsets that matter. */
const edited = (pdf: Uint8Array, from: string, to: string): Uint8Array => bytesOf(replaceOnce(textOf(pdf), from, to));

// --- universal signature forgery -----------------------------------------------------------------------------------

const USF = 'Giả mạo phổ quát (USF)';
const withContents = (value: string): Uint8Array => {
  const text = textOf(signLetter());
  const [start, end] = gapOf(text);
  return bytesOf(text.slice(0, start) + value.padEnd(end - start) + text.slice(end));
};
add(USF, '/Contents bị bỏ', () => withContents(''));
add(USF, '/Contents null', () => withContents('/Contents null'));
add(USF, '/Contents rỗng', () => withContents('/Contents <>'));
add(USF, '/Contents toàn số không', () => withContents(`/Contents <${'00'.repeat(200)}>`));
add(USF, '/Contents là số', () => withContents('/Contents 0'));
add(USF, '/ByteRange bị bỏ', () => withRange(''));
add(USF, '/ByteRange null', () => withRange('/ByteRange null'));
add(USF, '/ByteRange rỗng', () => withRange('/ByteRange []'));
add(USF, '/ByteRange toàn số không', () => withRange('/ByteRange [0 0 0 0]'));
add(USF, '/ByteRange chỉ có một đoạn', () => withRange('/ByteRange [0 100]'));
add(USF, '/ByteRange số âm', () => withRange('/ByteRange [0 -1 10 20]'));
add(USF, '/ByteRange không phải số', () => withRange('/ByteRange [/a /b /c /d]'));
add(USF, '/SubFilter bị bỏ', () => edited(signLetter(), '/SubFilter /ETSI.CAdES.detached', ' '.repeat(31)));
add(USF, '/V trỏ tới chỗ trống', () =>
  append(signLetter(), { 10: replaceOnce(bodyOf(signLetter(), 10), '/V 11 0 R', '/V 99 0 R') }),
);
add(USF, '/V là chuỗi', () =>
  append(signLetter(), { 10: replaceOnce(bodyOf(signLetter(), 10), '/V 11 0 R', '/V (signed)') }),
);
add(USF, 'trường đổi thành kiểu khác', () =>
  append(signLetter(), { 10: replaceOnce(bodyOf(signLetter(), 10), '/FT /Sig', '/FT /Tx') }),
);

// --- incremental saving attack -------------------------------------------------------------------------------------

const ISA = 'Cập nhật nối thêm (ISA)';
add(ISA, 'nội dung trang mới', () => append(signLetter(), { 4: EVIL }));
add(ISA, 'trang trỏ tới nội dung mới', () =>
  append(signLetter(), { 3: replaceOnce(bodyOf(signLetter(), 3), '4 0 R', '60 0 R'), 60: EVIL }),
);
add(ISA, 'thêm một trang', () =>
  append(signLetter(), { 2: '<</Type /Pages /Kids [3 0 R 60 0 R] /Count 2>>', 60: `<<${PAGE}>>` }),
);
add(ISA, 'đổi thứ tự trang', () => {
  const two = makeFile({ ...LETTER, 2: '<</Type /Pages /Kids [3 0 R 6 0 R] /Count 2>>', 6: `<<${PAGE}>>` });
  return append(signFile(two), { 2: '<</Type /Pages /Kids [6 0 R 3 0 R] /Count 2>>' });
});
add(ISA, 'danh mục mới (Root khác)', () =>
  append(
    signLetter(),
    {
      60: replaceOnce(bodyOf(signLetter(), 1), '/Pages 2 0 R', '/Pages 61 0 R'),
      61: '<</Type /Pages /Kids [62 0 R] /Count 1>>',
      62: `<<${PAGE.replace('2 0 R', '61 0 R').replace('4 0 R', '63 0 R')}>>`,
      63: EVIL,
    },
    { trailer: '/Root 60 0 R' },
  ),
);
add(ISA, 'không có bảng tham chiếu', () => append(signLetter(), { 4: EVIL }, { hasXref: false }));
add(ISA, 'không có bảng tham chiếu, phần thêm lớn', () =>
  append(signLetter(), { 4: EVIL, 60: streamBody('%'.repeat(5000)) }, { hasXref: false }),
);
add(ISA, 'chỉ có trailer', () =>
  joined(append(signLetter(), { 4: EVIL }, { hasXref: false }), bytesOf('trailer\n<</Size 12 /Root 1 0 R>>\n')),
);
add(ISA, 'startxref cũ đặt lại ở cuối', () => {
  const signed = signLetter();
  const old = /startxref\s+(\d+)/.exec(textOf(signed).slice(-60))?.[1] ?? '0';
  return joined(append(signed, { 4: EVIL }, { hasXref: false }), bytesOf(`startxref\n${old}\n%%EOF\n`));
});
add(ISA, '/Prev bỏ qua phiên bản đã ký', () => {
  const signed = signLetter();
  const all = Object.fromEntries([1, 2, 3, 5, 10, 11].map((number) => [number, bodyOf(signed, number)]));
  const moved = append(signed, { ...all, 4: EVIL }, { trailer: '/Prev 0' });
  return moved;
});
add(ISA, 'phông chữ bị thay', () => append(signLetter(), { 5: '<</Type /Font /Subtype /Type1 /BaseFont /Symbol>>' }));
add(ISA, 'khổ trang bị đổi', () =>
  append(signLetter(), { 3: replaceOnce(bodyOf(signLetter(), 3), '595 842', '595 300') }),
);
add(ISA, 'độ dài luồng gián tiếp bị đổi', () => {
  const base = makeFile({
    ...LETTER,
    4: streamBody('BT /F1 24 Tf 72 700 Td (Khong chi) Tj ET q Q Q Q Q Q Q').replace(/\/Length \d+/, '/Length 6 0 R'),
    6: '43',
  });
  return append(signFile(base), { 6: '20' });
});
add(ISA, 'thêm hành động khi mở', () =>
  append(signLetter(), {
    1: replaceOnce(bodyOf(signLetter(), 1), '/Pages', '/OpenAction <</S /JavaScript /JS (app.alert)>> /Pages'),
  }),
);
add(ISA, 'thêm tệp đính kèm', () =>
  append(signLetter(), {
    1: replaceOnce(bodyOf(signLetter(), 1), '/Pages', '/Names <</EmbeddedFiles <</Names []>>>> /Pages'),
  }),
);
add(ISA, 'đối tượng thành trống', () => append(signLetter(), {}, { free: [5] }));
add(ISA, 'sửa sau khi thêm dữ liệu lưu trữ', () =>
  append(
    append(signLetter(), { 1: replaceOnce(bodyOf(signLetter(), 1), '/Pages', '/DSS 60 0 R /Pages'), 60: '<<>>' }),
    { 4: EVIL },
  ),
);
add(ISA, 'sửa rồi ký đè lên', () => signAgain(append(signLetter(), { 4: EVIL })));
add(ISA, 'người thứ hai ký bản đã sửa, rồi trả về bản cũ', () =>
  append(signAgain(append(signLetter(), { 4: EVIL })), { 4: LETTER[4] ?? '' }),
);

// --- signature wrapping --------------------------------------------------------------------------------------------

const SWA = 'Bọc chữ ký (SWA)';
add(SWA, 'đoạn ký thứ hai bị dời ra sau', () => {
  const text = textOf(signLetter());
  const range = /\/ByteRange \[0 (\d+) (\d+) (\d+)\]/.exec(text);
  const [first, second, length] = [Number(range?.[1]), Number(range?.[2]), Number(range?.[3])];
  const evil = `4 0 obj\n${EVIL}\nendobj\n`;
  const filler = text.slice(0, second) + evil;
  const moved = filler + text.slice(second, second + length);
  return bytesOf(
    moved.replace(/\/ByteRange \[[^\]]*\]/, (found) =>
      `/ByteRange [0 ${first} ${filler.length} ${length}]`.padEnd(found.length),
    ),
  );
});
add(SWA, 'từ điển giả đứng trước, bản thật nằm trong khe', () => {
  const signed = signLetter();
  const body = bodyOf(signed, 11);
  return append(signed, { 11: replaceOnce(body, '/Filter', '/Prop_Build <</X 1>> /Filter'), 4: EVIL });
});
add(SWA, 'từ điển chữ ký chuyển vào phần chưa ký', () => append(signLetter(), { 11: bodyOf(signLetter(), 11) }));
add(SWA, 'khe rộng hơn /Contents', () =>
  signLetter({
    range: ([start = 0, first = 0, second = 0, length = 0]) => `[${start} ${first - 20} ${second} ${length}]`,
    isRangeSigned: true,
  }),
);
add(SWA, 'khe kéo ra ngoài đối tượng', () =>
  signLetter({
    range: ([start = 0, first = 0, second = 0, length = 0]) => `[${start} ${first} ${second + 40} ${length - 40}]`,
    isRangeSigned: true,
  }),
);
add(SWA, 'khe bắt đầu bên trong chuỗi hex', () =>
  signLetter({
    range: ([start = 0, first = 0, second = 0, length = 0]) => `[${start} ${first + 1} ${second} ${length}]`,
    isRangeSigned: true,
  }),
);
add(SWA, 'vùng ký không bắt đầu từ đầu tệp', () =>
  signLetter({
    range: ([, first = 0, second = 0, length = 0]) => `[9 ${first - 9} ${second} ${length}]`,
    isRangeSigned: true,
  }),
);
add(SWA, 'vùng ký không tới cuối phiên bản', () =>
  signLetter({
    range: ([start = 0, first = 0, second = 0]) => `[${start} ${first} ${second} 60]`,
    isRangeSigned: true,
  }),
);
add(SWA, 'hai đoạn chồng nhau', () =>
  signLetter({
    range: ([start = 0, first = 0, , length = 0]) => `[${start} ${first} ${first - 50} ${length}]`,
    isRangeSigned: true,
  }),
);
add(SWA, 'sáu số trong /ByteRange', () =>
  signLetter({
    range: ([start = 0, first = 0, second = 0, length = 0]) => `[${start} ${first} ${second} ${length - 9} 1 1]`,
  }),
);
add(SWA, 'đoạn thứ hai dài quá cuối tệp', () => withRange('/ByteRange [0 900 1000 9999999]'));
add(SWA, '/ByteRange là đối tượng gián tiếp', () => {
  const signed = signLetter();
  const range = /\/ByteRange (\[[^\]]*\])/.exec(textOf(signed))?.[1] ?? '';
  const base = bytesOf(
    textOf(signed).replace(/\/ByteRange \[[^\]]*\]/, (found) => '/ByteRange 60 0 R'.padEnd(found.length)),
  );
  return append(base, { 60: range });
});
add(SWA, 'khóa /ByteRange ghi hai lần', () => {
  const plan = { entries: '/Byte#52ange [0 1 2 3]' };
  return signLetter(plan);
});
add(SWA, 'khóa /Contents ghi hai lần', () => signLetter({ entries: '/Contents <00>' }));
add(SWA, 'hai trường dùng chung một chữ ký', () => {
  const signed = signLetter();
  const field = bodyOf(signed, 10);
  return append(signed, {
    1: replaceOnce(bodyOf(signed, 1), '10 0 R', '10 0 R 60 0 R'),
    3: replaceOnce(bodyOf(signed, 3), '10 0 R', '10 0 R 60 0 R'),
    60: replaceOnce(field, 'Ky-1', 'Ky-9'),
  });
});
add(SWA, 'chữ ký của tệp khác được dán vào', () => {
  const donor = signLetter();
  const cms = textOf(donor).slice(...gapOf(textOf(donor)));
  const target = signFile(makeFile({ ...LETTER, 4: EVIL }));
  const [start, end] = gapOf(textOf(target));
  return bytesOf(textOf(target).slice(0, start) + cms + textOf(target).slice(end));
});
add(SWA, 'chữ ký nằm ngoài biểu mẫu', () =>
  append(signLetter(), { 1: '<</Type /Catalog /Pages 2 0 R /AcroForm <</Fields []>>>>' }),
);
add(SWA, 'chứng nhận ẩn ngoài các trường', () =>
  append(signLetter({ fieldName: 'Ky-1' }), {
    1: replaceOnce(bodyOf(signLetter(), 1), '/Pages', '/Perms <</DocMDP 60 0 R>> /Pages'),
    60: bodyOf(signLetter(), 11),
  }),
);

// --- coverage ------------------------------------------------------------------------------------------------------

const COVERAGE = 'Trò với vùng bao phủ';
add(COVERAGE, 'đối tượng thả sau %%EOF', () => joined(signLetter(), bytesOf(`4 0 obj\n${EVIL}\nendobj\n`)));
add(COVERAGE, 'tệp PDF khác nối vào sau', () => joined(signLetter(), makeFile({ ...LETTER, 4: EVIL })));
add(COVERAGE, 'tệp PDF khác đặt ở trước', () => joined(makeFile({ ...LETTER, 4: EVIL }), signLetter()));
add(COVERAGE, 'rác dài sau %%EOF', () => joined(signLetter(), bytesOf('A'.repeat(3000))));
add(COVERAGE, 'một byte trong phần đã ký bị đổi', () => edited(signLetter(), 'Chi 1.000.000', 'Chi 9.000.000'));
add(COVERAGE, 'một byte trong /M bị đổi', () => edited(signLetter(), 'D:20190506080000', 'D:20180506080000'));
add(COVERAGE, 'dữ liệu giấu sau CMS', () =>
  signLetter({ contents: (cms) => joined(cms, new Uint8Array(8), bytesOf('hidden')) }),
);
add(COVERAGE, 'dữ liệu giấu liền sau CMS', () => signLetter({ contents: (cms) => joined(cms, bytesOf('x')) }));
add(COVERAGE, 'khoảng trắng trong chuỗi hex', () => {
  const text = textOf(signLetter());
  const [start, end] = gapOf(text);
  return bytesOf(`${text.slice(0, end - 3)}  ${text.slice(end - 1)}`).subarray(0, text.length + start * 0);
});

export const CHANGE_ATTACKS = cases;
