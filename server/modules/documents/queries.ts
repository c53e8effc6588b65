// Reads of documents. `find…For` and `listDocuments` are for people and stay inside the actor's agency; the others
// are for the system, or for callers that have already checked with findDocumentFor.

import type { Actor } from '../../shared/actor.ts';
import type { DocumentId } from '../../shared/ids.ts';
import { localDateOf, type Instant } from '../../shared/time.ts';
import type { Tx } from '../../shared/transactions.ts';
import { decideSendBy, loadCalendar, type SendBy } from '../pilot/index.ts';
import { getVersion } from './commands/files.ts';
import { isUuid } from './commands/transition.ts';
import type { Attachment, Document, DocumentFilter, DocumentSummary, DocumentVersion } from './document.ts';
import type { ContentStore } from './ports.ts';
import * as documents from './store/documents.ts';
import * as versions from './store/versions.ts';

export { getDocument } from './commands/transition.ts';

/** Null for unknown ids and for documents of other agencies alike. */
export async function findDocumentFor(tx: Tx, actor: Actor, id: DocumentId): Promise<Document | null> {
  if (!isUuid(id)) return null;
  return documents.selectDocument(tx, { id, agencyId: actor.agencyId, mustLock: false });
}

/** Documents of the actor's agency, last changed first. */
export const listDocuments = (tx: Tx, actor: Actor, filter: DocumentFilter): Promise<readonly DocumentSummary[]> =>
  documents.selectDocuments(tx, actor.agencyId, filter);

/** Those of the given documents that belong to the actor's agency, in no order. */
export const findSummaries = (tx: Tx, actor: Actor, ids: readonly DocumentId[]): Promise<readonly DocumentSummary[]> =>
  documents.selectSummaries(tx, actor.agencyId, ids.filter(isUuid));

export const listVersions = (tx: Tx, id: DocumentId): Promise<readonly DocumentVersion[]> =>
  versions.selectVersions(tx, id);

export const listAttachments = (tx: Tx, id: DocumentId): Promise<readonly Attachment[]> =>
  versions.selectAttachments(tx, id);

/** The latest version when none is named. DOCUMENT_VERSION_NOT_FOUND when there is none. */
export async function loadVersion(
  tx: Tx,
  deps: { readonly contentStore: ContentStore },
  id: DocumentId,
  version?: number,
): Promise<{ readonly version: DocumentVersion; readonly bytes: Uint8Array }> {
  const found = await getVersion(tx, id, version ?? null);
  return { version: found, bytes: await deps.contentStore.get(tx, found.sha256) };
}

/** What leaves the agency: the sealed file itself, the same for every recipient, whatever was appended here since. */
export async function loadIssued(
  tx: Tx,
  deps: { readonly contentStore: ContentStore },
  id: DocumentId,
): Promise<{ readonly version: DocumentVersion; readonly bytes: Uint8Array }> {
  const sealed = (await versions.selectVersions(tx, id)).find(({ kind }) => kind === 'sealed');
  return loadVersion(tx, deps, id, sealed?.version);
}

/** SLA-SEND of a signed outgoing document; null before the signature and for incoming documents. */
export async function findSendBy(tx: Tx, document: { readonly signedAt: Instant | null }): Promise<SendBy | null> {
  if (document.signedAt === null) return null;
  const signedOn = localDateOf(document.signedAt);
  return decideSendBy(document.signedAt, await loadCalendar(tx, signedOn, signedOn));
}
