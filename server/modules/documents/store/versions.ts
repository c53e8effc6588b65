// Rows of file versions and attachments. They are inserted and read, never changed: a trigger refuses anything else.

import type { ContentHash, DocumentId, UserId } from '../../../shared/ids.ts';
import type { Instant } from '../../../shared/time.ts';
import type { Tx } from '../../../shared/transactions.ts';
import type { Attachment, DocumentVersion, VersionKind } from '../document.ts';
import type { LayoutAnchors } from '../ports.ts';

const VERSION_COLUMNS = `v.document_id as "documentId", v.version, v.kind, v.file_name as "fileName",
  v.sha256, c.size_bytes as "sizeBytes", v.page_count as "pageCount", v.anchors, v.created_at as "createdAt"`;
const VERSION_SOURCE = `document_versions v join contents c on c.sha256 = v.sha256`;

export interface NewVersion {
  readonly documentId: DocumentId;
  readonly kind: VersionKind;
  readonly fileName: string;
  readonly sha256: ContentHash;
  readonly pageCount: number;
  readonly anchors: LayoutAnchors | null;
  readonly createdBy: UserId | null;
  readonly createdAt: Instant;
}

/** Numbers follow each other because the caller holds the lock on the document's row. */
export async function insertVersion(tx: Tx, version: NewVersion): Promise<number> {
  const { rows } = await tx.query<{ version: number }>(
    `insert into document_versions
       (document_id, version, kind, file_name, sha256, page_count, anchors, created_by, created_at)
     select $1, coalesce(max(v.version), 0) + 1, $2, $3, $4, $5, $6, $7, $8
       from document_versions v where v.document_id = $1
     returning version`,
    [
      version.documentId,
      version.kind,
      version.fileName,
      version.sha256,
      version.pageCount,
      version.anchors === null ? null : JSON.stringify(version.anchors),
      version.createdBy,
      version.createdAt,
    ],
  );
  return rows[0]?.version ?? 0;
}

export async function selectVersions(tx: Tx, id: DocumentId): Promise<readonly DocumentVersion[]> {
  const { rows } = await tx.query<DocumentVersion>(
    `select ${VERSION_COLUMNS} from ${VERSION_SOURCE} where v.document_id = $1 order by v.version`,
    [id],
  );
  return rows;
}

/** The latest version when none is named. */
export async function selectVersion(tx: Tx, id: DocumentId, version: number | null): Promise<DocumentVersion | null> {
  const { rows } = await tx.query<DocumentVersion>(
    `select ${VERSION_COLUMNS} from ${VERSION_SOURCE}
      where v.document_id = $1 and ($2::int is null or v.version = $2)
      order by v.version desc limit 1`,
    [id, version],
    'documents.select-version',
  );
  return rows[0] ?? null;
}

export async function insertAttachment(
  tx: Tx,
  id: DocumentId,
  attachment: Omit<Attachment, 'sizeBytes'>,
): Promise<void> {
  await tx.query(
    `insert into document_attachments (document_id, ordinal, file_name, description, media_type, sha256)
     values ($1, $2, $3, $4, $5, $6)`,
    [id, attachment.ordinal, attachment.fileName, attachment.description, attachment.mediaType, attachment.sha256],
  );
}

export async function selectAttachments(tx: Tx, id: DocumentId): Promise<readonly Attachment[]> {
  const { rows } = await tx.query<Attachment>(
    `select a.ordinal, a.file_name as "fileName", a.description, a.media_type as "mediaType", a.sha256,
            c.size_bytes as "sizeBytes"
       from document_attachments a join contents c on c.sha256 = a.sha256
      where a.document_id = $1 order by a.ordinal`,
    [id],
  );
  return rows;
}
