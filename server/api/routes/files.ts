// Files: a PDF in, the current or an earlier version out (with byte ranges, so that a viewer shows the first page
// before the rest has arrived), and the exchange packets as evidence.

import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { loadVersion, savePdf } from '../../modules/documents/index.ts';
import { loadPackageBytes } from '../../modules/exchange/index.ts';
import { AppError } from '../../shared/app-error.ts';
import { asId, type DocumentId, type PackageId } from '../../shared/ids.ts';
import { DocumentView, strict, Uuid } from '../contract/index.ts';
import { actorOf } from '../plugins/access.ts';
import { runCommand } from '../plugins/idempotency.ts';
import type { ApiDeps, App } from '../types.ts';
import { DocumentParams, getDocumentFor, viewDocument } from './documents.ts';

const session = { kind: 'session' } as const;
const drafting = { kind: 'role', roles: ['officer'] } as const;

export function registerFileRoutes(app: App, deps: ApiDeps): void {
  app.post(
    '/api/documents/:id/file',
    {
      schema: { params: DocumentParams, response: { 200: DocumentView } },
      config: { access: drafting },
    },
    async (request, reply) => {
      const upload = await readUpload(request);
      const id = asId<DocumentId>(request.params.id);
      return runCommand(deps, { request, reply, content: upload.bytes }, async (tx) => {
        await savePdf(tx, deps.files, actorOf(request), id, upload, deps.clock.now());
        return { status: 200, body: await viewDocument(tx, deps, actorOf(request), id) };
      });
    },
  );

  app.get(
    '/api/documents/:id/file',
    {
      schema: {
        params: DocumentParams,
        querystring: Type.Object({ version: Type.Optional(Type.Integer({ minimum: 1 })) }, strict),
      },
      config: { access: session },
    },
    async (request, reply) => {
      const id = asId<DocumentId>(request.params.id);
      const file = await deps.transactions.run(async (tx) => {
        const document = await getDocumentFor(tx, actorOf(request), id);
        const { version, bytes } = await loadVersion(tx, deps.files, document.id, request.query.version);
        return { version, bytes };
      });
      return sendBytes(request, reply, {
        bytes: file.bytes,
        mediaType: 'application/pdf',
        fileName: file.version.fileName,
      });
    },
  );

  app.get(
    '/api/documents/:id/packages/:packageId',
    { schema: { params: Type.Object({ id: Uuid, packageId: Uuid }, strict) }, config: { access: session } },
    async (request, reply) => {
      const { id, packageId } = request.params;
      const bytes = await deps.transactions.run(async (tx) => {
        const document = await getDocumentFor(tx, actorOf(request), asId<DocumentId>(id));
        return loadPackageBytes(tx, deps.files, { documentId: document.id, packageId: asId<PackageId>(packageId) });
      });
      return sendBytes(request, reply, { bytes, mediaType: 'application/xml', fileName: `${packageId}.edxml` });
    },
  );
}

async function readUpload(request: FastifyRequest): Promise<{ fileName: string; bytes: Uint8Array }> {
  if (!request.isMultipart()) throw new AppError('invalid-input', 'FILE_MISSING', 'Expected multipart/form-data');
  const part = await request.file();
  if (part === undefined || part.fieldname !== 'file') {
    throw new AppError('invalid-input', 'FILE_MISSING', 'Expected one part named file');
  }
  return { fileName: part.filename.normalize('NFC'), bytes: await part.toBuffer() };
}

export interface SentFile {
  readonly bytes: Uint8Array;
  readonly mediaType: string;
  readonly fileName: string;
}

/** RFC 9110 section 14: one byte range; anything else gets the whole file. */
export function sendBytes(request: FastifyRequest, reply: FastifyReply, file: SentFile): FastifyReply {
  const size = file.bytes.byteLength;
  const etag = `"${createHash('sha256').update(file.bytes).digest('hex')}"`;
  void reply
    .type(file.mediaType)
    .header('accept-ranges', 'bytes')
    .header('etag', etag)
    .header('cache-control', 'private, no-cache')
    .header('content-disposition', `inline; filename*=UTF-8''${encodeURIComponent(file.fileName)}`);
  if (request.headers['if-none-match'] === etag) return reply.status(304).send();
  const range = /^bytes=(\d*)-(\d*)$/.exec(request.headers.range ?? '');
  if (range === null || (range[1] === '' && range[2] === '')) return reply.send(Buffer.from(file.bytes));
  const isSuffix = range[1] === '';
  const first = isSuffix ? Math.max(0, size - Number(range[2])) : Number(range[1]);
  const last = isSuffix || range[2] === '' ? size - 1 : Math.min(Number(range[2]), size - 1);
  if (first > last || first >= size) {
    return reply.status(416).header('content-range', `bytes */${size}`).send();
  }
  return reply
    .status(206)
    .header('content-range', `bytes ${first}-${last}/${size}`)
    .send(Buffer.from(file.bytes.subarray(first, last + 1)));
}
