// Reads of the archive; for people always inside their own agency.

import type { Actor } from '../../shared/actor.ts';
import type { CaseFileId, DocumentId } from '../../shared/ids.ts';
import type { Tx } from '../../shared/transactions.ts';
import { findSummaries } from '../documents/index.ts';
import type { CaseFile, CaseFileWithDocuments } from './case-file.ts';
import { archiveError } from './errors.ts';
import * as store from './store.ts';

export async function getCaseFileFor(tx: Tx, actor: Actor, id: CaseFileId): Promise<CaseFile> {
  const caseFile = await store.selectCaseFile(tx, id, actor.agencyId);
  if (caseFile === null) throw archiveError('CASE_FILE_NOT_FOUND', `Expected a case file ${id}`, { caseFileId: id });
  return caseFile;
}

export async function listCaseFiles(tx: Tx, actor: Actor): Promise<readonly CaseFileWithDocuments[]> {
  const caseFiles = await store.selectCaseFiles(tx, actor.agencyId);
  const result: CaseFileWithDocuments[] = [];
  for (const caseFile of caseFiles) {
    const filed = await store.selectFiledDocuments(tx, caseFile.id);
    const summaries = await findSummaries(
      tx,
      actor,
      filed.map((item) => item.documentId),
    );
    const byId = new Map(summaries.map((summary) => [summary.id, summary]));
    result.push({ ...caseFile, documents: filed.flatMap((item) => byId.get(item.documentId) ?? []) });
  }
  return result;
}

/** The case file in which the document was filed first; null while it is not finished. */
export const findCaseFileOf = (tx: Tx, documentId: DocumentId): Promise<CaseFileId | null> =>
  store.selectCaseFileIdOf(tx, documentId);
