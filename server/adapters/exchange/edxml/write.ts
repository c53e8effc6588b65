// The strict writer: message → edXML bytes, in the order and spelling of the standard, checked against the field
// table first. The same message always gives the same bytes, so that a repeated attempt sends what was hashed.

import assert from 'node:assert';

import { AppError } from '../../../shared/app-error.ts';
import type {
  DocumentMessage,
  StatusMessage,
  WireAttachment,
  WireMessage,
  WireProblem,
} from '../../../modules/exchange/ports.ts';
import { manifestGroup, packAttachments } from './attachments.ts';
import { EDXML_NAMESPACE } from './extract.ts';
import { MAX_ATTACHMENT_BYTES, MAX_MESSAGE_BYTES, MAX_TOTAL_ATTACHMENT_BYTES } from './limits.ts';
import { documentHeaderGroup, statusHeaderGroup, traceGroup } from './mapping.ts';
import { checkRecipients } from './rules.ts';
import {
  ATTACHMENT_ENCODED,
  DOCUMENT_HEADER,
  MANIFEST,
  STATUS_HEADER,
  TRACE_HEADER_LIST,
  type GroupRule,
} from './schema.ts';
import { checkGroup, type WireGroup } from './wire-group.ts';
import { escapeText } from './xml-text.ts';

const PREFIX_DECLARATION = `xmlns:edXML="${EDXML_NAMESPACE}"`;

/** What stands between `<` and `>` of a start tag; the end tag takes the name from it. */
type StartTag = (name: string) => string;

/** Inside the envelope every element carries the prefix. */
const inEnvelope: StartTag = (name) => (name === MANIFEST.name ? `edXML:${name} version="1.0"` : `edXML:${name}`);

/** Outside it the default namespace is used; only the content element keeps the prefix. */
const outsideEnvelope: StartTag = (name) =>
  name === 'ContentTransferEncoded' ? `edXML:${name} ${PREFIX_DECLARATION}` : name;

export function writeMessage(message: WireMessage): Uint8Array {
  const lines = message.kind === 'document' ? documentLines(message) : statusLines(message);
  const bytes = Buffer.from(`${lines.join('\n')}\n`, 'utf8');
  if (bytes.byteLength > MAX_MESSAGE_BYTES) throw tooLarge(bytes.byteLength, MAX_MESSAGE_BYTES);
  return bytes;
}

function documentLines(message: DocumentMessage): string[] {
  const attachments = message.attachments.map(withCleanTexts);
  const header = cleaned(documentHeaderGroup(message));
  const trace = cleaned(traceGroup(message));
  const manifest = manifestGroup(attachments);
  refuse([
    ...checkGroup(DOCUMENT_HEADER, header, 'writing'),
    ...checkRecipients(header),
    ...checkGroup(TRACE_HEADER_LIST, trace, 'writing'),
    ...checkGroup(MANIFEST, manifest, 'writing'),
    ...checkContents(attachments),
  ]);
  return envelopeLines(
    [...groupLines(DOCUMENT_HEADER, header, 3), ...groupLines(TRACE_HEADER_LIST, trace, 3)],
    ['    <edXML:edXMLBody>', ...groupLines(MANIFEST, manifest, 3), '    </edXML:edXMLBody>'],
    groupLines(ATTACHMENT_ENCODED, packAttachments(attachments), 1, outsideEnvelope),
  );
}

function statusLines(message: StatusMessage): string[] {
  const header = cleaned(statusHeaderGroup(message));
  refuse(checkGroup(STATUS_HEADER, header, 'writing'));
  return envelopeLines(groupLines(STATUS_HEADER, header, 3), [], []);
}

const envelopeLines = (
  header: readonly string[],
  body: readonly string[],
  attachments: readonly string[],
): string[] => [
  '<?xml version="1.0" encoding="UTF-8"?>',
  `<edXML xmlns="${EDXML_NAMESPACE}">`,
  `  <edXML:edXMLEnvelope ${PREFIX_DECLARATION}>`,
  '    <edXML:edXMLHeader>',
  ...header,
  '    </edXML:edXMLHeader>',
  ...body,
  '  </edXML:edXMLEnvelope>',
  ...attachments,
  '</edXML>',
];

/** Lines of a group and all inside it, in the order of the table; what has no value is left out. */
function groupLines(rule: GroupRule, group: WireGroup, depth: number, startTag = inEnvelope): string[] {
  const indent = '  '.repeat(depth);
  const inner = rule.children.flatMap((child) =>
    (group[child.name] ?? []).flatMap((value) => {
      // Holds because the table has been checked: a wrong kind of value would have been refused.
      assert((child.kind === 'text') === (typeof value === 'string'));
      if (child.kind === 'group' && typeof value !== 'string') {
        return groupLines(child, value, depth + 1, startTag);
      }
      const text = String(value);
      const isPlain = child.kind === 'text' && child.format === 'base64';
      return [`${indent}  ${element(startTag(child.name), isPlain ? text : escapeText(text))}`];
    }),
  );
  const tag = startTag(rule.name);
  return [`${indent}<${tag}>`, ...inner, `${indent}${endTag(tag)}`];
}

const endTag = (startTag: string): string => `</${startTag.split(' ', 1).join('')}>`;
const element = (startTag: string, content: string): string => `<${startTag}>${content}${endTag(startTag)}`;

const clean = (text: string): string => text.normalize('NFC').trim();

/** Texts in NFC, empty ones left out: absent and empty are the same on the wire. */
function cleaned(group: WireGroup): WireGroup {
  const entries = Object.entries(group).map(([name, values]) => [
    name,
    values.map((value) => (typeof value === 'string' ? clean(value) : cleaned(value))).filter((value) => value !== ''),
  ]);
  return Object.fromEntries(entries);
}

const withCleanTexts = (attachment: WireAttachment): WireAttachment => ({
  ...attachment,
  name: clean(attachment.name),
  description: clean(attachment.description),
});

function checkContents(attachments: readonly WireAttachment[]): WireProblem[] {
  const sizes = attachments.map((attachment) => attachment.bytes.byteLength);
  const largest = Math.max(0, ...sizes);
  if (largest > MAX_ATTACHMENT_BYTES) throw tooLarge(largest, MAX_ATTACHMENT_BYTES);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total > MAX_TOTAL_ATTACHMENT_BYTES) throw tooLarge(total, MAX_TOTAL_ATTACHMENT_BYTES);
  if (!sizes.includes(0)) return [];
  return [{ code: 'N.AttachmentEncoded.Attachment.ContentTransferEncoded', message: 'an attachment is empty.' }];
}

const tooLarge = (bytes: number, limit: number): AppError =>
  new AppError(
    'too-large',
    'EXCHANGE_MESSAGE_TOO_LARGE',
    `Expected at most ${limit} bytes in a message or its attachments, but there are ${bytes}`,
    { details: { bytes, limit } },
  );

/** Nothing is written that another node would refuse. The caller's transaction rolls back. */
function refuse(problems: readonly WireProblem[]): void {
  const [first] = problems;
  if (first === undefined) return;
  const message = `Expected a message that edXML can carry, but ${first.message}`;
  const details = { problems: problems.map(({ code }) => code) };
  if (problems.some(({ code }) => code.startsWith('R.'))) {
    throw new AppError('rule', 'EXCHANGE_FIELD_TOO_LONG', message, { details });
  }
  throw new AppError('rule', 'EXCHANGE_MESSAGE_INVALID', message, { details });
}
