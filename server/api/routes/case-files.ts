// Case files and their archive packages.

import { Type } from 'typebox';
import { exportCaseFile, listCaseFiles } from '../../modules/archive/index.ts';
import { asId, type CaseFileId } from '../../shared/ids.ts';
import { CaseFileView, Items, strict, Uuid } from '../contract/index.ts';
import { actorOf } from '../plugins/access.ts';
import type { ApiDeps, App } from '../types.ts';
import { summaryView } from '../views.ts';
import { sendBytes } from './files.ts';

const session = { kind: 'session' } as const;

export function registerCaseFileRoutes(app: App, deps: ApiDeps): void {
  app.get(
    '/api/case-files',
    { schema: { response: { 200: Items(CaseFileView) } }, config: { access: session } },
    async (request) => {
      const caseFiles = await deps.transactions.run((tx) => listCaseFiles(tx, actorOf(request)));
      return {
        items: caseFiles.map((caseFile) => ({
          id: caseFile.id,
          notation: caseFile.notation,
          title: caseFile.title,
          year: caseFile.year,
          retention: caseFile.retention,
          openedAt: caseFile.openedAt,
          documents: caseFile.documents.map(summaryView),
        })),
      };
    },
  );

  app.get(
    '/api/case-files/:id/package',
    { schema: { params: Type.Object({ id: Uuid }, strict) }, config: { access: session } },
    async (request, reply) => {
      const { fileName, bytes } = await deps.transactions.run((tx) =>
        exportCaseFile(tx, deps.files, actorOf(request), asId<CaseFileId>(request.params.id), deps.clock.now()),
      );
      return sendBytes(request, reply, { bytes, mediaType: 'application/zip', fileName });
    },
  );
}
