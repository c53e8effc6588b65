// All SQL of the archive module.

import type { AgencyId, CaseFileId, DocumentId } from '../../shared/ids.ts';
import type { Instant } from '../../shared/time.ts';
import type { Tx } from '../../shared/transactions.ts';
import type { CaseFile, CaseFileKey, FiledDocument } from './case-file.ts';

const COLUMNS = `id, agency_id as "agencyId", year, direction, document_type_id as "documentTypeId", notation, title,
  retention, opened_at as "openedAt"`;

export async function selectCaseFile(tx: Tx, id: CaseFileId, agencyId: AgencyId): Promise<CaseFile | null> {
  const { rows } = await tx.query<CaseFile>(`select ${COLUMNS} from case_files where id = $1 and agency_id = $2`, [
    id,
    agencyId,
  ]);
  return rows[0] ?? null;
}

export async function selectCaseFileByKey(tx: Tx, key: CaseFileKey): Promise<CaseFile | null> {
  const { rows } = await tx.query<CaseFile>(
    `select ${COLUMNS} from case_files
     where agency_id = $1 and year = $2 and direction = $3 and document_type_id = $4`,
    [key.agencyId, key.year, key.direction, key.documentTypeId],
  );
  return rows[0] ?? null;
}

export async function selectCaseFiles(tx: Tx, agencyId: AgencyId): Promise<readonly CaseFile[]> {
  const { rows } = await tx.query<CaseFile>(
    `select ${COLUMNS} from case_files where agency_id = $1 order by year desc, notation`,
    [agencyId],
  );
  return rows;
}

/** Null when another transaction opened it first. */
export async function insertCaseFile(tx: Tx, caseFile: Omit<CaseFile, 'id'>): Promise<CaseFile | null> {
  const { rows } = await tx.query<CaseFile>(
    `insert into case_files (agency_id, year, direction, document_type_id, notation, title, retention, opened_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict on constraint case_files_agency_id_year_direction_type_key do nothing returning ${COLUMNS}`,
    [
      caseFile.agencyId,
      caseFile.year,
      caseFile.direction,
      caseFile.documentTypeId,
      caseFile.notation,
      caseFile.title,
      caseFile.retention,
      caseFile.openedAt,
    ],
  );
  return rows[0] ?? null;
}

/** Locks the case file, so that ordinals are given without gaps; false when the document is in it already. */
export async function insertFiledDocument(
  tx: Tx,
  filing: { readonly caseFileId: CaseFileId; readonly documentId: DocumentId; readonly at: Instant },
): Promise<boolean> {
  await tx.query(`select 1 from case_files where id = $1 for update`, [filing.caseFileId]);
  const { rowCount } = await tx.query(
    `insert into case_file_documents (case_file_id, document_id, ordinal, added_at)
     select $1, $2, coalesce(max(ordinal), 0) + 1, $3 from case_file_documents where case_file_id = $1
     on conflict (case_file_id, document_id) do nothing`,
    [filing.caseFileId, filing.documentId, filing.at],
  );
  return rowCount > 0;
}

export async function selectFiledDocuments(tx: Tx, caseFileId: CaseFileId): Promise<readonly FiledDocument[]> {
  const { rows } = await tx.query<FiledDocument>(
    `select document_id as "documentId", ordinal from case_file_documents where case_file_id = $1 order by ordinal`,
    [caseFileId],
  );
  return rows;
}

export async function selectCaseFileIdOf(tx: Tx, documentId: DocumentId): Promise<CaseFileId | null> {
  const { rows } = await tx.query<{ id: CaseFileId }>(
    `select case_file_id as id from case_file_documents where document_id = $1 order by added_at limit 1`,
    [documentId],
  );
  return rows[0]?.id ?? null;
}

/** The same package id for the same content of a case file: name-based on its last filing. */
export async function selectPackageUuid(tx: Tx, caseFileId: CaseFileId): Promise<string> {
  const { rows } = await tx.query<{ id: string }>(
    `select md5($1::text || ':' || count(*)::text)::uuid::text as id from case_file_documents where case_file_id = $1::uuid`,
    [caseFileId],
  );
  return rows[0]?.id ?? caseFileId;
}
