// Documents: drafts with their metadata and letter, what a screen needs of one document, its history.

import { Type } from 'typebox';
import { listAudit } from '../../modules/audit/index.ts';
import {
  type Document,
  type DocumentStatus,
  type DraftInput,
  findDocumentFor,
  findSendBy,
  INCOMING_STATUSES,
  listDocuments,
  listVersions,
  loadVersion,
  OUTGOING_STATUSES,
  saveLetter,
  updateDraft,
} from '../../modules/documents/index.ts';
import { findCaseFileOf } from '../../modules/archive/index.ts';
import { listPackages } from '../../modules/exchange/index.ts';
import { findUpgrade, listSignatures, validateSignatures } from '../../modules/signing/index.ts';
import { taskActorOf } from '../../flow/index.ts';
import type { Actor } from '../../shared/actor.ts';
import { AppError } from '../../shared/app-error.ts';
import { type AgencyId, asId, type DocumentId, type UserId } from '../../shared/ids.ts';
import type { LocalDate } from '../../shared/time.ts';
import type { Tx } from '../../shared/transactions.ts';
import {
  DocumentSummary,
  DocumentView,
  DraftBody,
  Items,
  LetterBody,
  SignatureCheckView,
  strict,
  TimelineEntry,
  Uuid,
} from '../contract/index.ts';
import { actorOf } from '../plugins/access.ts';
import { runCommand } from '../plugins/idempotency.ts';
import type { ApiDeps, App } from '../types.ts';
import { documentView, signatureCheckView, summaryView, timelineEntry } from '../views.ts';

const session = { kind: 'session' } as const;
/** Officers draft; the module checks again who may edit which draft. */
const drafting = { kind: 'role', roles: ['officer'] } as const;
export const DocumentParams = Type.Object({ id: Uuid }, strict);
const ListQuery = Type.Object(
  {
    direction: Type.Optional(Type.Union([Type.Literal('outgoing'), Type.Literal('incoming')])),
    status: Type.Optional(Type.String({ maxLength: 30 })),
    text: Type.Optional(Type.String({ maxLength: 200 })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
  },
  strict,
);

export function registerDocumentRoutes(app: App, deps: ApiDeps): void {
  app.get(
    '/api/documents',
    { schema: { querystring: ListQuery, response: { 200: Items(DocumentSummary) } }, config: { access: session } },
    async (request) => {
      const { direction, status, text, limit } = request.query;
      const filter = { direction, text, status: readStatus(status), limit: limit ?? 100 };
      const documents = await deps.transactions.run((tx) => listDocuments(tx, actorOf(request), filter));
      return { items: documents.map(summaryView) };
    },
  );

  app.post(
    '/api/documents',
    { schema: { body: DraftBody, response: { 201: DocumentView } }, config: { access: drafting } },
    (request, reply) =>
      runCommand(deps, { request, reply }, async (tx) => {
        const document = await deps.flow.openDraft(tx, actorOf(request), draftInput(request.body));
        return { status: 201, body: await viewDocument(tx, deps, actorOf(request), document.id) };
      }),
  );

  app.get(
    '/api/documents/:id',
    { schema: { params: DocumentParams, response: { 200: DocumentView } }, config: { access: session } },
    (request) =>
      deps.transactions.run((tx) => viewDocument(tx, deps, actorOf(request), asId<DocumentId>(request.params.id))),
  );

  app.put(
    '/api/documents/:id',
    {
      schema: { params: DocumentParams, body: DraftBody, response: { 200: DocumentView } },
      config: { access: drafting },
    },
    (request) => {
      const id = asId<DocumentId>(request.params.id);
      return deps.transactions.run(async (tx) => {
        const now = deps.clock.now();
        const document = await updateDraft(tx, actorOf(request), id, draftInput(request.body), now);
        // The letter prints subject, recipients and signer: made anew, so that it never contradicts the metadata.
        if (document.letter !== null) await saveLetter(tx, deps.files, actorOf(request), id, document.letter, now);
        return viewDocument(tx, deps, actorOf(request), id);
      });
    },
  );

  app.put(
    '/api/documents/:id/letter',
    {
      schema: { params: DocumentParams, body: LetterBody, response: { 200: DocumentView } },
      config: { access: drafting },
    },
    (request, reply) => {
      const id = asId<DocumentId>(request.params.id);
      return runCommand(deps, { request, reply }, async (tx) => {
        await saveLetter(tx, deps.files, actorOf(request), id, request.body, deps.clock.now());
        return { status: 200, body: await viewDocument(tx, deps, actorOf(request), id) };
      });
    },
  );

  registerHistoryRoutes(app, deps);
}

function registerHistoryRoutes(app: App, deps: ApiDeps): void {
  app.get(
    '/api/documents/:id/timeline',
    { schema: { params: DocumentParams, response: { 200: Items(TimelineEntry) } }, config: { access: session } },
    (request) =>
      deps.transactions.run(async (tx) => {
        const document = await getDocumentFor(tx, actorOf(request), asId<DocumentId>(request.params.id));
        const entries = await listAudit(tx, { subjectKind: 'document', subjectId: document.id });
        return { items: entries.map(timelineEntry) };
      }),
  );

  app.get(
    '/api/documents/:id/signatures',
    { schema: { params: DocumentParams, response: { 200: SignatureCheckView } }, config: { access: session } },
    (request) =>
      deps.transactions.run(async (tx) => {
        const document = await getDocumentFor(tx, actorOf(request), asId<DocumentId>(request.params.id));
        const { bytes } = await loadVersion(tx, deps.files, document.id);
        return signatureCheckView(await validateSignatures(tx, deps.files, bytes));
      }),
  );
}

const STATUSES: readonly DocumentStatus[] = [...OUTGOING_STATUSES, ...INCOMING_STATUSES];

function readStatus(text: string | undefined): DocumentStatus | undefined {
  if (text === undefined) return undefined;
  const status = STATUSES.find((known) => known === text);
  if (status !== undefined) return status;
  throw new AppError('invalid-input', 'REQUEST_INVALID', `Unknown status ${text}`, {
    details: { fields: [{ field: 'querystring/status', problem: `one of ${STATUSES.join(', ')}` }] },
  });
}

export async function getDocumentFor(tx: Tx, actor: Actor, id: DocumentId): Promise<Document> {
  const document = await findDocumentFor(tx, actor, id);
  if (document === null) throw new AppError('not-found', 'DOCUMENT_NOT_FOUND', `Expected a document ${id}`);
  return document;
}

export async function viewDocument(tx: Tx, deps: ApiDeps, actor: Actor, id: DocumentId): Promise<DocumentView> {
  const document = await getDocumentFor(tx, actor, id);
  const tasks = await deps.runtime.listTasksOf(tx, taskActorOf(actor), id);
  return documentView({
    document,
    versions: await listVersions(tx, id),
    signatures: await listSignatures(tx, id),
    upgrade: await findUpgrade(tx, id),
    packages: await listPackages(tx, id),
    caseFileId: await findCaseFileOf(tx, id),
    sendBy: await sendByOf(tx, document),
    taskKeys: tasks.map((task) => task.key),
  });
}

/** Shown while it still matters: between the signature and the dispatch. */
const sendByOf = (tx: Tx, document: Document) =>
  document.dispatchedAt === null ? findSendBy(tx, document) : Promise.resolve(null);

const draftInput = (body: DraftBody): DraftInput => ({
  ...body,
  recipientIds: body.recipientIds.map((id) => asId<AgencyId>(id)),
  signerId: asId<UserId>(body.signerId),
  dueOn: body.dueOn === null ? null : asId<LocalDate>(body.dueOn),
  replyTo: null,
});
