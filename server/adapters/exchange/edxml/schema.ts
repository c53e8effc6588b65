// The edXML field table (QCVN 102:2016/BTTTT as described in docs/domain, lengths of NĐ 30/2020 Annex VI Part II):
// name, order, cardinality, longest text and format of every element. Writer and reader are both driven by it, so
// a length or an order is stated once. Spelling with double s (`Bussiness…`) is the producers' and is on purpose.

import { MAX_ATTACHMENTS } from './limits.ts';

export type TextFormat =
  | 'text'
  | 'agencyCode' // 000.00.00.H15
  | 'date' // yyyy/MM/dd
  | 'dateTime' // yyyy/MM/dd HH:mm:ss, Vietnam time
  | 'integer'
  | 'boolean'
  | 'statusCode' // two digits
  | 'fileName' // no path
  | 'base64';

/** 'writing': other systems leave it out at times, we never do. */
export type Need = 'always' | 'writing' | 'never';

export interface TextRule {
  readonly kind: 'text';
  readonly name: string;
  readonly aliases: readonly string[];
  readonly need: Need;
  readonly maxCount: number;
  /** In characters (code points of the NFC form). */
  readonly maxLength: number;
  readonly format: TextFormat;
  readonly maxValue: number | null;
}

export interface GroupRule {
  readonly kind: 'group';
  readonly name: string;
  readonly aliases: readonly string[];
  readonly need: Need;
  readonly maxCount: number;
  readonly children: readonly Rule[];
}

export type Rule = TextRule | GroupRule;

interface TextOptions {
  readonly need?: Need;
  readonly maxCount?: number;
  readonly format?: TextFormat;
  readonly maxValue?: number;
  readonly aliases?: readonly string[];
}

interface GroupOptions {
  readonly need?: Need;
  readonly maxCount?: number;
  readonly aliases?: readonly string[];
}

const text = (name: string, maxLength: number, options: TextOptions = {}): TextRule => ({
  kind: 'text',
  name,
  maxLength,
  aliases: options.aliases ?? [],
  need: options.need ?? 'never',
  maxCount: options.maxCount ?? 1,
  format: options.format ?? 'text',
  maxValue: options.maxValue ?? null,
});

const group = (name: string, children: readonly Rule[], options: GroupOptions = {}): GroupRule => ({
  kind: 'group',
  name,
  children,
  aliases: options.aliases ?? [],
  need: options.need ?? 'never',
  maxCount: options.maxCount ?? 1,
});

const date = (name: string, need: Need = 'never'): TextRule => text(name, 10, { need, format: 'date' });
const dateTime = (name: string): TextRule => text(name, 19, { need: 'always', format: 'dateTime' });
const code = (maxValue: number, need: Need = 'never') => ({ need, format: 'integer', maxValue }) as const;

const AGENCY_CODE = text('OrganId', 13, { need: 'always', format: 'agencyCode' });
/** Identifiers are opaque and at least 100 characters must pass. */
const DOCUMENT_ID_LENGTH = 255;

const ORGANIZATION: readonly Rule[] = [
  AGENCY_CODE,
  text('OrganizationInCharge', 500),
  text('OrganName', 200, { need: 'writing' }),
  text('OrganAdd', 500),
  text('Email', 100),
  text('Telephone', 20),
  text('Fax', 20),
  // The standard's own limit was not read; one checker's 20 is too short for real addresses.
  text('Website', 255),
];

const STAFF_INFO = group(
  'StaffInfo',
  [text('Department', 300), text('Staff', 300), text('Email', 100), text('Mobile', 30)],
  { need: 'writing' },
);

const responseFor = (options: GroupOptions): GroupRule =>
  group(
    'ResponseFor',
    [
      AGENCY_CODE,
      text('Code', 50, { need: 'always' }),
      date('PromulgationDate'),
      text('DocumentId', DOCUMENT_ID_LENGTH, { need: 'always' }),
    ],
    options,
  );

export const DOCUMENT_HEADER = group('MessageHeader', [
  group('From', ORGANIZATION, { need: 'always' }),
  group('To', ORGANIZATION, { need: 'always', maxCount: 1_000 }),
  text('DocumentId', DOCUMENT_ID_LENGTH, { need: 'always' }),
  group('Code', [text('CodeNumber', 11, { need: 'always' }), text('CodeNotation', 30, { need: 'always' })], {
    need: 'always',
  }),
  group('PromulgationInfo', [text('Place', 50), date('PromulgationDate', 'always')], { need: 'always' }),
  group(
    'DocumentType',
    // Producers disagree about Type (1, 2 or a position in the list); the name is what counts.
    [
      text('Type', 3, code(999, 'writing')),
      text('TypeDetail', 3, code(999)),
      text('TypeName', 100, { need: 'always' }),
    ],
    { need: 'always' },
  ),
  text('Subject', 500, { need: 'always' }),
  text('Content', 500),
  group(
    'SignerInfo',
    [text('Competence', 100), text('Position', 100, { need: 'always' }), text('FullName', 50, { need: 'always' })],
    { need: 'always' },
  ),
  date('DueDate'),
  group('OtherInfo', [
    text('Priority', 1, code(4)),
    text('SphereOfPromulgation', 100),
    text('TyperNotation', 10),
    text('PromulgationAmount', 3, { format: 'integer' }),
    text('PageAmount', 3, { format: 'integer' }),
    text('Direction', 5, { format: 'boolean' }),
    group('Appendixes', [text('Appendix', 500, { maxCount: 500 })]),
  ]),
  responseFor({ maxCount: 100 }),
  text('SteeringType', 1, code(2)),
  group('ToPlaces', [text('Place', 150, { maxCount: 1_000 })]),
]);

export const STATUS_HEADER = group(
  'MessageHeader',
  [
    group('From', ORGANIZATION, { need: 'always' }),
    responseFor({ need: 'always' }),
    STAFF_INFO,
    text('StatusCode', 2, { need: 'always', format: 'statusCode' }),
    text('Description', 500),
    dateTime('Timestamp'),
  ],
  // An older layout carries the status in a block of its own inside a SOAP header.
  { aliases: ['Status'] },
);

export const TRACE_HEADER_LIST = group(
  'TraceHeaderList',
  [
    group('TraceHeader', [AGENCY_CODE, dateTime('Timestamp')], { need: 'always', maxCount: 100 }),
    group(
      'Bussiness',
      [
        text('DocumentId', DOCUMENT_ID_LENGTH),
        text('BussinessDocType', 1, { ...code(3, 'always'), aliases: ['BusinessDocType'] }),
        text('BussinessDocReason', 500, { need: 'writing', aliases: ['BusinessDocReason'] }),
        text('Paper', 1, code(1, 'writing')),
        STAFF_INFO,
      ],
      { need: 'always', aliases: ['Business'] },
    ),
  ],
  { need: 'always' },
);

export const MANIFEST = group(
  'edXMLManifest',
  [
    group(
      'Reference',
      [
        text('ContentId', 255, { need: 'always' }),
        text('ContentType', 255, { need: 'writing' }),
        text('Description', 500),
        text('AttachmentName', 255, { need: 'writing', format: 'fileName' }),
      ],
      { need: 'always', maxCount: MAX_ATTACHMENTS },
    ),
  ],
  { need: 'always', aliases: ['Manifest'] },
);

export const ATTACHMENT_ENCODED = group(
  'AttachmentEncoded',
  [
    group(
      'Attachment',
      [
        text('ContentId', 255, { need: 'always' }),
        text('AttachmentName', 255, { need: 'writing', format: 'fileName' }),
        text('Description', 500),
        text('ContentType', 255),
        text('ContentTransferEncoded', Number.MAX_SAFE_INTEGER, { need: 'always', format: 'base64' }),
      ],
      { need: 'always', maxCount: MAX_ATTACHMENTS },
    ),
  ],
  { need: 'always' },
);
