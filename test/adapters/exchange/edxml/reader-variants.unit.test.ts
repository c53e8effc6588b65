// Messages as other producers write them. Each fixture differs from our own writing in the way that its test names.

import { deflateRawSync } from 'node:zlib';

import { describe, expect, it } from 'vitest';

import { createEdxmlCodec } from '../../../../server/adapters/exchange/edxml/codec.ts';
import { zipSingleFile } from '../../../../server/adapters/exchange/edxml/zip.ts';
import type { DocumentMessage, WireMessage } from '../../../../server/modules/exchange/ports.ts';
import { pdfBytes } from './sample-messages.ts';

const codec = createEdxmlCodec();
const NAMESPACE = 'http://www.mic.gov.vn/TBT/QCVN_102_2016';
const PDF = pdfBytes('sample');
const BASE64_PDF = Buffer.from(PDF).toString('base64');
const BASE64_ZIP = Buffer.from(zipSingleFile('x.pdf', PDF)).toString('base64');

const read = (xml: string): WireMessage => {
  const result = codec.decode(Buffer.from(xml, 'utf8'));
  if (!result.ok) return expect.unreachable(JSON.stringify(result.error));
  return result.value;
};
const readDocument = (xml: string): DocumentMessage => {
  const message = read(xml);
  if (message.kind !== 'document') return expect.unreachable('a status was read');
  return message;
};

interface Parts {
  readonly header: string;
  readonly trace: string;
  readonly manifest: string;
  readonly attachments: string;
}

/** Without prefixes; the fixtures add what makes them special. */
const PARTS: Parts = {
  header: `
    <From><OrganId>000.00.00.H15</OrganId><OrganName>UBND tỉnh Đắk Lắk</OrganName></From>
    <To><OrganId>000.00.13.H15</OrganId><OrganName>Sở TT&amp;TT</OrganName></To>
    <DocumentId>000.00.00.H15,2019/05/06,7/UBND-VX</DocumentId>
    <Code><CodeNumber>7</CodeNumber><CodeNotation>UBND-VX</CodeNotation></Code>
    <PromulgationInfo><Place>Đắk Lắk</Place><PromulgationDate>2019/05/06</PromulgationDate></PromulgationInfo>
    <DocumentType><Type>2</Type><TypeDetail>18</TypeDetail><TypeName>Công văn</TypeName></DocumentType>
    <Subject>V/v kết nối, liên thông</Subject>
    <SignerInfo><Position>Chủ tịch</Position><FullName>Phạm Văn Nghĩa</FullName></SignerInfo>
    <OtherInfo><Priority>1</Priority><PageAmount>2</PageAmount></OtherInfo>`,
  trace: `
    <TraceHeader><OrganId>000.00.00.H15</OrganId><Timestamp>2019/05/06 10:00:00</Timestamp></TraceHeader>
    <Bussiness>
      <BussinessDocType>0</BussinessDocType><BussinessDocReason>Văn bản mới</BussinessDocReason><Paper>0</Paper>
      <StaffInfo><Department>Văn thư</Department><Staff>Hoa</Staff></StaffInfo>
    </Bussiness>`,
  manifest: '<Reference><ContentId>cid:209</ContentId><AttachmentName>7.pdf</AttachmentName></Reference>',
  attachments: `<Attachment><ContentId>cid:209</ContentId><AttachmentName>7.pdf</AttachmentName><ContentType>application/zip</ContentType>
    <ContentTransferEncoded>${BASE64_ZIP}</ContentTransferEncoded></Attachment>`,
};

const withoutPrefix = (parts: Parts = PARTS, namespace = NAMESPACE): string =>
  `<edXML xmlns="${namespace}"><edXMLEnvelope><edXMLHeader><MessageHeader>${parts.header}</MessageHeader>` +
  `<TraceHeaderList>${parts.trace}</TraceHeaderList></edXMLHeader><edXMLBody><edXMLManifest version="1.0">` +
  `${parts.manifest}</edXMLManifest></edXMLBody></edXMLEnvelope><AttachmentEncoded>${parts.attachments}` +
  '</AttachmentEncoded></edXML>';

/** Puts a prefix before every element name. */
const prefixed = (xml: string, prefix: string): string =>
  xml.replace(/<(\/?)(\w)/g, `<$1${prefix}:$2`).replace('xmlns=', `xmlns:${prefix}=`);

const expected = {
  kind: 'document',
  from: { code: '000.00.00.H15', name: 'UBND tỉnh Đắk Lắk' },
  to: [{ code: '000.00.13.H15', name: 'Sở TT&TT' }],
  number: '7',
  notation: 'UBND-VX',
  subject: 'V/v kết nối, liên thông',
  priority: 1,
  pageCount: 2,
  dueOn: null,
  sentAt: '2019-05-06T03:00:00.000Z',
  staff: { department: 'Văn thư', name: 'Hoa' },
  attachments: [{ name: '7.pdf', contentType: 'application/pdf' }],
};

describe('edXML of other producers', () => {
  it('is read when everything is in the default namespace', () => {
    const message = readDocument(withoutPrefix());
    expect(message).toMatchObject(expected);
    expect(message.attachments[0]?.bytes).toEqual(Buffer.from(PDF));
  });

  it.each(['edXML', 'e', 'ns0'])('is read when every element has the prefix %s', (prefix) => {
    expect(readDocument(prefixed(withoutPrefix(), prefix))).toMatchObject(expected);
  });

  it.each(['http://www.go.vn/eDoc', 'http://www.e-doc.vn/Schema/'])(
    'is read in the older namespace %s',
    (namespace) => {
      expect(readDocument(withoutPrefix(PARTS, namespace))).toMatchObject(expected);
    },
  );

  it('is read when the envelope is the root element', () => {
    const xml =
      `<edXMLEnvelope xmlns="http://www.go.vn/eDoc"><edXMLHeader><MessageHeader>${PARTS.header}</MessageHeader>` +
      `<TraceHeaderList>${PARTS.trace}</TraceHeaderList></edXMLHeader><edXMLBody><Manifest>${PARTS.manifest}</Manifest>` +
      `</edXMLBody><AttachmentEncoded>${PARTS.attachments}</AttachmentEncoded></edXMLEnvelope>`;
    expect(readDocument(xml)).toMatchObject(expected);
  });

  it('is read in any order of elements', () => {
    const elements = PARTS.header.trim().split('\n').reverse().join('');
    expect(readDocument(withoutPrefix({ ...PARTS, header: elements }))).toMatchObject(expected);
  });

  it('is read with a declaration, a byte order mark, comments and CDATA', () => {
    const header = PARTS.header.replace(
      'V/v kết nối, liên thông',
      '<!-- trích yếu --><![CDATA[V/v kết nối]]>, liên thông',
    );
    const xml = `\ufeff<?xml version='1.0' encoding='utf-8' standalone="yes"?>\r\n<?xml-stylesheet href="x"?>${withoutPrefix({ ...PARTS, header })}\n<!-- end -->`;
    expect(readDocument(xml)).toMatchObject(expected);
  });

  it('is read with numeric references in the text', () => {
    const header = PARTS.header.replace('kết', 'k&#x1EBF;t').replace('nối', 'n&#7889;i');
    expect(readDocument(withoutPrefix({ ...PARTS, header }))).toMatchObject(expected);
  });

  it('ignores signatures, unknown elements and attributes', () => {
    const extra =
      '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><SignedInfo/></Signature><Signature><KeyInfo/></Signature>' +
      '<DigitalSignature/><x:Note xmlns:x="urn:x"><x:Subject>no</x:Subject></x:Note>';
    const xml = withoutPrefix()
      .replace('</edXMLHeader>', `${extra}</edXMLHeader>`)
      .replace('<TraceHeaderList>', '<TraceHeaderList id="1" version="1.0" mustUnderstand="1" actor="urn:all">')
      .replace(
        '<Reference>',
        '<Reference xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="cid:209" xlink:type="simple">',
      )
      .replace('<Subject>', '<x:Subject xmlns:x="urn:other">another</x:Subject><Subject>');
    expect(readDocument(xml)).toMatchObject(expected);
  });

  it('is read with one s in the name of the operation block', () => {
    const trace = PARTS.trace.replaceAll('Bussiness', 'Business');
    expect(readDocument(withoutPrefix({ ...PARTS, trace }))).toMatchObject(expected);
  });

  it('is read without the parts of the operation block that only we always write', () => {
    const trace = PARTS.trace.replace(/<BussinessDocReason>[\s\S]*<\/StaffInfo>/, '');
    expect(readDocument(withoutPrefix({ ...PARTS, trace })).staff).toEqual({ department: '', name: '' });
  });

  it('completes truncated agency codes with leading zeros', () => {
    const header = PARTS.header.replace('000.00.00.H15', 'H15').replace('000.00.13.H15', '28.22.h17');
    const message = readDocument(withoutPrefix({ ...PARTS, header }));
    expect([message.from.code, message.to[0]?.code]).toEqual(['000.00.00.H15', '000.28.22.H17']);
  });

  it('takes empty elements and an empty ResponseFor as absent', () => {
    const header = `${PARTS.header}<DueDate/><Content></Content><ResponseFor><OrganId/><Code> </Code><DocumentId></DocumentId></ResponseFor>
      <ToPlaces><Place/></ToPlaces><SteeringType/>`;
    expect(readDocument(withoutPrefix({ ...PARTS, header }))).toMatchObject({ ...expected, recipientsLines: [] });
  });

  it('keeps the order of "Nơi nhận" lines and of several recipients', () => {
    const header = `${PARTS.header}<To><OrganId>000.00.14.H15</OrganId></To><ToPlaces><Place>Như trên;</Place><Place>Lưu: VT.</Place></ToPlaces>`;
    const message = readDocument(withoutPrefix({ ...PARTS, header }));
    expect(message.to.map((to) => to.code)).toEqual(['000.00.13.H15', '000.00.14.H15']);
    expect(message.recipientsLines).toEqual(['Như trên;', 'Lưu: VT.']);
  });

  it('takes the sending time from the first entry of the route', () => {
    const trace = PARTS.trace.replace(
      '<Bussiness>',
      '<TraceHeader><OrganId>22.G14</OrganId><Timestamp>2019/05/06 10:05:00</Timestamp></TraceHeader><Bussiness>',
    );
    expect(readDocument(withoutPrefix({ ...PARTS, trace })).sentAt).toBe('2019-05-06T03:00:00.000Z');
  });

  it('reads dates and times that are written with hyphens', () => {
    const header = PARTS.header.replace('2019/05/06</Prom', '2019-05-06</Prom');
    const trace = PARTS.trace.replace('2019/05/06 10:00:00', '2019-05-06T10:00:00+07:00');
    expect(readDocument(withoutPrefix({ ...PARTS, header, trace }))).toMatchObject({
      ...expected,
      issuedOn: '2019-05-06',
    });
  });

  it('handles urgency 4 (at a fixed hour) as most urgent', () => {
    const header = PARTS.header.replace('<Priority>1<', '<Priority>4<');
    expect(readDocument(withoutPrefix({ ...PARTS, header })).priority).toBe(3);
  });

  it('accepts a type number outside 1 and 2', () => {
    const header = PARTS.header.replace('<Type>2<', '<Type>18<');
    expect(readDocument(withoutPrefix({ ...PARTS, header }))).toMatchObject(expected);
  });
});

describe('attachments of other producers', () => {
  const withContent = (base64: string, name = '7.pdf', type = 'application/zip'): DocumentMessage =>
    readDocument(
      withoutPrefix({
        ...PARTS,
        manifest: `<Reference><ContentId>cid:1</ContentId><AttachmentName>${name}</AttachmentName></Reference>`,
        attachments: `<Attachment><ContentId>cid:1</ContentId><ContentType>${type}</ContentType><ContentTransferEncoded>${base64}</ContentTransferEncoded></Attachment>`,
      }),
    );

  it('are read raw with their own content type', () => {
    expect(withContent(BASE64_PDF, '7.pdf', 'application/pdf').attachments).toEqual([
      { name: '7.pdf', description: '', contentType: 'application/pdf', bytes: Buffer.from(PDF) },
    ]);
  });

  it('are read raw although they are declared as ZIP', () => {
    expect(withContent(BASE64_PDF).attachments).toMatchObject([
      { contentType: 'application/pdf', bytes: Buffer.from(PDF) },
    ]);
  });

  it('are unpacked although they are declared as PDF', () => {
    expect(withContent(BASE64_ZIP, '7.pdf', 'application/pdf').attachments).toMatchObject([
      { bytes: Buffer.from(PDF) },
    ]);
  });

  it('are read with line breaks inside the base64', () => {
    const wrapped = `\r\n${BASE64_ZIP.replace(/.{60}/g, '$&\r\n    ')}\r\n`;
    expect(withContent(wrapped).attachments).toMatchObject([{ bytes: Buffer.from(PDF) }]);
  });

  it('are unpacked from a ZIP whose sizes stand behind the data', () => {
    const streamed = Buffer.from(streamedZip('32da2890.pdf', PDF)).toString('base64');
    expect(withContent(streamed).attachments).toMatchObject([{ name: '7.pdf', bytes: Buffer.from(PDF) }]);
  });

  it('stay packed when the file is an office document, which is a ZIP by itself', () => {
    const workbook = Buffer.from(twoEntryZip());
    const message = withContent(workbook.toString('base64'), 'phu-luc.xlsx');
    expect(message.attachments).toMatchObject([{ name: 'phu-luc.xlsx', bytes: workbook }]);
  });

  it.each([
    ['phu-luc.xlsx', '32da2890.edxml'],
    ['so-lieu.zip', '32da2890.edxml'],
    ['so-lieu.zip', 'so-lieu.zip'],
  ])('are unpacked to %s from an entry that is called %s', (name, entryName) => {
    const inner = twoEntryZip();
    const packed = Buffer.from(zipSingleFile(entryName, inner)).toString('base64');
    expect(withContent(packed, name).attachments).toMatchObject([{ name, bytes: Buffer.from(inner) }]);
  });

  it('stay as they are when a ZIP file that holds one document was sent raw', () => {
    const archive = Buffer.from(zipSingleFile('bao-cao.docx', twoEntryZip()));
    expect(withContent(archive.toString('base64'), 'so-lieu.zip').attachments).toMatchObject([{ bytes: archive }]);
  });

  it('are matched when one side leaves out "cid:"', () => {
    const message = readDocument(withoutPrefix({ ...PARTS, manifest: PARTS.manifest.replace('cid:', '') }));
    expect(message.attachments).toHaveLength(1);
  });

  it('come in the order of the manifest', () => {
    const reference = (id: number): string => `<Reference><ContentId>cid:${id}</ContentId></Reference>`;
    const attachment = (id: number): string =>
      `<Attachment><ContentId>cid:${id}</ContentId><AttachmentName>${id}.pdf</AttachmentName><ContentTransferEncoded>${BASE64_PDF}</ContentTransferEncoded></Attachment>`;
    const message = readDocument(
      withoutPrefix({ ...PARTS, manifest: reference(1) + reference(2), attachments: attachment(2) + attachment(1) }),
    );
    expect(message.attachments.map((one) => one.name)).toEqual(['1.pdf', '2.pdf']);
  });
});

describe('status messages of other producers', () => {
  const status = `<ResponseFor><OrganId>000.00.00.H15</OrganId><Code>7/UBND-VX</Code><DocumentId>D7</DocumentId></ResponseFor>
    <From><OrganId>13.H15</OrganId></From><StatusCode>3</StatusCode><Timestamp>2019/05/06 11:00:00</Timestamp>`;

  it('are read without optional elements and with a one-digit code', () => {
    const xml = `<edXML xmlns="${NAMESPACE}"><edXMLEnvelope><edXMLHeader><MessageHeader>${status}</MessageHeader></edXMLHeader></edXMLEnvelope></edXML>`;
    expect(read(xml)).toEqual({
      kind: 'status',
      from: { code: '000.00.13.H15', name: '' },
      responseFor: { agencyCode: '000.00.00.H15', code: '7/UBND-VX', issuedOn: null, documentId: 'D7' },
      statusCode: '03',
      description: '',
      at: '2019-05-06T04:00:00.000Z',
      staff: { department: '', name: '' },
    });
  });

  it('are read from a Status block in a SOAP header', () => {
    const xml = `<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/"><SOAP-ENV:Header>
      ${prefixed(`<Status xmlns="http://www.e-doc.vn/Schema/">${status}</Status>`, 'edXML')}
      </SOAP-ENV:Header><SOAP-ENV:Body/></SOAP-ENV:Envelope>`;
    expect(read(xml)).toMatchObject({ kind: 'status', statusCode: '03', responseFor: { documentId: 'D7' } });
  });
});

/** As java.util.zip writes to a stream: sizes and checksum follow the data, the local header has zeros. */
function streamedZip(name: string, content: Uint8Array): Uint8Array {
  const ours = Buffer.from(zipSingleFile(name, content));
  const packed = deflateRawSync(content);
  const nameBytes = Buffer.from(name);
  const local = Buffer.concat([Buffer.from(ours.subarray(0, 30)), nameBytes]);
  local.writeUInt16LE(0x0808, 6);
  local.fill(0, 14, 26);
  const oldDirectory = ours.indexOf(Buffer.from('PK\u0001\u0002'));
  const directory = Buffer.from(ours.subarray(oldDirectory));
  directory.writeUInt32LE(packed.length, 20);
  const descriptor = Buffer.alloc(16);
  descriptor.write('PK\u0007\b', 'latin1');
  descriptor.writeUInt32LE(directory.readUInt32LE(16), 4);
  descriptor.writeUInt32LE(packed.length, 8);
  descriptor.writeUInt32LE(content.length, 12);
  const end = directory.length - 22;
  directory.writeUInt32LE(local.length + packed.length + descriptor.length, end + 16);
  return Buffer.concat([local, packed, descriptor, directory]);
}

/** The smallest thing that looks like an office document. */
function twoEntryZip(): Uint8Array {
  const one = Buffer.from(zipSingleFile('[Content_Types].xml', Buffer.from('<Types/>')));
  const other = Buffer.from(zipSingleFile('xl/workbook.xml', Buffer.from('<workbook/>')));
  const split = (zip: Buffer): readonly [Buffer, Buffer] => {
    const at = zip.indexOf(Buffer.from('PK\u0001\u0002'));
    return [Buffer.from(zip.subarray(0, at)), Buffer.from(zip.subarray(at, zip.length - 22))];
  };
  const [data1, directory1] = split(one);
  const [data2, directory2] = split(other);
  directory2.writeUInt32LE(data1.length, 42);
  const end = Buffer.from(one.subarray(one.length - 22));
  end.writeUInt16LE(2, 8);
  end.writeUInt16LE(2, 10);
  end.writeUInt32LE(directory1.length + directory2.length, 12);
  end.writeUInt32LE(data1.length + data2.length, 16);
  return Buffer.concat([data1, data2, directory1, directory2, end]);
}
