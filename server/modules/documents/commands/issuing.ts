// The steps that issue a document, in the order of the law: personal signature, number and date, agency signature,
// dispatch. Each file is an extension of the one before, byte for byte: what was signed stays what is read.
// Steps of the system are idempotent: offered again after a crash they find their work done and return it.

import type { Actor } from '../../../shared/actor.ts';
import type { DocumentId } from '../../../shared/ids.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { Instant, LocalDate } from '../../../shared/time.ts';
import type { Tx } from '../../../shared/transactions.ts';
import type { Document, DocumentVersion, VersionKind } from '../document.ts';
import { documentError, orRefuse, type Refusal } from '../errors.ts';
import { decideTransition, hasReached } from '../lifecycle.ts';
import type { ContentStore, LayoutAnchors } from '../ports.ts';
import { requireRole, requireSigner } from '../rules/access.ts';
import { asciiFileName, formatDocumentCode, wireDocumentIdOf } from '../rules/notation.ts';
import { getVersion, saveVersion } from './files.ts';
import { advance, auditDocument, lockDocument, lockDocumentFor } from './transition.ts';

interface FileDeps {
  readonly contentStore: ContentStore;
}

export interface SignedInput {
  /** The latest draft, extended. */
  readonly bytes: Uint8Array;
  /** Where number, date and seal will stand, when the signer has moved them. */
  readonly anchors?: LayoutAnchors;
}

/** awaiting_signature → signed. Only the named signer. */
export async function recordSigned(
  tx: Tx,
  deps: FileDeps,
  actor: Actor,
  id: DocumentId,
  input: SignedInput,
  now: Instant,
): Promise<Document> {
  const document = await lockDocumentFor(tx, actor, id);
  orRefuse(requireSigner(actor, document));
  orRefuse(decideTransition(document, 'sign'));
  const version = await extendFile(tx, deps, document, { actor, kind: 'signed', ...input }, now);
  const details = { version: version.version, sha256: version.sha256 };
  return advance(
    tx,
    document,
    { action: 'sign', audit: 'document.signed', actor, patch: { signedAt: now }, details },
    now,
  );
}

export interface NumberedInput {
  readonly number: number;
  readonly issuedOn: LocalDate;
  /** The signed file with number and date drawn as an increment. */
  readonly bytes: Uint8Array;
}

/** signed → numbered, by the system. Idempotent for the same number; another number is DOCUMENT_NUMBER_CONFLICT. */
export async function recordNumbered(
  tx: Tx,
  deps: FileDeps,
  id: DocumentId,
  input: NumberedInput,
  now: Instant,
): Promise<Document> {
  const document = await lockDocument(tx, id);
  if (hasReached(document, 'numbered')) {
    if (document.number === input.number) return document;
    throw documentError({
      code: 'DOCUMENT_NUMBER_CONFLICT',
      message: `Expected number ${document.number ?? 'none'}, but was given ${input.number}`,
      details: { documentId: id },
    });
  }
  orRefuse(decideTransition(document, 'number'));
  const documentCode = formatDocumentCode(input.number, document.notation);
  const fileName = asciiFileName(`${documentCode}.signed`, 'pdf');
  const version = await extendFile(
    tx,
    deps,
    document,
    { actor: null, kind: 'numbered', bytes: input.bytes, fileName },
    now,
  );
  const patch = {
    number: input.number,
    documentCode,
    issuedOn: input.issuedOn,
    wireDocumentId: wireDocumentIdOf(document.originCode ?? '', input.issuedOn, documentCode),
  };
  const details = { number: input.number, documentCode, issuedOn: input.issuedOn, sha256: version.sha256 };
  return advance(tx, document, { action: 'number', audit: 'document.numbered', actor: null, patch, details }, now);
}

/** numbered → sealed. Clerk only (NĐ 30/2020 Đ32: the seal stays in the clerk's hand). */
export async function recordSealed(
  tx: Tx,
  deps: FileDeps,
  actor: Actor,
  id: DocumentId,
  bytes: Uint8Array,
  now: Instant,
): Promise<Document> {
  const document = await lockDocumentFor(tx, actor, id);
  orRefuse(requireRole(actor, 'clerk'));
  orRefuse(decideTransition(document, 'seal'));
  const version = await extendFile(tx, deps, document, { actor, kind: 'sealed', bytes }, now);
  const details = { version: version.version, sha256: version.sha256 };
  return advance(tx, document, { action: 'seal', audit: 'document.sealed', actor, details }, now);
}

/** sealed → dispatched, by the system; idempotent. */
export async function recordDispatched(tx: Tx, id: DocumentId, now: Instant): Promise<Document> {
  const document = await lockDocument(tx, id);
  if (hasReached(document, 'dispatched')) return document;
  const details = { recipientCount: document.recipients.length };
  const patch = { dispatchedAt: now };
  return advance(tx, document, { action: 'dispatch', audit: 'document.dispatched', actor: null, patch, details }, now);
}

/** dispatched | completed → archived, by the system; idempotent. */
export async function recordArchived(tx: Tx, id: DocumentId, now: Instant): Promise<Document> {
  const document = await lockDocument(tx, id);
  if (hasReached(document, 'archived')) return document;
  return advance(tx, document, { action: 'archive', audit: 'document.archived', actor: null }, now);
}

export interface ExtendedInput {
  /** The version that was extended: must still be the latest one. */
  readonly from: number;
  readonly bytes: Uint8Array;
  readonly level: string;
}

/**
 * A new version with timestamps or evidence, by the system, in any state after sealing or arrival; the document itself does
 * not move. null when another version has come meanwhile: then the work begins again from that one.
 */
export async function recordExtended(
  tx: Tx,
  deps: FileDeps,
  id: DocumentId,
  input: ExtendedInput,
  now: Instant,
): Promise<DocumentVersion | null> {
  const document = await lockDocument(tx, id);
  if ((await getVersion(tx, id, null)).version !== input.from) return null;
  const version = await extendFile(tx, deps, document, { actor: null, kind: 'extended', bytes: input.bytes }, now);
  const details = { version: version.version, sha256: version.sha256, level: input.level };
  await auditDocument(tx, document, { actor: null, audit: 'signature.extended', details }, now);
  return version;
}

interface Extension {
  readonly actor: Actor | null;
  readonly kind: VersionKind;
  readonly bytes: Uint8Array;
  readonly fileName?: string;
  readonly anchors?: LayoutAnchors;
}

async function extendFile(
  tx: Tx,
  deps: FileDeps,
  document: Document,
  extension: Extension,
  now: Instant,
): Promise<DocumentVersion> {
  const latest = await getVersion(tx, document.id, null);
  const before = await deps.contentStore.get(tx, latest.sha256);
  orRefuse(checkExtension(before, extension.bytes));
  const content = {
    kind: extension.kind,
    fileName: extension.fileName ?? latest.fileName,
    bytes: extension.bytes,
    pageCount: latest.pageCount,
    anchors: extension.anchors ?? latest.anchors,
  };
  return saveVersion(tx, deps, document, { actor: extension.actor, content }, now);
}

/** An incremental update keeps all bytes and adds some; anything else is another file. */
export function checkExtension(before: Uint8Array, after: Uint8Array): Result<null, Refusal> {
  // A plain loop: files have up to 50 MB, and a callback per byte takes ten times as long.
  let same = 0;
  while (same < before.length && before[same] === after[same]) same += 1;
  if (same === before.length && after.length > before.length) return ok(null);
  return err({
    code: 'DOCUMENT_FILE_NOT_EXTENDED',
    message: 'Expected the file to begin with the bytes of the version before it',
  });
}
