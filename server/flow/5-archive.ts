// Step 5, archive: the finished document lands in a case file with its metadata, hashes and history.

import { addToCaseFile, openOrGetCaseFile } from '../modules/archive/index.ts';
import { getDocument, recordArchived } from '../modules/documents/index.ts';
import { requestUpgrade } from '../modules/signing/index.ts';
import { completed, type JobHandler } from '../runtime/index.ts';
import { localDateOf, yearOf } from '../shared/time.ts';
import { documentIdOf, type FlowDeps } from './types.ts';

export function collectIntoCaseFile(): JobHandler {
  return {
    async record(tx, job, _performed, now) {
      const document = await getDocument(tx, documentIdOf(job));
      const caseFile = await openOrGetCaseFile(
        tx,
        {
          agencyId: document.agencyId,
          year: yearOf(localDateOf(now)),
          direction: document.direction,
          documentTypeId: document.documentTypeId,
        },
        now,
      );
      await addToCaseFile(tx, { documentId: document.id, caseFileId: caseFile.id }, now);
      return completed({ caseFileId: caseFile.id });
    },
  };
}

export function closeDocument(deps: FlowDeps): JobHandler {
  return {
    async record(tx, job, _performed, now) {
      await recordArchived(tx, documentIdOf(job), now);
      await requestUpgrade(tx, deps, documentIdOf(job), 'B-LTA', now);
      return completed({ archivedAt: now });
    },
  };
}
