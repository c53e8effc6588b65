// Routes of documents: drafts, files, one document with signatures, deliveries and timeline.

import { call, withQuery } from './client.ts';
import type {
  Direction,
  DocumentSummary,
  DocumentView,
  DraftBody,
  Items,
  LetterBody,
  SignatureCheckView,
  TimelineEntry,
} from './contract.ts';

export interface DocumentFilter {
  readonly direction?: Direction | undefined;
  readonly status?: string | undefined;
  readonly text?: string | undefined;
  readonly limit?: number | undefined;
}

const pathOf = (documentId: string): string => `/api/documents/${encodeURIComponent(documentId)}`;

export const listDocuments = async (filter: DocumentFilter, signal: AbortSignal): Promise<readonly DocumentSummary[]> =>
  (await call<Items<DocumentSummary>>('GET', withQuery('/api/documents', { ...filter }), { signal })).items;

export const getDocument = (documentId: string, signal?: AbortSignal): Promise<DocumentView> =>
  call('GET', pathOf(documentId), signal === undefined ? {} : { signal });

export const createDocument = (body: DraftBody, idempotencyKey: string): Promise<DocumentView> =>
  call('POST', '/api/documents', { body, idempotencyKey });

export const updateDocument = (documentId: string, body: DraftBody): Promise<DocumentView> =>
  call('PUT', pathOf(documentId), { body });

export const saveLetter = (documentId: string, body: LetterBody): Promise<DocumentView> =>
  call('PUT', `${pathOf(documentId)}/letter`, { body });

export function uploadFile(documentId: string, file: File, idempotencyKey: string): Promise<DocumentView> {
  const form = new FormData();
  form.append('file', file, file.name);
  return call('POST', `${pathOf(documentId)}/file`, { form, idempotencyKey });
}

export const getSignatureCheck = (documentId: string, signal: AbortSignal): Promise<SignatureCheckView> =>
  call('GET', `${pathOf(documentId)}/signatures`, { signal });

export const listTimeline = async (documentId: string, signal: AbortSignal): Promise<readonly TimelineEntry[]> =>
  (await call<Items<TimelineEntry>>('GET', `${pathOf(documentId)}/timeline`, { signal })).items;

/** Read by pdf.js with byte ranges, or by the browser as a download. */
export const fileUrlOf = (documentId: string, version: number): string =>
  withQuery(`${pathOf(documentId)}/file`, { version });

export const packageUrlOf = (documentId: string, packageId: string): string =>
  `${pathOf(documentId)}/packages/${encodeURIComponent(packageId)}`;
