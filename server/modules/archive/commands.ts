// Commands of the archive: open a case file, file a finished document, export the whole as one package.

import type { Actor } from '../../shared/actor.ts';
import type { CaseFileId, DocumentId } from '../../shared/ids.ts';
import type { Instant } from '../../shared/time.ts';
import type { Tx } from '../../shared/transactions.ts';
import { getAgency } from '../agencies/index.ts';
import { recordAudit } from '../audit/index.ts';
import { getDocument, hasReached } from '../documents/index.ts';
import { listDocumentTypes } from '../pilot/index.ts';
import { localDateOf } from '../../shared/time.ts';
import { collectDocument, type CollectDeps } from './collect.ts';
import type { CaseFile, CaseFileKey } from './case-file.ts';
import { archiveError } from './errors.ts';
import type { ArchivePackager } from './ports.ts';
import { getCaseFileFor } from './queries.ts';
import { decideRetention, notationOf, titleOf } from './rules.ts';
import * as store from './store.ts';

/** The case file of this agency, year, direction and type; opened on first use. */
export async function openOrGetCaseFile(tx: Tx, key: CaseFileKey, now: Instant): Promise<CaseFile> {
  const existing = await store.selectCaseFileByKey(tx, key);
  if (existing !== null) return existing;
  const types = await listDocumentTypes(tx, localDateOf(now));
  const type = types.find((candidate) => candidate.id === key.documentTypeId);
  const opened = await store.insertCaseFile(tx, {
    ...key,
    notation: notationOf(key.direction, type === undefined ? 'KHÁC' : type.abbreviation),
    title: titleOf(key, type?.name ?? 'Văn bản khác'),
    retention: decideRetention(key),
    openedAt: now,
  });
  if (opened === null) return openOrGetCaseFile(tx, key, now);
  await recordAudit(tx, {
    at: now,
    actor: null,
    agencyId: key.agencyId,
    action: 'case-file.opened',
    subjectKind: 'case-file',
    subjectId: opened.id,
    details: { title: opened.title },
  });
  return opened;
}

/** Files a document once; repeating it changes nothing. Refuses what has not been issued or received yet. */
export async function addToCaseFile(
  tx: Tx,
  filing: { readonly documentId: DocumentId; readonly caseFileId: CaseFileId },
  now: Instant,
): Promise<void> {
  const document = await getDocument(tx, filing.documentId);
  if (!hasReached(document, document.direction === 'outgoing' ? 'sealed' : 'completed')) {
    throw archiveError('CASE_FILE_DOCUMENT_NOT_ISSUED', `Expected document ${document.id} to be finished`, {
      documentId: document.id,
      status: document.status,
    });
  }
  if (!(await store.insertFiledDocument(tx, { ...filing, at: now }))) return;
  await recordAudit(tx, {
    at: now,
    actor: null,
    agencyId: document.agencyId,
    action: 'case-file.document-added',
    subjectKind: 'document',
    subjectId: document.id,
    details: { caseFileId: filing.caseFileId },
  });
}

/** The case file as one package: signed originals byte for byte, metadata, hashes, exchange packets, history. */
export async function exportCaseFile(
  tx: Tx,
  deps: CollectDeps & { readonly packager: ArchivePackager },
  actor: Actor,
  id: CaseFileId,
  now: Instant,
): Promise<{ readonly fileName: string; readonly bytes: Uint8Array }> {
  const caseFile = await getCaseFileFor(tx, actor, id);
  const agency = await getAgency(tx, caseFile.agencyId);
  const filed = await store.selectFiledDocuments(tx, id);
  const documents = [];
  for (const item of filed) {
    documents.push(await collectDocument(tx, deps, { item, caseFile, agencyCode: agency.code }));
  }
  const bytes = deps.packager.build({
    packageId: `urn:uuid:${await store.selectPackageUuid(tx, id)}`,
    createdAt: now,
    agency: { code: agency.code, name: agency.name },
    caseFile,
    documents,
  });
  await recordAudit(tx, {
    at: now,
    actor,
    agencyId: agency.id,
    action: 'case-file.exported',
    subjectKind: 'case-file',
    subjectId: id,
    details: { documents: filed.length, sizeBytes: bytes.byteLength },
  });
  return { fileName: `ho-so-${caseFile.year}-${id}.zip`, bytes };
}
