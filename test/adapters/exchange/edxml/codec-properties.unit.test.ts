// Random valid messages survive the wire unchanged, and random bytes never make the reader throw.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { createEdxmlCodec } from '../../../../server/adapters/exchange/edxml/codec.ts';
import { mediaTypeOf } from '../../../../server/adapters/exchange/edxml/media-types.ts';
import type { DocumentMessage, StatusMessage, WireAttachment } from '../../../../server/modules/exchange/ports.ts';
import { day, documentMessage, instant } from './sample-messages.ts';

const codec = createEdxmlCodec();

const FORBIDDEN = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|\p{Surrogate}/u;
const unit = fc.oneof(
  fc.constantFrom(...'aăâbcdđeêghiklmnoôơpqrstuưvxyỆỘỬẴ ỗữậ\'’"&<>;:,./-–()0123456789\r\n\t'),
  fc.string({ unit: 'grapheme', maxLength: 1 }),
);

/** Text as it is on the wire: NFC, trimmed, legal in XML, of limited length. */
const text = (minLength: number, maxLength: number): fc.Arbitrary<string> =>
  fc
    .array(unit, { maxLength })
    .map((units) => [...units.join('').normalize('NFC')].slice(0, maxLength).join('').normalize('NFC').trim())
    .filter((value) => [...value].length >= minLength && [...value].length <= maxLength && !FORBIDDEN.test(value));

const digits = (length: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: length, maxLength: length });
const agencyCode = fc
  .tuple(digits(3), digits(2), digits(2), fc.constantFrom(...'AGHX'), digits(2))
  .map(([v, z, y, m, x]) => `${v}.${z}.${y}.${m}${x}`);
const agency = fc.record({ code: agencyCode, name: text(1, 200) });
const date = fc
  .date({ min: new Date('1990-01-01'), max: new Date('2060-12-31'), noInvalidDate: true })
  .map((value) => day(value.toISOString().slice(0, 10)));
const second = fc
  .integer({ min: 631_152_000, max: 2_871_763_199 })
  .map((value) => instant(new Date(value * 1000).toISOString()));
const staff = fc.record({ department: text(0, 60), name: text(0, 60) });

const fileName = fc
  .tuple(text(1, 40), fc.constantFrom('pdf', 'docx', 'xlsx', 'zip', 'txt', 'bin', 'PDF'))
  .map(([stem, extension]) => `${stem.replace(/[\\/:\u0000-\u001f\u007f]/g, '_')}.${extension}`);
const attachment: fc.Arbitrary<WireAttachment> = fc
  .record({
    name: fileName,
    description: text(0, 80),
    bytes: fc.uint8Array({ minLength: 1, maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  })
  .map((value) => ({ ...value, contentType: mediaTypeOf(value.name, value.bytes) }));

const document: fc.Arbitrary<DocumentMessage> = fc.record({
  kind: fc.constant('document'),
  from: agency,
  to: fc.uniqueArray(agency, { minLength: 1, maxLength: 5, selector: (one) => one.code }),
  documentId: text(1, 255),
  number: text(1, 11),
  notation: text(1, 30),
  issuedPlace: text(0, 50),
  issuedOn: date,
  documentTypeName: text(1, 100),
  documentTypeDetail: fc.integer({ min: 0, max: 32 }),
  subject: text(1, 500),
  signer: fc.record({ capacity: text(0, 100), position: text(1, 100), fullName: text(1, 50) }),
  dueOn: fc.option(date),
  priority: fc.constantFrom(0, 1, 2, 3),
  pageCount: fc.integer({ min: 0, max: 999 }),
  recipientsLines: fc.array(text(1, 150), { maxLength: 4 }),
  sentAt: second,
  staff,
  attachments: fc.array(attachment, { minLength: 1, maxLength: 3 }),
});

const status: fc.Arbitrary<StatusMessage> = fc.record({
  kind: fc.constant('status'),
  from: agency,
  responseFor: fc.record({
    agencyCode,
    code: text(1, 50),
    issuedOn: fc.option(date),
    documentId: text(1, 255),
  }),
  statusCode: digits(2),
  description: text(0, 500),
  at: second,
  staff,
});

describe('edXML codec under random messages', () => {
  it('reads every valid document message back as it was', () => {
    fc.assert(
      fc.property(document, (message) => {
        expect(codec.decode(codec.encode(message))).toEqual({ ok: true, value: message });
      }),
      { numRuns: 150 },
    );
  });

  it('reads every valid status message back as it was', () => {
    fc.assert(
      fc.property(status, (message) => {
        expect(codec.decode(codec.encode(message))).toEqual({ ok: true, value: message });
      }),
      { numRuns: 300 },
    );
  });

  it('answers with problems and never throws for a message damaged at random', () => {
    const bytes = Buffer.from(codec.encode(documentMessage()));
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.uint8Array({ maxLength: 8 }), (at, inserted) => {
        const damaged = Buffer.concat([bytes.subarray(0, at), Buffer.from(inserted), bytes.subarray(at + 2)]);
        const read = codec.decode(damaged);
        expect(read.ok || read.error.length > 0).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('refuses every message that is cut off', () => {
    const bytes = codec.encode(documentMessage());
    fc.assert(
      fc.property(fc.nat(bytes.length - 10), (length) => {
        expect(codec.decode(bytes.subarray(0, length)).ok).toBe(false);
      }),
    );
  });
});
