// The pitfalls of real files, one by one: each fault stands in a file made here byte by byte.

import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { catalogOf, openPdf, pagesOf } from '../../../server/adapters/pdf/core/file.ts';
import {
  array,
  decodeText,
  dict,
  isStream,
  name,
  reference,
  textString,
} from '../../../server/adapters/pdf/core/objects.ts';
import type { PdfObject } from '../../../server/adapters/pdf/core/objects.ts';
import { ObjectParser } from '../../../server/adapters/pdf/core/parser.ts';
import { PdfFault } from '../../../server/adapters/pdf/core/pdf-fault.ts';
import { serialize } from '../../../server/adapters/pdf/core/serialize.ts';
import { IncrementalUpdate } from '../../../server/adapters/pdf/core/update.ts';
import { foreignPdf, handMadePdf, objectStreamPdf, ONE_PAGE } from './samples.ts';

const parse = (text: string): PdfObject =>
  new ObjectParser(new Uint8Array(Buffer.from(text, 'latin1')), 0).parseObject();
const faultOf = (work: () => unknown): string => {
  try {
    work();
    return 'none';
  } catch (error) {
    if (error instanceof PdfFault) return error.reason;
    throw error;
  }
};

describe('object parser', () => {
  it.each([
    ['12', '12'],
    ['-.5', '-0.5'],
    ['+7.', '7'],
    ['12 0 R', '12 0 R'],
    ['[1 2 R 3 0 R]', '[1 2 R 3 0 R]'],
    ['[1 2 3]', '[1 2 3]'],
    ['[595.2755905511812 -.00000001 0.5]', '[595.2755905511812 -0.00000001 0.5]'],
    ['/A#20b', '/A#20b'],
    ['(a\\(b\\)\\101\\\n(c))', '<6128622941286329>'],
    ['<4 1 4>', '<4140>'],
    ['<</K [true false null] % note\n/L <<>>>>', '<</K [true false null] /L <<>>>>'],
  ])('reads %s', (text, canonical) => {
    expect(serialize(parse(text))).toBe(canonical);
  });

  it.each(['', '<<', '[1', '(a', '<41', 'obj', '<<1 2>>', '<4x>', '--1', 'R'])('refuses %j as corrupt', (text) => {
    expect(faultOf(() => parse(text))).toBe('corrupt');
  });

  it('refuses nesting beyond the limit instead of exhausting the stack', () => {
    expect(faultOf(() => parse('['.repeat(100_000)))).toBe('too-complex');
  });

  it('keeps Vietnamese text through a text string', () => {
    const string = textString('Nguyễn Thị Ánh Tuyết – Đắk Lắk');
    expect(decodeText(string)).toBe('Nguyễn Thị Ánh Tuyết – Đắk Lắk');
  });
});

describe('cross-reference', () => {
  it('reads a classic table and its page', () => {
    const file = openPdf(handMadePdf({ objects: ONE_PAGE }));
    expect(file.xref.flavour).toBe('table');
    expect(pagesOf(file).map((page) => page.box.width)).toEqual([595]);
  });

  it('reads a predicted cross-reference stream and objects inside an object stream', () => {
    const file = openPdf(objectStreamPdf());
    expect(file.xref.flavour).toBe('stream');
    expect(file.xref.entries.get(3)).toEqual({ kind: 'compressed', container: 5, index: 2 });
    expect(pagesOf(file).map((page) => page.box.width)).toEqual([595]);
  });

  it('counts /Prev 0 and /Encrypt null as absent', () => {
    const file = openPdf(handMadePdf({ objects: ONE_PAGE, trailer: '/Prev 0 /Encrypt null' }));
    expect(pagesOf(file)).toHaveLength(1);
  });

  it('ends a /Prev chain that leads back to itself', () => {
    const plain = handMadePdf({ objects: ONE_PAGE });
    const start = openPdf(plain).xref.start;
    const file = openPdf(handMadePdf({ objects: ONE_PAGE, trailer: `/Prev ${start}` }));
    expect(pagesOf(file)).toHaveLength(1);
  });

  it('refuses a file that ends behind the word startxref', () => {
    const text = Buffer.from(handMadePdf({ objects: ONE_PAGE })).toString('latin1');
    const cut = text.slice(0, text.lastIndexOf('startxref') + 'startxref'.length);
    expect(faultOf(() => openPdf(new Uint8Array(Buffer.from(cut, 'latin1'))))).toBe('corrupt');
  });

  it('accepts bytes before the header, with offsets counted from the header', () => {
    const file = openPdf(handMadePdf({ objects: ONE_PAGE, before: 'junk of a mail gateway\n' }));
    expect(pagesOf(file)).toHaveLength(1);
  });

  it('accepts a table numbered from 1 although it begins with the free head', () => {
    const row = (offset: number): string => `${String(offset).padStart(10, '0')} 00000 n \n`;
    const xref = (offsets: readonly number[]): string => `xref\n1 5\n0000000000 65535 f \n${offsets.map(row).join('')}`;
    expect(pagesOf(openPdf(handMadePdf({ objects: ONE_PAGE, xref })))).toHaveLength(1);
  });

  it('refuses an offset at which another object stands', () => {
    const row = (offset: number): string => `${String(offset).padStart(10, '0')} 00000 n \n`;
    const xref = (offsets: readonly number[]): string =>
      `xref\n0 5\n0000000000 65535 f \n${[...offsets].reverse().map(row).join('')}`;
    expect(faultOf(() => openPdf(handMadePdf({ objects: ONE_PAGE, xref })))).toBe('corrupt');
  });

  it('takes a stream up to its keyword when /Length is wrong', () => {
    const objects = [...ONE_PAGE.slice(0, 3), '<</Length 5>>\nstream\n0 0 1 rg 9 9 99 99 re f\nendstream'];
    const file = openPdf(handMadePdf({ objects }));
    const content = file.resolve(reference(4));
    expect(isStream(content) ? Buffer.from(content.raw).toString('latin1') : '').toBe('0 0 1 rg 9 9 99 99 re f');
  });

  it('refuses a stream whose length needs the stream itself', () => {
    const objects = [...ONE_PAGE.slice(0, 3), '<</Length 4 0 R>>\nstream\nabc\nendstream'];
    const file = openPdf(handMadePdf({ objects }));
    expect(faultOf(() => file.resolve(reference(4)))).toBe('corrupt');
  });

  it('ignores an object that no cross-reference names', () => {
    const hidden = '3 0 obj\n<</Type /Page /Parent 2 0 R /MediaBox [0 0 100 100]>>\nendobj\n';
    const file = openPdf(handMadePdf({ objects: ONE_PAGE, orphan: hidden }));
    expect(pagesOf(file).map((page) => page.box.width)).toEqual([595]);
  });

  it('reads objects that a hybrid file hides from the table', () => {
    // given: object 5 is free in the table and named by the stream behind /XRefStm
    const build = (hiddenAt: number, streamAt: number): Uint8Array => {
      const data = Buffer.from([1, hiddenAt >> 8, hiddenAt & 255, 0, 0]).toString('latin1');
      const xrefStream = `<</Type /XRef /Size 7 /W [1 2 2] /Index [5 1] /Length 5>>\nstream\n${data}\nendstream`;
      const row = (offset: number): string => `${String(offset).padStart(10, '0')} 00000 n \n`;
      return handMadePdf({
        objects: [...ONE_PAGE, '(hidden)', xrefStream],
        trailer: `/XRefStm ${streamAt}`,
        xref: (offsets) =>
          `xref\n0 7\n0000000000 65535 f \n${offsets.map((offset, index) => (index === 4 ? '0000000000 00000 f \n' : row(offset))).join('')}`,
      });
    };
    const text = Buffer.from(build(0, 0)).toString('latin1');
    const file = openPdf(build(text.indexOf('5 0 obj'), text.indexOf('6 0 obj')));
    // then
    expect(serialize(file.resolve(reference(5)))).toBe(serialize(parse('(hidden)')));
  });

  it('refuses an encrypted file by name', () => {
    expect(faultOf(() => openPdf(handMadePdf({ objects: ONE_PAGE, trailer: '/Encrypt <</Filter /Standard>>' })))).toBe(
      'encrypted',
    );
  });

  it('refuses a page tree that leads back to itself', () => {
    const objects = ['<</Type /Catalog /Pages 2 0 R>>', '<</Type /Pages /Kids [2 0 R] /Count 1>>'];
    expect(faultOf(() => pagesOf(openPdf(handMadePdf({ objects }))))).toBe('corrupt');
  });

  it('refuses a stream that expands beyond the limit', () => {
    const bomb = deflateSync(Buffer.alloc(80 * 1024 * 1024)).toString('latin1');
    const objects = [
      ...ONE_PAGE.slice(0, 3),
      `<</Filter /FlateDecode /Length ${bomb.length}>>\nstream\n${bomb}\nendstream`,
    ];
    const file = openPdf(handMadePdf({ objects }));
    const content = file.resolve(reference(4));
    expect(faultOf(() => isStream(content) && file.decode(content))).toBe('too-complex');
  });
});

describe('incremental update', () => {
  it.each([
    ['a table', false],
    ['a stream', true],
  ])('continues %s in its own flavour and keeps the base byte for byte', async (_, hasXrefStream) => {
    const base = await foreignPdf(hasXrefStream);
    const file = openPdf(base);
    // when
    const update = new IncrementalUpdate(file);
    const added = update.add(dict({ Kind: name('Added'), List: array([1, 2]) }));
    const { bytes } = update.write();
    // then
    const again = openPdf(bytes);
    expect(Buffer.compare(bytes.subarray(0, base.length), base)).toBe(0);
    expect(again.xref.flavour).toBe(file.xref.flavour);
    expect(serialize(again.resolve(added))).toBe('<</Kind /Added /List [1 2]>>');
    expect(catalogOf(again).ref).toEqual(catalogOf(file).ref);
    for (const key of ['ID', 'Info']) {
      expect(serialize(again.trailer.entries.get(key) ?? null)).toBe(serialize(file.trailer.entries.get(key) ?? null));
    }
  });

  it('never reuses a number when /Size is too small', () => {
    const text = Buffer.from(handMadePdf({ objects: ONE_PAGE }))
      .toString('latin1')
      .replace('/Size 5', '/Size 2');
    const update = new IncrementalUpdate(openPdf(new Uint8Array(Buffer.from(text, 'latin1'))));
    expect(update.reserve().number).toBe(5);
  });

  it('writes offsets that count from the header when bytes stand before it', () => {
    const base = handMadePdf({ objects: ONE_PAGE, before: 'mail\n' });
    const update = new IncrementalUpdate(openPdf(base));
    const added = update.add(name('Here'));
    expect(serialize(openPdf(update.write().bytes).resolve(added))).toBe('/Here');
  });
});
