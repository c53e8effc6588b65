// What the codec writes, and that it reads its own writing back without loss.

import { describe, expect, it } from 'vitest';

import { createEdxmlCodec } from '../../../../server/adapters/exchange/edxml/codec.ts';
import { listZip } from '../../../../server/adapters/exchange/edxml/zip.ts';
import type { WireMessage } from '../../../../server/modules/exchange/ports.ts';
import { AppError } from '../../../../server/shared/app-error.ts';
import { day, documentMessage, instant, pdfBytes, statusMessage } from './sample-messages.ts';

const codec = createEdxmlCodec();
const xmlOf = (message: WireMessage): string => Buffer.from(codec.encode(message)).toString('utf8');

const refusalOf = (message: WireMessage): AppError => {
  try {
    codec.encode(message);
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  return expect.unreachable('the message was written');
};

describe('edXML round trip', () => {
  it('gives back every field of a document message', () => {
    const message = documentMessage();
    expect(codec.decode(codec.encode(message))).toEqual({ ok: true, value: message });
  });

  it('gives back every field of a status message', () => {
    const message = statusMessage();
    expect(codec.decode(codec.encode(message))).toEqual({ ok: true, value: message });
  });

  it('keeps absent optional fields absent', () => {
    const message = documentMessage({
      dueOn: null,
      issuedPlace: '',
      signer: { capacity: '', position: 'Giám đốc', fullName: 'Y Bhăm Êban' },
      recipientsLines: [],
      staff: { department: '', name: 'Văn thư' },
    });
    expect(codec.decode(codec.encode(message))).toEqual({ ok: true, value: message });
    expect(xmlOf(message)).not.toContain('DueDate');
  });

  it('keeps a status without the date of the document that it answers', () => {
    const { responseFor } = statusMessage();
    const message = statusMessage({ responseFor: { ...responseFor, issuedOn: null } });
    expect(codec.decode(codec.encode(message))).toEqual({ ok: true, value: message });
  });

  it('keeps both apostrophes and the letters of the highland names', () => {
    const message = documentMessage({ subject: "Cư M'gar, M’Đrắk, Ea H'leo, Krông Păc, Cư Êbur – đợt 1" });
    const read = codec.decode(codec.encode(message));
    expect(read.ok && read.value.kind === 'document' && read.value.subject).toBe(message.subject);
  });

  it('turns decomposed letters into the composed form', () => {
    const decomposed = 'Thông báo kết quả'.normalize('NFD');
    const read = codec.decode(codec.encode(documentMessage({ subject: decomposed })));
    expect(decomposed).not.toBe('Thông báo kết quả');
    expect(read.ok && read.value.kind === 'document' && read.value.subject).toBe('Thông báo kết quả');
  });

  it('keeps line breaks and carriage returns inside a text', () => {
    const message = statusMessage({ description: 'Sai thể thức:\r\n- thiếu số\n- thiếu ngày\ttháng' });
    expect(codec.decode(codec.encode(message))).toEqual({ ok: true, value: message });
  });

  it('carries an attachment that is a ZIP archive itself', () => {
    const inner = Buffer.from(codecZip('bao-cao.csv', 'a;b'));
    const attachment = { name: 'so-lieu.zip', description: '', contentType: 'application/zip', bytes: inner };
    const message = documentMessage({ attachments: [attachment] });
    const read = codec.decode(codec.encode(message));
    expect(read).toMatchObject({ ok: true, value: { attachments: [{ name: 'so-lieu.zip', bytes: inner }] } });
  });
});

describe('edXML writer', () => {
  it('writes the same bytes for the same message', () => {
    const one = codec.encode(documentMessage());
    const other = codec.encode(structuredClone(documentMessage()));
    expect(Buffer.compare(one, other)).toBe(0);
  });

  it('writes the elements of the header in the order of the standard', () => {
    const header = /<edXML:MessageHeader>([\s\S]*)<\/edXML:MessageHeader>/.exec(xmlOf(documentMessage()))?.[1] ?? '';
    const names = [...header.matchAll(/^ {8}<edXML:(\w+)>/gm)].map((found) => found[1]);
    expect([...new Set(names)]).toEqual([
      'From',
      'To',
      'DocumentId',
      'Code',
      'PromulgationInfo',
      'DocumentType',
      'Subject',
      'Content',
      'SignerInfo',
      'DueDate',
      'OtherInfo',
      'ToPlaces',
    ]);
  });

  it('spells the operation block as the other systems do', () => {
    const xml = xmlOf(documentMessage());
    expect(xml).toContain('<edXML:BussinessDocType>0</edXML:BussinessDocType>');
    expect(xml).toContain('<edXML:BussinessDocReason>Văn bản điện tử mới</edXML:BussinessDocReason>');
  });

  it('writes times in Vietnam time', () => {
    // 18:30 UTC is half past one of the next day in Vietnam
    const xml = xmlOf(documentMessage({ sentAt: instant('2019-05-06T18:30:05.000Z') }));
    expect(xml).toContain('<edXML:Timestamp>2019/05/07 01:30:05</edXML:Timestamp>');
  });

  it('packs each attachment as a ZIP with one entry', () => {
    const content = /ContentTransferEncoded [^>]*>([^<]+)</.exec(xmlOf(documentMessage()))?.[1] ?? '';
    const listed = listZip(Buffer.from(content, 'base64'));
    expect(listed.ok && listed.value.map((entry) => entry.name)).toEqual(['3321_UBND-KSTTHC.signed.pdf']);
  });

  it('puts attachments into the default namespace and their content into the prefixed one', () => {
    const xml = xmlOf(documentMessage());
    expect(xml).toMatch(/<AttachmentEncoded>\n {4}<Attachment>\n {6}<ContentId>cid:1<\/ContentId>/);
    expect(xml).toContain('<edXML:ContentTransferEncoded xmlns:edXML="http://www.mic.gov.vn/TBT/QCVN_102_2016">UEsDB');
  });

  it('writes neither trace, body nor attachments for a status', () => {
    const xml = xmlOf(statusMessage());
    expect(xml).not.toMatch(/TraceHeaderList|edXMLBody|AttachmentEncoded/);
  });

  it.each<[string, Partial<ReturnType<typeof documentMessage>>, string]>([
    ['a number', { number: '123456789012' }, 'R.MessageHeader.Code.CodeNumber'],
    ['a notation', { notation: 'N'.repeat(31) }, 'R.MessageHeader.Code.CodeNotation'],
    ['a subject', { subject: 'ộ'.repeat(501) }, 'R.MessageHeader.Subject'],
    ['a place', { issuedPlace: 'x'.repeat(51) }, 'R.MessageHeader.PromulgationInfo.Place'],
    ['a recipients line', { recipientsLines: ['x'.repeat(151)] }, 'R.MessageHeader.ToPlaces.Place'],
    ['a page count', { pageCount: 1000 }, 'R.MessageHeader.OtherInfo.PageAmount'],
    ['an identifier', { documentId: 'x'.repeat(256) }, 'R.MessageHeader.DocumentId'],
  ])('refuses %s that is too long', (_, changes, code) => {
    const refusal = refusalOf(documentMessage(changes));
    expect(refusal).toMatchObject({ kind: 'rule', code: 'EXCHANGE_FIELD_TOO_LONG' });
    expect(refusal.details['problems']).toEqual(expect.arrayContaining([code]));
  });

  it('counts characters and not bytes or UTF-16 units', () => {
    const subject = '𝐀'.repeat(249) + 'ộ'.repeat(251);
    expect(codec.decode(codec.encode(documentMessage({ subject })))).toMatchObject({ ok: true, value: { subject } });
  });

  it.each<[string, Partial<ReturnType<typeof documentMessage>>, string]>([
    ['no recipient', { to: [] }, 'N.MessageHeader.To'],
    [
      'a recipient named twice',
      { to: [0, 1].map(() => ({ code: '000.00.13.H15', name: 'Sở' })) },
      'M.MessageHeader.To.OrganId',
    ],
    ['a sender without a code', { from: { code: '', name: 'UBND' } }, 'N.MessageHeader.From.OrganId'],
    ['a sender with a truncated code', { from: { code: '13.H15', name: 'Sở' } }, 'M.MessageHeader.From.OrganId'],
    ['an empty subject', { subject: '  ' }, 'N.MessageHeader.Subject'],
    ['no attachment', { attachments: [] }, 'N.edXMLManifest.Reference'],
    ['a control character', { subject: 'a\u0007b' }, 'T.MessageHeader.Subject'],
    ['half a surrogate pair', { subject: 'a\ud800b' }, 'T.MessageHeader.Subject'],
    ['a page count that is no number', { pageCount: Number.NaN }, 'T.MessageHeader.OtherInfo.PageAmount'],
    ['a day that does not exist', { issuedOn: day('2019-02-30') }, 'T.MessageHeader.PromulgationInfo.PromulgationDate'],
    [
      'an attachment name with a path',
      { attachments: [{ name: '../a.pdf', description: '', contentType: 'application/pdf', bytes: pdfBytes('a') }] },
      'M.edXMLManifest.Reference.AttachmentName',
    ],
    [
      'an empty attachment',
      { attachments: [{ name: 'a.pdf', description: '', contentType: 'application/pdf', bytes: new Uint8Array() }] },
      'N.AttachmentEncoded.Attachment.ContentTransferEncoded',
    ],
  ])('refuses %s', (_, changes, code) => {
    const refusal = refusalOf(documentMessage(changes));
    expect(refusal).toMatchObject({ kind: 'rule', code: 'EXCHANGE_MESSAGE_INVALID' });
    expect(refusal.details['problems']).toEqual(expect.arrayContaining([code]));
  });

  it('refuses an attachment beyond the size limit before packing it', () => {
    const bytes = new Uint8Array(50 * 1024 * 1024 + 1);
    const attachments = [{ name: 'a.pdf', description: '', contentType: 'application/pdf', bytes }];
    expect(refusalOf(documentMessage({ attachments }))).toMatchObject({
      kind: 'too-large',
      code: 'EXCHANGE_MESSAGE_TOO_LARGE',
    });
  });
});

/** The ZIP that the codec makes of one file, taken from a message. */
function codecZip(name: string, text: string): Uint8Array {
  const attachments = [{ name, description: '', contentType: 'text/csv', bytes: Buffer.from(text) }];
  const content = /ContentTransferEncoded [^>]*>([^<]+)</.exec(xmlOf(documentMessage({ attachments })))?.[1] ?? '';
  return Buffer.from(content, 'base64');
}
