// Signing with keys outside of the server: ways to sign, sessions, many documents at once, the quarantine, and the two
// public addresses that a local signing service uses. Those two carry a one-time token instead of a session: it opens one
// file for ten minutes and takes one result.

import { Type } from 'typebox';
import type { SigningOptions, BatchResult } from '../../flow/index.ts';
import type { Quarantined, SigningProvider, SigningSession } from '../../modules/signing/index.ts';
import type { FileInstruction } from '../../modules/signing/index.ts';
import { AppError } from '../../shared/app-error.ts';
import { asId, type Key as EngineKey } from '../../shared/ids.ts';
import {
  BatchAnswer,
  BatchBody,
  Items,
  Key,
  OpenSessionBody,
  QuarantineView,
  SignatureValueBody,
  SigningOptionsView,
  SigningSessionView,
  strict,
  TokenSigningBody,
  UploadAnswer,
  Uuid,
} from '../contract/index.ts';
import { actorOf } from '../plugins/access.ts';
import { errorBody, languageOf } from '../plugins/error-handler.ts';
import type { ApiDeps, App } from '../types.ts';

const signing = { kind: 'role', roles: ['leader', 'clerk'] } as const;
const session = { kind: 'session' } as const;
const open = { kind: 'public' } as const;
const SessionParams = Type.Object({ id: Uuid }, strict);
const TokenParams = Type.Object({ token: Type.String({ pattern: '^[A-Za-z0-9_-]{20,100}$' }) }, strict);

const bytesOf = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, 'base64'));
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const keyOf = (text: string): EngineKey => asId<EngineKey>(text);

export function registerSigningRoutes(app: App, deps: ApiDeps): void {
  registerSessionRoutes(app, deps);
  registerOneStepRoutes(app, deps);
  registerServiceRoutes(app, deps);
  registerQuarantineRoutes(app, deps);
}

function registerSessionRoutes(app: App, deps: ApiDeps): void {
  const desk = deps.flow.signing;
  app.get(
    '/api/signing/tasks/:taskKey',
    {
      schema: { params: Type.Object({ taskKey: Key }, strict), response: { 200: SigningOptionsView } },
      config: { access: signing },
    },
    async (request) => optionsView(await desk.describe(actorOf(request), keyOf(request.params.taskKey))),
  );

  app.post(
    '/api/signing/sessions',
    { schema: { body: OpenSessionBody, response: { 201: SigningSessionView } }, config: { access: signing } },
    async (request, reply) => {
      const { taskKey, certificate, chain, ...rest } = request.body;
      const opened = await desk.open(actorOf(request), {
        ...rest,
        taskKey: keyOf(taskKey),
        certificate: bytesOf(certificate),
        chain: chain.map(bytesOf),
        baseUrl: `${request.protocol}://${request.host}`,
      });
      return reply.status(201).send(sessionView(opened.session, opened.title, opened.instruction));
    },
  );

  app.get(
    '/api/signing/sessions/:id',
    { schema: { params: SessionParams, response: { 200: SigningSessionView } }, config: { access: signing } },
    async (request) => sessionView(await desk.find(actorOf(request), request.params.id)),
  );

  app.post(
    '/api/signing/sessions/:id/signature',
    {
      schema: { params: SessionParams, body: SignatureValueBody, response: { 200: SigningSessionView } },
      config: { access: signing },
    },
    async (request) => {
      const signature = bytesOf(request.body.signature);
      return sessionView(await desk.answer(actorOf(request), request.params.id, signature));
    },
  );

  app.post(
    '/api/signing/sessions/:id/cancel',
    { schema: { params: SessionParams, response: { 200: SigningSessionView } }, config: { access: signing } },
    async (request) => sessionView(await desk.cancel(actorOf(request), request.params.id)),
  );
}

function registerOneStepRoutes(app: App, deps: ApiDeps): void {
  const desk = deps.flow.signing;
  app.post(
    '/api/signing/token',
    { schema: { body: TokenSigningBody, response: { 200: SigningSessionView } }, config: { access: signing } },
    async (request) => {
      const { taskKey, certificate, ...rest } = request.body;
      const der = certificate === undefined ? {} : { certificate: bytesOf(certificate) };
      return sessionView(await desk.signWithToken(actorOf(request), { ...rest, ...der, taskKey: keyOf(taskKey) }));
    },
  );

  app.post(
    '/api/signing/batches',
    { schema: { body: BatchBody, response: { 200: BatchAnswer } }, config: { access: signing } },
    async (request) => {
      const taskKeys = request.body.taskKeys.map(keyOf);
      const results = await desk.signBatch(actorOf(request), { ...request.body, taskKeys });
      const language = languageOf(request);
      return { items: results.map((result) => batchItem(result, language)) };
    },
  );
}

const batchItem = ({ taskKey, documentId, problem }: BatchResult, language: 'vi' | 'en') => ({
  taskKey,
  documentId,
  isSigned: problem === null,
  code: problem?.code ?? null,
  message: problem === null ? null : errorBody(problem, language, null).message,
});

/** Guessing one of 2^256 tokens is hopeless, but nobody needs to try quickly. */
const GUESSES_PER_MINUTE = 60;

function registerServiceRoutes(app: App, deps: ApiDeps): void {
  const desk = deps.flow.signing;
  const config = { access: open, rateLimit: { max: GUESSES_PER_MINUTE, timeWindow: '1 minute' } };
  app.get('/api/signing/files/:token', { schema: { params: TokenParams }, config }, async (request, reply) => {
    const { bytes, fileName } = await desk.readFile(request.params.token);
    return reply
      .type('application/pdf')
      .header('cache-control', 'no-store')
      .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(fileName)}`)
      .send(Buffer.from(bytes));
  });

  app.post(
    '/api/signing/files/:token',
    { schema: { params: TokenParams, response: { 200: UploadAnswer } }, config },
    async (request) => {
      if (!request.isMultipart()) throw new AppError('invalid-input', 'FILE_MISSING', 'Expected multipart/form-data');
      // The documented services do not agree on the name of the part; there is one file, whatever it is called.
      const part = await request.file();
      if (part === undefined) throw new AppError('invalid-input', 'FILE_MISSING', 'Expected one file');
      await desk.answerWithFile(request.params.token, await part.toBuffer());
      return { Status: true, Message: '', FileName: part.filename.normalize('NFC'), FileServer: '' };
    },
  );
}

function registerQuarantineRoutes(app: App, deps: ApiDeps): void {
  const desk = deps.flow.signing;
  app.get(
    '/api/signing/quarantine',
    { schema: { response: { 200: Items(QuarantineView) } }, config: { access: session } },
    async (request) => ({ items: (await desk.listQuarantined(actorOf(request))).map(quarantineView) }),
  );

  app.post(
    '/api/signing/quarantine/:id/handled',
    { schema: { params: SessionParams }, config: { access: signing } },
    async (request, reply) => {
      await desk.handleQuarantined(actorOf(request), request.params.id);
      return reply.status(204).send();
    },
  );
}

const SERVER_KEY = { id: 'server-key', kind: 'hash', place: 'server', origin: null } as const;

const providerView = (provider: SigningProvider) => ({
  id: provider.id,
  kind: provider.kind,
  place: provider.place,
  origin: provider.kind === 'file' ? provider.origin : null,
});

const optionsView = ({ anchors, ...options }: SigningOptions): SigningOptionsView => ({
  role: options.role,
  holderName: options.holderName,
  pageCount: options.pageCount,
  places: anchors,
  providers: [SERVER_KEY, ...options.providers.map(providerView)],
});

const sessionView = (
  signed: SigningSession,
  title = '',
  instruction: FileInstruction | null = null,
): SigningSessionView => ({
  sessionId: signed.id,
  status: signed.status,
  outcomeCode: signed.outcomeCode,
  documentId: signed.documentId,
  title,
  sourceSha256: signed.sourceSha256,
  expiresAt: signed.expiresAt,
  signerName: signed.signerName,
  serialNumber: signed.serialNumber,
  hash:
    signed.prepared === null || signed.status !== 'open'
      ? null
      : {
          scheme: signed.prepared.scheme,
          signedAttributes: base64(signed.prepared.signedAttributes),
          toBeSigned: base64(signed.prepared.toBeSigned),
          documentDigest: base64(signed.prepared.documentDigest),
        },
  service: instruction,
});

const quarantineView = (item: Quarantined): QuarantineView => ({
  id: item.id,
  documentId: item.documentId,
  subject: item.subject,
  reason: item.reason,
  signerName: item.signerName,
  sha256: item.sha256,
  sizeBytes: item.sizeBytes,
  receivedAt: item.receivedAt,
});
