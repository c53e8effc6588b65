// The DER writer and reader: what we write is DER, what we read may be BER, and malformed input is a DerFault.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bitString,
  childrenOf,
  DerFault,
  encode,
  integer,
  integerHexOf,
  octetsOf,
  oid,
  oidOf,
  readDer,
  sequence,
  setOf,
  time,
  timeOf,
  utf8String,
} from '../../../server/adapters/signing/der.ts';
import { readSignedData } from '../../../server/adapters/signing/cms.ts';
import { readCertificate } from '../../../server/adapters/signing/certificate.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'));

describe('DER writer', () => {
  it.each([
    [integer(0), '020100'],
    [integer(128), '02020080'],
    [integer(Uint8Array.of(0, 0, 1)), '020101'],
    [oid('1.2.840.113549.1.7.2'), '06092a864886f70d010702'],
    [oid('2.5.29.15'), '0603551d0f'],
    [utf8String('Đắ'), '0c05c490e1baaf'],
    [bitString(Uint8Array.of(0xc0), 6), '030206c0'],
    [time(new Date('2019-05-06T01:00:00Z')), '170d3139303530363031303030305a'],
    [time(new Date('2050-01-01T00:00:00Z')), '180f32303530303130313030303030305a'],
  ])('writes case %#', (written, expected) => {
    expect(hex(written)).toBe(expected);
  });

  it('sorts the members of a set by their encoding', () => {
    expect(hex(setOf(integer(5), integer(1), oid('2.5.4.3')))).toBe('310b0201010201050603550403');
  });

  it('writes lengths in the shortest form', () => {
    for (const size of [0, 1, 127, 128, 255, 256, 65_535, 65_536]) {
      const node = readDer(encode(0x04, new Uint8Array(size)));
      expect(node.content.length).toBe(size);
    }
    expect(encode(0x04, new Uint8Array(127)).length).toBe(129);
    expect(encode(0x04, new Uint8Array(128)).length).toBe(131);
  });
});

describe('DER reader', () => {
  it('gives back every object identifier', () => {
    const arc = fc.nat(1_000_000);
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2 }),
        fc.nat(39),
        fc.array(arc, { maxLength: 6 }),
        (first, second, rest) => {
          const dotted = [first, second, ...rest].join('.');
          expect(oidOf(readDer(oid(dotted)))).toBe(dotted);
        },
      ),
    );
  });

  it('gives back every time to the second', () => {
    fc.assert(
      fc.property(fc.integer({ min: -600_000_000, max: 4_000_000_000 }), (seconds) => {
        expect(timeOf(readDer(time(new Date(seconds * 1000)))).getTime()).toBe(seconds * 1000);
      }),
    );
  });

  it('reads BER: indefinite length and an octet string in parts', () => {
    const node = readDer(bytesOf('3080248004024142040143000002010500000000'));
    const [parts, number] = childrenOf(node);
    expect(parts === undefined ? '' : Buffer.from(octetsOf(parts)).toString()).toBe('ABC');
    expect(number === undefined ? '' : integerHexOf(number)).toBe('05');
  });

  it('ignores the zero padding behind an element', () => {
    expect(hex(readDer(Buffer.concat([sequence(integer(1)), Buffer.alloc(50)])).bytes)).toBe('3003020101');
  });

  it.each(['', '30', '3005020101', '3084ffffffff', '1f8101', '30800201'])('refuses %j', (text) => {
    expect(() => readDer(bytesOf(text))).toThrow(DerFault);
  });

  it('refuses nesting beyond the limit', () => {
    expect(() => readDer(bytesOf('3080'.repeat(5_000)))).toThrow(DerFault);
  });

  it('throws nothing but DerFault for random bytes taken as CMS or certificate', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        for (const read of [readSignedData, readCertificate]) {
          try {
            read(Uint8Array.from([0x30, 0x80, ...bytes]));
          } catch (error) {
            expect(error).toBeInstanceOf(DerFault);
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});
