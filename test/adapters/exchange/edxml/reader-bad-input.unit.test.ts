// Bad input → stable codes. The base is a good message of our own; each case damages one thing in it.

import { deflateRawSync } from 'node:zlib';

import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';

import { createEdxmlCodec } from '../../../../server/adapters/exchange/edxml/codec.ts';
import { documentMessage, pdfBytes, statusMessage } from './sample-messages.ts';

const codec = createEdxmlCodec();
const GOOD_DOCUMENT = Buffer.from(codec.encode(documentMessage())).toString('utf8');
const GOOD_STATUS = Buffer.from(codec.encode(statusMessage())).toString('utf8');

const codesOf = (input: string | Uint8Array): readonly string[] => {
  const result = codec.decode(typeof input === 'string' ? Buffer.from(input, 'utf8') : input);
  return result.ok ? [] : result.error.map((problem) => problem.code);
};

/** Replaces in the good document and insists that there was something to replace. */
const changed = (pattern: string | RegExp, replacement: string, base = GOOD_DOCUMENT): string => {
  const result = base.replace(pattern, replacement);
  expect(result).not.toBe(base);
  return result;
};
const element = (name: string): RegExp => new RegExp(`<edXML:${name}>[\\s\\S]*?</edXML:${name}>`);
const withContent = (bytes: Uint8Array): string =>
  changed(/(ContentTransferEncoded [^>]*>)[^<]+/, `$1${Buffer.from(bytes).toString('base64')}`);

describe('document messages with bad content', () => {
  it('start from a message that is read without problems', () => {
    expect(codesOf(GOOD_DOCUMENT)).toEqual([]);
    expect(codesOf(GOOD_STATUS)).toEqual([]);
  });

  it.each<[string, () => string, string]>([
    ['no header', () => changed(element('MessageHeader'), ''), 'N.MessageHeader'],
    ['two headers', () => changed(element('MessageHeader'), '$&$&'), 'M.MessageHeader'],
    ['no sender', () => changed(element('From'), ''), 'N.MessageHeader.From'],
    ['no recipient', () => changed(/<edXML:To>[\s\S]*<\/edXML:To>/, ''), 'N.MessageHeader.To'],
    [
      'a recipient without a code',
      () => changed(/(<edXML:To>\s*)<edXML:OrganId>.*/, '$1'),
      'N.MessageHeader.To.OrganId',
    ],
    ['a recipient named twice', () => changed('000.00.33.H15', '000.00.13.H15'), 'M.MessageHeader.To.OrganId'],
    ['a recipient named twice in two forms', () => changed('000.00.33.H15', '13.H15'), 'M.MessageHeader.To.OrganId'],
    ['a wrong agency code', () => changed('000.00.33.H15', '000.00.33.115'), 'M.MessageHeader.To.OrganId'],
    [
      'an agency code that is too long',
      () => changed('000.00.33.H15', '000.00.33.00.H15'),
      'R.MessageHeader.To.OrganId',
    ],
    [
      'an agency name that is too long',
      () => changed('UBND tỉnh Đắk Lắk', 'ủ'.repeat(201)),
      'R.MessageHeader.From.OrganName',
    ],
    ['no identifier', () => changed(element('DocumentId'), ''), 'N.MessageHeader.DocumentId'],
    ['no number', () => changed(element('CodeNumber'), ''), 'N.MessageHeader.Code.CodeNumber'],
    [
      'a notation that is too long',
      () => changed('>UBND-KSTTHC<', `>${'N'.repeat(31)}<`),
      'R.MessageHeader.Code.CodeNotation',
    ],
    ['no date', () => changed(element('PromulgationDate'), ''), 'N.MessageHeader.PromulgationInfo.PromulgationDate'],
    [
      'a date that does not exist',
      () => changed('>2019/05/06<', '>2019/02/30<'),
      'T.MessageHeader.PromulgationInfo.PromulgationDate',
    ],
    ['a date in words', () => changed('>2019/06/15<', '>mai<'), 'R.MessageHeader.DueDate|T.MessageHeader.DueDate'],
    ['no type name', () => changed(element('TypeName'), ''), 'N.MessageHeader.DocumentType.TypeName'],
    [
      'a type number in letters',
      () => changed('<edXML:Type>2<', '<edXML:Type>CV<'),
      'T.MessageHeader.DocumentType.Type',
    ],
    ['an empty subject', () => changed(/<edXML:Subject>.*</, '<edXML:Subject> <'), 'N.MessageHeader.Subject'],
    ['two subjects', () => changed(element('Subject'), '$&$&'), 'M.MessageHeader.Subject'],
    [
      'a subject that holds elements',
      () => changed(/<edXML:Subject>.*</, '<edXML:Subject><b/><'),
      'T.MessageHeader.Subject',
    ],
    ['no signer', () => changed(element('SignerInfo'), ''), 'N.MessageHeader.SignerInfo'],
    ['a bad priority', () => changed('<edXML:Priority>2<', '<edXML:Priority>7<'), 'M.MessageHeader.OtherInfo.Priority'],
    [
      'a priority in letters',
      () => changed('<edXML:Priority>2<', '<edXML:Priority>x<'),
      'T.MessageHeader.OtherInfo.Priority',
    ],
    [
      'a negative page count',
      () => changed('<edXML:PageAmount>3<', '<edXML:PageAmount>-3<'),
      'T.MessageHeader.OtherInfo.PageAmount',
    ],
    ['no route', () => changed(element('TraceHeaderList'), ''), 'N.TraceHeaderList'],
    ['a time that does not exist', () => changed('15:20:11', '25:20:11'), 'T.TraceHeaderList.TraceHeader.Timestamp'],
    ['no operation', () => changed(element('Bussiness'), ''), 'N.TraceHeaderList.Bussiness'],
    ['a recall', () => changed('DocType>0<', 'DocType>1<'), 'M.TraceHeaderList.Bussiness.BussinessDocType'],
    ['an unknown operation', () => changed('DocType>0<', 'DocType>9<'), 'M.TraceHeaderList.Bussiness.BussinessDocType'],
    ['no manifest', () => changed(element('edXMLBody'), ''), 'N.edXMLManifest'],
    ['no attachments', () => changed(/<AttachmentEncoded>[\s\S]*<\/AttachmentEncoded>/, ''), 'N.AttachmentEncoded'],
    [
      'no attachment for a reference',
      () => changed('<ContentId>cid:2', '<ContentId>cid:9'),
      'M.edXMLManifest.Reference.ContentId',
    ],
    [
      'an attachment without a reference',
      () => changed(element('Reference'), ''),
      'M.AttachmentEncoded.Attachment.ContentId',
    ],
    [
      'one id for two attachments',
      () => changed('<ContentId>cid:2', '<ContentId>cid:1'),
      'M.AttachmentEncoded.Attachment.ContentId',
    ],
    [
      'an attachment name with a path',
      () => changed('>Danh mục cơ quan.xlsx</A', '>../../etc/passwd</A'),
      'M.AttachmentEncoded.Attachment.AttachmentName',
    ],
    [
      'an attachment name with a backslash',
      () => changed('>Danh mục cơ quan.xlsx</A', '>..\\a.exe</A'),
      'M.AttachmentEncoded.Attachment.AttachmentName',
    ],
    [
      'content that is no base64',
      () => changed(/(ContentTransferEncoded [^>]*>)[^<]+/, '$1ABC*'),
      'T.AttachmentEncoded.Attachment.ContentTransferEncoded',
    ],
    [
      'content that is cut off',
      () => changed(/(ContentTransferEncoded [^>]*>)([^<]{20})[^<]+/, '$1$2'),
      'M.AttachmentEncoded.Attachment.ContentTransferEncoded',
    ],
    [
      'no content',
      () => changed(/(ContentTransferEncoded [^>]*>)[^<]+/, '$1'),
      'N.AttachmentEncoded.Attachment.ContentTransferEncoded',
    ],
  ])('with %s are refused', (_, message, code) => {
    expect(codesOf(message())).toEqual(expect.arrayContaining([expect.stringMatching(new RegExp(`^(${code})$`))]));
  });

  it('report every problem at once, with a path that a person can follow', () => {
    const message = changed(element('From'), '')
      .replace('<edXML:Priority>2<', '<edXML:Priority>7<')
      .replace(element('TraceHeaderList'), '');
    const result = codec.decode(Buffer.from(message));
    expect(result.ok ? [] : result.error).toEqual([
      { code: 'N.MessageHeader.From', message: 'MessageHeader.From is missing or empty.' },
      { code: 'M.MessageHeader.OtherInfo.Priority', message: 'MessageHeader.OtherInfo.Priority is greater than 4.' },
      { code: 'N.TraceHeaderList', message: 'TraceHeaderList is missing.' },
    ]);
  });
});

describe('status messages with bad content', () => {
  it.each<[string, () => string, string]>([
    ['no sender', () => changed(element('From'), '', GOOD_STATUS), 'N.MessageHeader.From'],
    ['no reference', () => changed(element('ResponseFor'), '', GOOD_STATUS), 'N.MessageHeader.ResponseFor'],
    [
      'an empty reference',
      () => changed(element('ResponseFor'), '<edXML:ResponseFor><edXML:Code/></edXML:ResponseFor>', GOOD_STATUS),
      'N.MessageHeader.ResponseFor',
    ],
    ['no identifier', () => changed(element('DocumentId'), '', GOOD_STATUS), 'N.MessageHeader.ResponseFor.DocumentId'],
    ['an empty code', () => changed('>03<', '><', GOOD_STATUS), 'N.MessageHeader.StatusCode'],
    ['a code in letters', () => changed('>03<', '>OK<', GOOD_STATUS), 'T.MessageHeader.StatusCode'],
    ['a code that is too long', () => changed('>03<', '>103<', GOOD_STATUS), 'R.MessageHeader.StatusCode'],
    ['no time', () => changed(element('Timestamp'), '', GOOD_STATUS), 'N.MessageHeader.Timestamp'],
    [
      'a description that is too long',
      () => changed('Đã tiếp nhận', 'x'.repeat(500), GOOD_STATUS),
      'R.MessageHeader.Description',
    ],
  ])('with %s are refused', (_, message, code) => {
    expect(codesOf(message())).toContain(code);
  });
});

describe('input that is no message', () => {
  const LOL = Array.from({ length: 9 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`).join('');

  it.each<[string, string | Uint8Array, string]>([
    ['nothing', '', 'X.Syntax'],
    ['plain text', 'Kính gửi: Sở Thông tin và Truyền thông', 'X.Syntax'],
    ['a PDF', pdfBytes('x'), 'X.Syntax'],
    ['JSON', '{"edXML":true}', 'X.Syntax'],
    ['a document type declaration', `<!DOCTYPE edXML>${GOOD_DOCUMENT.slice(39)}`, 'X.Doctype'],
    ['an external entity', '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', 'X.Doctype'],
    ['a billion laughs', `<!DOCTYPE a [<!ENTITY l0 "lol">${LOL}]><a>&l9;</a>`, 'X.Doctype'],
    ['an entity of HTML', changed('Đắk Lắk</edXML:Place>', '&nbsp;</edXML:Place>'), 'X.Entity'],
    ['a reference to a forbidden character', changed('Đắk Lắk</edXML:Place>', '&#0;</edXML:Place>'), 'X.Entity'],
    ['elements that are 10,000 deep', `${'<a>'.repeat(10_000)}${'</a>'.repeat(10_000)}`, 'X.Depth'],
    ['a hundred thousand elements', `<a>${'<b/>'.repeat(100_000)}</a>`, 'X.Limit'],
    ['two hundred thousand references', `<a>${'&amp;'.repeat(200_000)}</a>`, 'X.Limit'],
    ['another root element', '<html xmlns="http://www.w3.org/1999/xhtml"/>', 'X.Root'],
    ['the right name in the wrong namespace', GOOD_DOCUMENT.replaceAll('QCVN_102_2016', 'QCVN_102_2099'), 'X.Root'],
    ['a prefix that is not bound', '<edXML:edXML/>', 'X.Namespace'],
    ['UTF-16', Buffer.from(`\ufeff${GOOD_DOCUMENT}`, 'utf16le'), 'X.Encoding'],
    ['bytes that are not UTF-8', Buffer.from([0x3c, 0x61, 0x3e, 0xff, 0x3c, 0x2f, 0x61, 0x3e]), 'X.Encoding'],
    ['a declared encoding other than UTF-8', '<?xml version="1.0" encoding="windows-1258"?><a/>', 'X.Encoding'],
  ])('(%s) is refused with one problem', (_, input, code) => {
    expect(codesOf(input)).toEqual([code]);
  });

  it('is refused by its size before it is looked at', () => {
    expect(codesOf(new Uint8Array(100 * 1024 * 1024 + 1))).toEqual(['X.Size']);
  });
});

describe('attachments that attack', () => {
  const DIRECTORY = Buffer.from('PK\u0001\u0002');
  const CONTENT = 'AttachmentEncoded.Attachment.ContentTransferEncoded';

  it('with a ZIP bomb are refused without being unpacked', () => {
    // the data are never looked at, so the stated size alone makes the bomb
    const bomb = Buffer.from(zipSync({ 'a.pdf': pdfBytes('x') }));
    bomb.writeUInt32LE(60 * 1024 * 1024, bomb.indexOf(DIRECTORY) + 24);
    expect(codesOf(withContent(bomb))).toContain(`R.${CONTENT}`);
  });

  it('with a ZIP bomb that lies about its size are refused', () => {
    const bomb = Buffer.from(zipSync({ 'a.pdf': new Uint8Array(8 * 1024 * 1024) }));
    bomb.writeUInt32LE(1_000, bomb.indexOf(DIRECTORY) + 24);
    bomb.writeUInt32LE(1_000, 22);
    expect(codesOf(withContent(bomb))).toContain(`M.${CONTENT}`);
  });

  it.each(['../../etc/passwd', '/etc/passwd', 'a/../../b.pdf', '..\\..\\b.pdf', 'C:\\b.pdf', 'C:b.pdf'])(
    'with the ZIP entry %s are refused',
    (name) => {
      expect(codesOf(withContent(zipSync({ [name]: pdfBytes('x') })))).toContain(`M.${CONTENT}`);
    },
  );

  it('with more than one file in the ZIP are refused', () => {
    expect(codesOf(withContent(zipSync({ 'a.pdf': pdfBytes('a'), 'b.pdf': pdfBytes('b') })))).toContain(`M.${CONTENT}`);
  });

  it('with no file in the ZIP are refused', () => {
    expect(codesOf(withContent(zipSync({})))).toContain(`M.${CONTENT}`);
  });

  it('with a flipped bit in the ZIP are refused', () => {
    const zip = Buffer.from(zipSync({ 'a.pdf': [pdfBytes('nội dung'), { level: 0 }] }));
    const at = zip.indexOf(Buffer.from('%PDF'));
    zip.writeUInt8(zip.readUInt8(at + 6) ^ 1, at + 6);
    expect(codesOf(withContent(zip))).toContain(`M.${CONTENT}`);
  });

  it('with an encrypted ZIP are refused', () => {
    const zip = Buffer.from(zipSync({ 'a.pdf': pdfBytes('x') }));
    zip.writeUInt16LE(1, zip.indexOf(DIRECTORY) + 8);
    expect(codesOf(withContent(zip))).toContain(`M.${CONTENT}`);
  });

  it('with a compression method other than deflate are refused', () => {
    const zip = Buffer.from(zipSync({ 'a.pdf': pdfBytes('x') }));
    zip.writeUInt16LE(12, zip.indexOf(DIRECTORY) + 10);
    expect(codesOf(withContent(zip))).toContain(`M.${CONTENT}`);
  });

  it('that together exceed the total are refused, although each is allowed', () => {
    // stored, not deflated: cheap to make, and base64 of zeros is one letter
    const base64 = Buffer.from(zipSync({ 'a.pdf': [new Uint8Array(36 * 1024 * 1024), { level: 0 }] })).toString(
      'base64',
    );
    const message = GOOD_DOCUMENT.replace(/(ContentTransferEncoded [^>]*>)[^<]+/g, `$1${base64}`);
    expect(codesOf(message)).toEqual([`R.${CONTENT}`]);
  });

  it('with more than fifty files are refused', () => {
    const references = Array.from(
      { length: 51 },
      (_, i) => `<edXML:Reference><edXML:ContentId>cid:${i}</edXML:ContentId></edXML:Reference>`,
    );
    const message = changed(/<edXML:Reference>[\s\S]*<\/edXML:Reference>/, references.join(''));
    expect(codesOf(message)).toContain('R.edXMLManifest.Reference');
  });

  it('whose stream ends early are refused', () => {
    const content = pdfBytes('x'.repeat(1_000));
    const zip = Buffer.from(zipSync({ 'a.pdf': content }));
    const packed = deflateRawSync(content);
    zip.fill(0, 35, 35 + Math.floor(packed.length / 2));
    expect(codesOf(withContent(zip))).toContain(`M.${CONTENT}`);
  });
});
