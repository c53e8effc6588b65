// Routes of case files: list, and the address of the archive package.

import { call } from './client.ts';
import type { CaseFileView, Items } from './contract.ts';

export const listCaseFiles = async (signal: AbortSignal): Promise<readonly CaseFileView[]> =>
  (await call<Items<CaseFileView>>('GET', '/api/case-files', { signal })).items;

export const caseFilePackageUrlOf = (caseFileId: string): string =>
  `/api/case-files/${encodeURIComponent(caseFileId)}/package`;
