// The XML reader on its own: what is well-formed, what is not, and agreement with a second parser on what is.

import { XMLParser } from 'fast-xml-parser';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  attributeOf,
  decodedText,
  readXml,
  type XmlElement,
} from '../../../../server/adapters/exchange/edxml/xml-reader.ts';
import { escapeText } from '../../../../server/adapters/exchange/edxml/xml-text.ts';

const read = (xml: string): XmlElement => {
  const result = readXml(Buffer.from(xml, 'utf8'));
  if (!result.ok) return expect.unreachable(result.error.message);
  return result.value;
};
const codeOf = (xml: string): string | null => {
  const result = readXml(Buffer.from(xml, 'utf8'));
  return result.ok ? null : result.error.code;
};

describe('XML reader', () => {
  it.each([
    ['two roots', '<a/><b/>'],
    ['an element that is not closed', '<a><b></a>'],
    ['crossed elements', '<a><b></a></b>'],
    ['an end without a start', '</a>'],
    ['text before the root', 'x<a/>'],
    ['text after the root', '<a/>x'],
    ['a repeated attribute', '<a x="1" x="2"/>'],
    ['an attribute without quotes', '<a x=1/>'],
    ['an attribute without a value', '<a x/>'],
    ['attributes without space between them', '<a x="1"y="2"/>'],
    ['"<" in an attribute', '<a x="<"/>'],
    ['a bare ampersand', '<a>A & B</a>'],
    ['a reference without a semicolon', '<a>&amp</a>'],
    ['a bare "<"', '<a>1 < 2</a>'],
    ['"]]>" in text', '<a>]]></a>'],
    ['CDATA outside the root', '<![CDATA[x]]><a/>'],
    ['a comment with two hyphens', '<a><!-- a -- b --></a>'],
    ['a comment that is not closed', '<a><!-- </a>'],
    ['a second XML declaration', '<a/><?xml version="1.0"?>'],
    ['a name that begins with a digit', '<1a/>'],
    ['a space before the name', '< a/>'],
    ['a control character', '<a>\u0001</a>'],
    ['U+FFFF', '<a>\uffff</a>'],
    ['only a comment', '<!-- x -->'],
  ])('refuses %s', (_, xml) => {
    expect(codeOf(xml)).toBe('X.Syntax');
  });

  it.each(['<a:b/>', '<a x:y="1"/>', '<a:b:c xmlns:a="u"/>', '<:a/>'])('refuses the unresolvable name in %s', (xml) => {
    expect(codeOf(xml)).toBe('X.Namespace');
  });

  it.each(['&nbsp;', '&#xD800;', '&#55296;', '&#x110000;', '&#1;', '&constructor;', '&#xFFFE;'])(
    'refuses the reference %s',
    (reference) => {
      expect(codeOf(`<a>${reference}</a>`)).toBe('X.Entity');
    },
  );

  it('resolves the predefined and numeric references once', () => {
    expect(decodedText(read('<a>&lt;&gt;&amp;&apos;&quot;&#7897;&#x1ED9;&amp;lt;</a>'))).toBe('<>&\'"ộộ&lt;');
  });

  it('keeps namespaces to the element that declares them', () => {
    const root = read('<a xmlns="u" xmlns:p="v"><b xmlns=""><c/></b><p:d xmlns:p="w"/><p:e/></a>');
    const [b, d, e] = root.children;
    expect([root, b, b?.children[0], d, e].map((one) => one?.namespace)).toEqual(['u', '', '', 'w', 'v']);
  });

  it('gives attributes without a prefix no namespace', () => {
    const root = read('<a xmlns="u" xmlns:p="v" x="1&#10;&lt;" p:x="2"/>');
    expect([attributeOf(root, 'x'), attributeOf(root, 'x', 'v'), attributeOf(root, 'y')]).toEqual(['1\n<', '2', '']);
  });

  it('reads names that would be special in JavaScript as names', () => {
    const root = read('<a><__proto__>1</__proto__><constructor>2</constructor></a>');
    expect(root.children.map((child) => [child.localName, child.text])).toEqual([
      ['__proto__', '1'],
      ['constructor', '2'],
    ]);
  });

  it('reads names with Vietnamese letters', () => {
    expect(read('<số_đến>7</số_đến>').localName).toBe('số_đến');
  });

  it('turns line ends into line feeds but keeps escaped carriage returns', () => {
    expect(read('<a>x\r\ny\rz&#13;</a>').text).toBe('x\ny\nz\r');
  });

  it('gives any legal text back that the writer has escaped', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
        fc.pre(!/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|\p{Surrogate}/u.test(text));
        const root = read(`<a>${escapeText(text)}</a>`);
        expect(Buffer.from(root.text, 'latin1').toString('utf8')).toBe(text);
      }),
      { numRuns: 500 },
    );
  });

  it('agrees with another parser on the tree of random documents', () => {
    const parser = new XMLParser({ preserveOrder: true, parseTagValue: false, trimValues: true, maxNestedTags: 64 });
    const tree = fc.letrec<{ node: string }>((tie) => ({
      node: fc
        .tuple(
          fc.constantFrom('a', 'Reference', 'x-y', 'B1'),
          fc.oneof(
            { depthSize: 'small', withCrossShrink: true },
            fc.stringMatching(/^[\p{L}\d.,;:/()-]{1,20}$/u),
            fc.array(tie('node'), { minLength: 1, maxLength: 3 }).map((nodes) => nodes.join('')),
          ),
        )
        .map(([name, inner]) => `<${name}>${inner}</${name}>`),
    })).node;
    fc.assert(
      fc.property(tree, (xml) => {
        expect(simple(read(xml))).toEqual(simpleOther(parser.parse(xml)[0]));
      }),
      { numRuns: 200 },
    );
  });
});

type Simple = readonly [name: string, content: string | readonly Simple[]];

const simple = (element: XmlElement): Simple => [
  element.localName,
  element.children.length === 0 ? decodedText(element) : element.children.map(simple),
];

function simpleOther(node: Readonly<Record<string, unknown>>): Simple {
  const [name = '', content] = Object.entries(node)[0] ?? [];
  const children = content as Readonly<Record<string, unknown>>[]; // the shape of preserveOrder
  const text = children[0]?.['#text'];
  return [name, typeof text === 'string' ? text.normalize('NFC') : children.map(simpleOther)];
}
