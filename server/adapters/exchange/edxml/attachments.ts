// Attachments: one file → single-entry ZIP → base64, and back. The manifest and the attachments are matched by
// ContentId; a reference without a file, or a file that no reference announces, is a problem, because the receiver
// must know that it has all of the document and nothing else (QĐ 28/2018 Đ9(1): completeness).

import { err, ok, type Result } from '../../../shared/result.ts';
import type { WireAttachment, WireProblem } from '../../../modules/exchange/ports.ts';
import { MAX_ATTACHMENT_BYTES, MAX_TOTAL_ATTACHMENT_BYTES } from './limits.ts';
import { isOfficeName, isZipName, mediaTypeOf } from './media-types.ts';
import { groupsAt, textAt, type WireGroup } from './wire-group.ts';
import { extractEntry, listZip, looksLikeZip, zipSingleFile, type ZipFault } from './zip.ts';

const REFERENCE_PATH = 'edXMLManifest.Reference';
const ATTACHMENT_PATH = 'AttachmentEncoded.Attachment';
const CONTENT_PATH = `${ATTACHMENT_PATH}.ContentTransferEncoded`;
const PACKED_TYPE = 'application/zip';

const referenceGroup = (attachment: WireAttachment, index: number): WireGroup => ({
  ContentId: [`cid:${index + 1}`],
  ContentType: [PACKED_TYPE],
  Description: attachment.description === '' ? [] : [attachment.description],
  AttachmentName: [attachment.name],
});

export const manifestGroup = (attachments: readonly WireAttachment[]): WireGroup => ({
  Reference: attachments.map(referenceGroup),
});

/** Names must have been checked: they become names of ZIP entries. */
export const packAttachments = (attachments: readonly WireAttachment[]): WireGroup => ({
  Attachment: attachments.map((attachment, index) => ({
    ...referenceGroup(attachment, index),
    ContentTransferEncoded: [Buffer.from(zipSingleFile(attachment.name, attachment.bytes)).toString('base64')],
  })),
});

/** The attachments in the order of the manifest: the main document first. */
export function unpackAttachments(
  manifest: WireGroup,
  attachmentEncoded: WireGroup,
): Result<readonly WireAttachment[], readonly WireProblem[]> {
  const references = groupsAt(manifest, 'Reference');
  const encoded = groupsAt(attachmentEncoded, 'Attachment');
  const problems = [...checkContentIds(references, REFERENCE_PATH), ...checkContentIds(encoded, ATTACHMENT_PATH)];
  const announced = new Set(references.map(contentIdOf));
  for (const one of encoded) {
    if (!announced.has(contentIdOf(one))) {
      problems.push({
        code: `M.${ATTACHMENT_PATH}.ContentId`,
        message: `Attachment ${contentIdOf(one)} is not in the manifest.`,
      });
    }
  }
  const attachments: WireAttachment[] = [];
  let budget = MAX_TOTAL_ATTACHMENT_BYTES;
  for (const reference of references) {
    const unpacked = unpackOne(reference, encoded, Math.min(budget, MAX_ATTACHMENT_BYTES));
    if (unpacked.ok) {
      attachments.push(unpacked.value);
      budget -= unpacked.value.bytes.byteLength;
    } else problems.push(unpacked.error);
  }
  return problems.length === 0 ? ok(attachments) : err(problems);
}

/** Some producers write `cid:` in one place only. */
const contentIdOf = (group: WireGroup): string => textAt(group, 'ContentId').replace(/^cid:/i, '');

function checkContentIds(groups: readonly WireGroup[], path: string): WireProblem[] {
  const ids = groups.map(contentIdOf);
  const repeated = ids.find((id, index) => ids.indexOf(id) !== index);
  if (repeated === undefined) return [];
  return [{ code: `M.${path}.ContentId`, message: `ContentId ${repeated} occurs more than once.` }];
}

function unpackOne(
  reference: WireGroup,
  encoded: readonly WireGroup[],
  maxBytes: number,
): Result<WireAttachment, WireProblem> {
  const id = contentIdOf(reference);
  const group = encoded.find((one) => contentIdOf(one) === id);
  if (group === undefined) {
    return err({ code: `M.${REFERENCE_PATH}.ContentId`, message: `Reference ${id} has no attachment.` });
  }
  const name = textAt(group, 'AttachmentName') || textAt(reference, 'AttachmentName');
  if (name === '')
    return err({ code: `N.${ATTACHMENT_PATH}.AttachmentName`, message: `Attachment ${id} has no name.` });
  const decoded = decodeBase64(textAt(group, 'ContentTransferEncoded'));
  if (decoded === null) return err({ code: `T.${CONTENT_PATH}`, message: `Attachment ${id} is not base64.` });
  const content = unpackContent(name, decoded, maxBytes);
  if (!content.ok) return err(content.error);
  return ok({
    name,
    description: textAt(group, 'Description') || textAt(reference, 'Description'),
    contentType: contentTypeOf(group, name, content.value),
    bytes: content.value.bytes,
  });
}

/** null when anything but base64 and white space occurs; Node's own decoder would skip it silently. */
function decodeBase64(text: string): Buffer | null {
  const compact = /[\t\n\r ]/.test(text) ? text.replace(/[\t\n\r ]+/g, '') : text;
  if (compact.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(compact)) return null;
  return Buffer.from(compact, 'base64');
}

interface Content {
  readonly bytes: Uint8Array;
  readonly wasPacked: boolean;
}

/** Unpacks exactly one layer, and only when it is packing: the file may be a ZIP by its own nature. */
function unpackContent(name: string, decoded: Buffer, maxBytes: number): Result<Content, WireProblem> {
  const asItIs = { bytes: decoded, wasPacked: false };
  if (!looksLikeZip(decoded)) return limited(asItIs, maxBytes);
  const listed = listZip(decoded);
  if (!listed.ok) return err(problemOf(listed.error));
  const [entry, ...others] = listed.value;
  if (entry === undefined || others.length > 0) {
    if (isOfficeName(name) || isZipName(name)) return limited(asItIs, maxBytes);
    const message = `The ZIP of ${JSON.stringify(name)} holds ${listed.value.length} files; one is expected.`;
    return err({ code: `M.${CONTENT_PATH}`, message });
  }
  const extracted = extractEntry(decoded, entry, maxBytes);
  if (!extracted.ok) return err(problemOf(extracted.error));
  return limited(
    isPackingOf(name, entry.name, extracted.value) ? { bytes: extracted.value, wasPacked: true } : asItIs,
    maxBytes,
  );
}

/**
 * Is a ZIP with one entry the packing of the attachment? Office files have many entries, so only a file that is
 * called `.zip` leaves doubt: it is packed when a ZIP lies inside, whatever name a producer gave the entry.
 */
const isPackingOf = (name: string, entryName: string, inner: Uint8Array): boolean =>
  !isZipName(name) || isZipName(entryName) || (looksLikeZip(inner) && !isOfficeName(entryName));

function limited(content: Content, maxBytes: number): Result<Content, WireProblem> {
  const size = content.bytes.byteLength;
  if (size === 0) return err({ code: `N.${CONTENT_PATH}`, message: 'An attachment is empty.' });
  if (size <= maxBytes) return ok(content);
  return err({
    code: `R.${CONTENT_PATH}`,
    message: `An attachment has ${size} bytes; at most ${maxBytes} are allowed here.`,
  });
}

const problemOf = (fault: ZipFault): WireProblem => ({
  code: `${fault.kind === 'too-large' ? 'R' : 'M'}.${CONTENT_PATH}`,
  message: fault.message,
});

function contentTypeOf(group: WireGroup, name: string, content: Content): string {
  const declared = textAt(group, 'ContentType');
  return content.wasPacked || declared === '' || declared === PACKED_TYPE ? mediaTypeOf(name, content.bytes) : declared;
}
