// The main file of a draft: uploaded as PDF, or made from a letter's text. Every save is a new version; nothing is
// ever overwritten, so the handling history keeps all drafts (NĐ 30/2020 Annex VI III.5).

import type { Actor } from '../../../shared/actor.ts';
import type { DocumentId } from '../../../shared/ids.ts';
import { localDateOf, type Instant } from '../../../shared/time.ts';
import type { Tx } from '../../../shared/transactions.ts';
import { findAgency, getAgency } from '../../agencies/index.ts';
import { getDocumentType } from '../../pilot/index.ts';
import type { Document, DocumentVersion, Letter, VersionKind } from '../document.ts';
import { documentError, orRefuse } from '../errors.ts';
import { decideTransition } from '../lifecycle.ts';
import type { ContentStore, LayoutAnchors, LetterRenderer, PdfInspector } from '../ports.ts';
import { requireRole } from '../rules/access.ts';
import { buildLetterContent } from '../rules/letter.ts';
import { asciiFileName } from '../rules/notation.ts';
import { checkLetter } from '../rules/texts.ts';
import { updateDocument } from '../store/documents.ts';
import { insertVersion, selectVersion } from '../store/versions.ts';
import { auditDocument, lockDocumentFor } from './transition.ts';

/** Officer only, while it is a draft. The inspector's verdict becomes the code: FILE_NOT_PDF, PDF_CORRUPT, … */
export async function savePdf(
  tx: Tx,
  deps: { readonly contentStore: ContentStore; readonly inspector: PdfInspector },
  actor: Actor,
  id: DocumentId,
  file: { readonly fileName: string; readonly bytes: Uint8Array },
  now: Instant,
): Promise<DocumentVersion> {
  const document = await lockEditable(tx, actor, id);
  const facts = orRefuse(deps.inspector.inspect(file.bytes));
  // The letter's text and its lines of recipients no longer tell what the file says.
  await updateDocument(tx, id, { letter: null, recipientsLines: [] }, now);
  const content = {
    kind: 'draft',
    fileName: asciiFileName(file.fileName.replace(/\.pdf$/iu, ''), 'pdf'),
    bytes: file.bytes,
    pageCount: facts.pageCount,
    anchors: facts.defaultAnchors,
  } as const;
  return saveVersion(tx, deps, document, { actor, content }, now);
}

/** Officer only, while it is a draft: keeps the text and makes the A4 PDF from it. */
export async function saveLetter(
  tx: Tx,
  deps: { readonly contentStore: ContentStore; readonly renderer: LetterRenderer },
  actor: Actor,
  id: DocumentId,
  input: Letter,
  now: Instant,
): Promise<DocumentVersion> {
  const document = await lockEditable(tx, actor, id);
  const letter = orRefuse(checkLetter(input));
  const type = await getDocumentType(tx, document.documentTypeId, localDateOf(now));
  const agency = await getAgency(tx, document.agencyId);
  const parent = agency.parentId === null ? null : await findAgency(tx, agency.parentId);
  const letterContent = buildLetterContent(letter, { document, type, agency, parent });
  const { bytes, pageCount, anchors } = await deps.renderer.render(letterContent);
  await updateDocument(tx, id, { letter, recipientsLines: letterContent.recipientsLines }, now);
  const fileName = asciiFileName(`du-thao-${document.notation}`, 'pdf');
  return saveVersion(
    tx,
    deps,
    document,
    { actor, content: { kind: 'draft', fileName, bytes, pageCount, anchors } },
    now,
  );
}

async function lockEditable(tx: Tx, actor: Actor, id: DocumentId): Promise<Document> {
  const document = await lockDocumentFor(tx, actor, id);
  orRefuse(requireRole(actor, 'officer'));
  orRefuse(decideTransition(document, 'edit'));
  return document;
}

interface VersionContent {
  readonly kind: VersionKind;
  readonly fileName: string;
  readonly bytes: Uint8Array;
  readonly pageCount: number;
  readonly anchors: LayoutAnchors | null;
}

/** Stores bytes and version; the caller holds the document's lock. */
export async function saveVersion(
  tx: Tx,
  deps: { readonly contentStore: ContentStore },
  document: Document,
  { actor, content }: { readonly actor: Actor | null; readonly content: VersionContent },
  now: Instant,
): Promise<DocumentVersion> {
  const sha256 = await deps.contentStore.put(tx, content.bytes);
  const version = await insertVersion(tx, {
    documentId: document.id,
    kind: content.kind,
    fileName: content.fileName,
    sha256,
    pageCount: content.pageCount,
    anchors: content.anchors,
    createdBy: actor?.userId ?? null,
    createdAt: now,
  });
  if (content.kind === 'draft') {
    const details = { version, sha256, pageCount: content.pageCount };
    await auditDocument(tx, document, { actor, audit: 'document.file-saved', details }, now);
  }
  return getVersion(tx, document.id, version);
}

/** DOCUMENT_VERSION_NOT_FOUND when there is none; the latest when no number is given. */
export async function getVersion(tx: Tx, id: DocumentId, version: number | null): Promise<DocumentVersion> {
  const found = await selectVersion(tx, id, version);
  if (found === null) {
    throw documentError({
      code: 'DOCUMENT_VERSION_NOT_FOUND',
      message: `Expected version ${version ?? 'latest'} of document '${id}' to exist`,
      details: { documentId: id, version },
    });
  }
  return found;
}
