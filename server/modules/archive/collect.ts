// Gathers everything that belongs to one filed document from the modules that own it: the file in its last state, the
// attachments, the packets of the exchange, and the history of who did what.

import type { Tx } from '../../shared/transactions.ts';
import { listAudit } from '../audit/index.ts';
import { type ContentStore, type Document, getDocument, listAttachments, loadVersion } from '../documents/index.ts';
import { listPackets } from '../exchange/index.ts';
import type { CaseFile, FiledDocument } from './case-file.ts';
import type { ArchiveDocument, ArchiveEvent, ArchiveFile } from './ports.ts';
import { describeDocument } from './rules.ts';

export interface CollectDeps {
  readonly contentStore: ContentStore;
}

interface Place {
  readonly item: FiledDocument;
  readonly caseFile: CaseFile;
  readonly agencyCode: string;
}

export async function collectDocument(
  tx: Tx,
  deps: CollectDeps,
  { item, caseFile, agencyCode }: Place,
): Promise<ArchiveDocument> {
  const document = await getDocument(tx, item.documentId);
  return {
    id: document.id,
    ordinal: item.ordinal,
    direction: document.direction,
    metadata: describeDocument(document, {
      agencyCode,
      year: caseFile.year,
      notation: caseFile.notation,
      ordinal: item.ordinal,
    }),
    files: [...(await collectFiles(tx, deps, document)), ...(await collectPackets(tx, deps, document))],
    events: await collectEvents(tx, document),
  };
}

async function collectFiles(
  tx: Tx,
  deps: { readonly contentStore: ContentStore },
  document: Document,
): Promise<readonly ArchiveFile[]> {
  const { version, bytes } = await loadVersion(tx, deps, document.id);
  const files: ArchiveFile[] = [
    { name: version.fileName, mediaType: 'application/pdf', sha256: version.sha256, bytes, kind: 'original' },
  ];
  for (const attachment of await listAttachments(tx, document.id)) {
    files.push({
      name: attachment.fileName,
      mediaType: attachment.mediaType,
      sha256: attachment.sha256,
      bytes: await deps.contentStore.get(tx, attachment.sha256),
      kind: 'attachment',
    });
  }
  return files;
}

/** What travelled, byte for byte: the received packet of an incoming document, the sent packets of an outgoing one. */
async function collectPackets(tx: Tx, deps: CollectDeps, document: Document): Promise<readonly ArchiveFile[]> {
  const files: ArchiveFile[] = [];
  for (const packet of await listPackets(tx, document.id)) {
    files.push({
      name: packet.name,
      mediaType: 'application/xml',
      sha256: packet.sha256,
      bytes: await deps.contentStore.get(tx, packet.sha256),
      kind: 'exchange',
    });
  }
  return files;
}

async function collectEvents(tx: Tx, document: Document): Promise<readonly ArchiveEvent[]> {
  const entries = await listAudit(tx, { subjectKind: 'document', subjectId: document.id });
  return entries.map((entry) => ({
    at: entry.at,
    action: entry.action,
    actorName: entry.actorName ?? 'Hệ thống',
    agencyName: entry.agencyId ?? '',
    details: { ...entry.details, hash: entry.hash },
  }));
}
