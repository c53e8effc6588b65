// The tolerant reader: bytes → message, or every problem that was found. What it tolerates is how a message is
// written (prefixes, order, old envelopes, raw attachments, short agency codes); what it never tolerates is doubt
// about what the message says: a missing recipient, an unknown operation, an attachment that is not there.

import { err, ok, type Result } from '../../../shared/result.ts';
import type { DocumentMessage, WireMessage, WireProblem } from '../../../modules/exchange/ports.ts';
import { unpackAttachments } from './attachments.ts';
import { blocksOf, extractGroup, isNamedBy } from './extract.ts';
import { documentOf, statusOf } from './mapping.ts';
import { checkOperation, checkRecipients } from './rules.ts';
import {
  ATTACHMENT_ENCODED,
  DOCUMENT_HEADER,
  MANIFEST,
  STATUS_HEADER,
  TRACE_HEADER_LIST,
  type GroupRule,
} from './schema.ts';
import { checkGroup, type WireGroup } from './wire-group.ts';
import { readXml, type XmlElement } from './xml-reader.ts';

type Problems = readonly WireProblem[];

export function readMessage(bytes: Uint8Array): Result<WireMessage, Problems> {
  const root = readXml(bytes);
  if (!root.ok) return err([root.error]);
  const blocks = blocksOf(root.value);
  if (blocks === null) return err([{ code: 'X.Root', message: 'The root element is no edXML envelope.' }]);
  const headers = blocks.filter((block) => isNamedBy(STATUS_HEADER, block));
  const [header] = headers;
  if (header === undefined) return err([{ code: 'N.MessageHeader', message: 'MessageHeader is missing.' }]);
  if (headers.length > 1) return err([{ code: 'M.MessageHeader', message: 'MessageHeader occurs more than once.' }]);
  return isStatus(header) ? readStatus(header) : readDocument(blocks, header);
}

const isStatus = (header: XmlElement): boolean =>
  header.localName === 'Status' || header.children.some((child) => child.localName === 'StatusCode');

function readStatus(header: XmlElement): Result<WireMessage, Problems> {
  const group = extractGroup(STATUS_HEADER, header);
  const problems = checkGroup(STATUS_HEADER, group, 'reading');
  return problems.length === 0 ? ok(statusOf(group)) : err(problems);
}

function readDocument(blocks: readonly XmlElement[], header: XmlElement): Result<DocumentMessage, Problems> {
  const group = extractGroup(DOCUMENT_HEADER, header);
  const trace = readBlock(TRACE_HEADER_LIST, blocks);
  const manifest = readBlock(MANIFEST, blocks);
  const encoded = readBlock(ATTACHMENT_ENCODED, blocks);
  const problems = [
    ...checkGroup(DOCUMENT_HEADER, group, 'reading'),
    ...checkRecipients(group),
    ...trace.problems,
    ...checkOperation(trace.group),
    ...manifest.problems,
    ...encoded.problems,
  ];
  // Attachments are unpacked only for a message that is otherwise in order: it is the expensive part.
  if (problems.length > 0) return err(problems);
  const attachments = unpackAttachments(manifest.group, encoded.group);
  if (!attachments.ok) return attachments;
  return ok({ ...documentOf(group, trace.group), attachments: attachments.value });
}

function readBlock(
  rule: GroupRule,
  blocks: readonly XmlElement[],
): { readonly group: WireGroup; readonly problems: Problems } {
  const found = blocks.filter((block) => isNamedBy(rule, block));
  const [block] = found;
  if (block === undefined)
    return { group: {}, problems: [{ code: `N.${rule.name}`, message: `${rule.name} is missing.` }] };
  if (found.length > 1)
    return { group: {}, problems: [{ code: `M.${rule.name}`, message: `${rule.name} occurs more than once.` }] };
  const group = extractGroup(rule, block);
  return { group, problems: checkGroup(rule, group, 'reading') };
}
