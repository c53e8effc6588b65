// Rows of documents, their recipients and assignments. Reads for people take the agency of the actor, so that a
// document of another agency does not exist for them.

import type { AgencyId, DocumentId, Key, PackageId, UserId } from '../../../shared/ids.ts';
import type { Instant, LocalDate } from '../../../shared/time.ts';
import type { Tx } from '../../../shared/transactions.ts';
import type {
  AssignInput,
  Document,
  DocumentFilter,
  DocumentSummary,
  Letter,
  Recipient,
  RefusalCode,
  SigningCapacity,
  Urgency,
} from '../document.ts';
import type { Direction, DocumentStatus } from '../lifecycle.ts';

const SUMMARY_COLUMNS = `d.id, d.agency_id as "agencyId", d.direction, d.status,
  coalesce(d.document_type_id, 'other') as "documentTypeId", d.document_type_name as "documentTypeName",
  d.subject, d.urgency, d.document_code as "documentCode", d.issued_on as "issuedOn",
  d.arrival_number as "arrivalNumber", d.origin_name as "originName",
  d.created_at as "createdAt", d.updated_at as "updatedAt"`;

const DOCUMENT_COLUMNS = `${SUMMARY_COLUMNS}, d.notation, d.number, d.issued_place as "issuedPlace",
  d.wire_document_id as "wireDocumentId", d.signer_id as "signerId", d.signer_name as "signerName",
  d.signer_position as "signerPosition", d.signing_capacity as "signingCapacity", d.capacity_line as "capacityLine",
  d.drafter_id as "drafterId", d.drafter_name as "drafterName", d.due_on as "dueOn", d.reply_to as "replyTo",
  d.letter, d.recipients_lines as "recipientsLines", d.return_reason as "returnReason",
  d.origin_code as "originCode", d.origin_agency_id as "originAgencyId", d.package_id as "packageId",
  d.arrived_on as "arrivedOn", d.refusal_code as "refusalCode", d.refusal_reason as "refusalReason",
  d.instruction, d.handle_by as "handleBy", d.outcome, d.signed_at as "signedAt",
  d.dispatched_at as "dispatchedAt", d.instance_key as "instanceKey",
  (select coalesce(jsonb_agg(jsonb_build_object('id', r.agency_id, 'name', r.name) order by r.ordinal), '[]')
     from document_recipients r where r.document_id = d.id) as "recipients",
  (select coalesce(jsonb_agg(jsonb_build_object('userId', s.user_id, 'fullName', s.full_name, 'role', s.role)
            order by s.role, s.ordinal), '[]')
     from document_assignments s where s.document_id = d.id) as "assignments",
  (select s.full_name from document_assignments s
    where s.document_id = d.id and s.role = 'lead') as "assigneeName"`;

/** Columns that commands write; the key is the domain name, the value the column. */
const COLUMNS = {
  agencyId: 'agency_id',
  direction: 'direction',
  status: 'status',
  documentTypeId: 'document_type_id',
  documentTypeName: 'document_type_name',
  subject: 'subject',
  urgency: 'urgency',
  notation: 'notation',
  number: 'number',
  documentCode: 'document_code',
  issuedOn: 'issued_on',
  issuedPlace: 'issued_place',
  wireDocumentId: 'wire_document_id',
  signerId: 'signer_id',
  signerName: 'signer_name',
  signerPosition: 'signer_position',
  signingCapacity: 'signing_capacity',
  capacityLine: 'capacity_line',
  drafterId: 'drafter_id',
  drafterName: 'drafter_name',
  dueOn: 'due_on',
  replyTo: 'reply_to',
  letter: 'letter',
  recipientsLines: 'recipients_lines',
  returnReason: 'return_reason',
  originCode: 'origin_code',
  originName: 'origin_name',
  originAgencyId: 'origin_agency_id',
  packageId: 'package_id',
  arrivalNumber: 'arrival_number',
  arrivedOn: 'arrived_on',
  refusalCode: 'refusal_code',
  refusalReason: 'refusal_reason',
  instruction: 'instruction',
  handleBy: 'handle_by',
  outcome: 'outcome',
  signedAt: 'signed_at',
  dispatchedAt: 'dispatched_at',
  instanceKey: 'instance_key',
} as const;

export interface DocumentPatch {
  readonly status?: DocumentStatus;
  readonly documentTypeId?: string | null;
  readonly documentTypeName?: string;
  readonly subject?: string;
  readonly urgency?: Urgency;
  readonly notation?: string;
  readonly number?: number;
  readonly documentCode?: string;
  readonly issuedOn?: LocalDate;
  readonly issuedPlace?: string;
  readonly wireDocumentId?: string;
  readonly signerId?: UserId;
  readonly signerName?: string;
  readonly signerPosition?: string;
  readonly signingCapacity?: SigningCapacity;
  readonly capacityLine?: string;
  readonly drafterId?: UserId;
  readonly drafterName?: string;
  readonly dueOn?: LocalDate | null;
  readonly replyTo?: DocumentId | null;
  readonly letter?: Letter | null;
  readonly recipientsLines?: readonly string[];
  readonly returnReason?: string | null;
  readonly originCode?: string;
  readonly originName?: string;
  readonly originAgencyId?: AgencyId | null;
  readonly packageId?: PackageId;
  readonly arrivalNumber?: number;
  readonly arrivedOn?: LocalDate;
  readonly refusalCode?: RefusalCode;
  readonly refusalReason?: string;
  readonly instruction?: string;
  readonly handleBy?: LocalDate | null;
  readonly outcome?: string;
  readonly signedAt?: Instant;
  readonly dispatchedAt?: Instant;
  readonly instanceKey?: Key;
}

export interface NewDocument extends DocumentPatch {
  readonly agencyId: AgencyId;
  readonly direction: Direction;
  readonly status: DocumentStatus;
}

const JSON_FIELDS: ReadonlySet<string> = new Set(['letter', 'recipientsLines']);

/** Column names with their values; only names of COLUMNS reach the statement. */
function columnsOf(patch: DocumentPatch): { columns: string[]; values: unknown[] } {
  const columns: string[] = [];
  const values: unknown[] = [];
  const fields = new Map<string, unknown>(Object.entries(patch));
  for (const [field, column] of Object.entries(COLUMNS)) {
    const value = fields.get(field);
    if (value === undefined) continue;
    columns.push(column);
    values.push(JSON_FIELDS.has(field) && value !== null ? JSON.stringify(value) : value);
  }
  return { columns, values };
}

/** Null when the incoming package has its document already (unique package_id). */
export async function insertDocument(tx: Tx, document: NewDocument, now: Instant): Promise<DocumentId | null> {
  const { columns, values } = columnsOf(document);
  const places = values.map((_, index) => `$${index + 2}`);
  const { rows } = await tx.query<{ id: DocumentId }>(
    `insert into documents (created_at, updated_at, ${columns.join(', ')}) values ($1, $1, ${places.join(', ')})
     on conflict (package_id) do nothing returning id`,
    [now, ...values],
  );
  return rows[0]?.id ?? null;
}

export async function updateDocument(tx: Tx, id: DocumentId, patch: DocumentPatch, now: Instant): Promise<void> {
  const { columns, values } = columnsOf(patch);
  const assignments = columns.map((column, index) => `${column} = $${index + 3}`);
  await tx.query(`update documents set ${['updated_at = $2', ...assignments].join(', ')} where id = $1`, [
    id,
    now,
    ...values,
  ]);
}

export interface DocumentKey {
  readonly id: DocumentId;
  /** Null: for the system, which looks over the walls. */
  readonly agencyId: AgencyId | null;
  /** Locks the row until the end of the transaction, so that two commands decide one after the other. */
  readonly mustLock: boolean;
}

export async function selectDocument(tx: Tx, key: DocumentKey): Promise<Document | null> {
  if (key.mustLock) {
    // Locked by itself first: sub-selects of one statement would still show recipients as of before the wait.
    await tx.query(
      `select from documents where id = $1 and ($2::text is null or agency_id = $2) for update`,
      [key.id, key.agencyId],
      'documents.lock',
    );
  }
  const { rows } = await tx.query<Document>(
    `select ${DOCUMENT_COLUMNS} from documents d where d.id = $1 and ($2::text is null or d.agency_id = $2)`,
    [key.id, key.agencyId],
    'documents.select-document',
  );
  return rows[0] ?? null;
}

export async function selectDocumentOfPackage(tx: Tx, packageId: PackageId): Promise<Document | null> {
  const { rows } = await tx.query<Document>(`select ${DOCUMENT_COLUMNS} from documents d where d.package_id = $1`, [
    packageId,
  ]);
  return rows[0] ?? null;
}

export async function selectDocuments(
  tx: Tx,
  agencyId: AgencyId,
  filter: DocumentFilter,
): Promise<readonly DocumentSummary[]> {
  const { rows } = await tx.query<DocumentSummary>(
    `select ${SUMMARY_COLUMNS} from documents d
      where d.agency_id = $1
        and ($2::text is null or d.direction = $2)
        and ($3::text is null or d.status = $3)
        and ($4::text is null
             or d.search_text like '%' || replace(replace(replace(fold_text($4), '\\', '\\\\'), '%', '\\%'), '_', '\\_') || '%')
      order by d.updated_at desc, d.id
      limit $5`,
    [agencyId, filter.direction ?? null, filter.status ?? null, filter.text ?? null, filter.limit],
  );
  return rows;
}

export async function selectSummaries(
  tx: Tx,
  agencyId: AgencyId,
  ids: readonly DocumentId[],
): Promise<readonly DocumentSummary[]> {
  const { rows } = await tx.query<DocumentSummary>(
    `select ${SUMMARY_COLUMNS} from documents d where d.agency_id = $1 and d.id = any ($2::uuid[])`,
    [agencyId, ids],
  );
  return rows;
}

export async function replaceRecipients(tx: Tx, id: DocumentId, recipients: readonly Recipient[]): Promise<void> {
  await tx.query(`delete from document_recipients where document_id = $1`, [id]);
  await tx.query(
    `insert into document_recipients (document_id, ordinal, agency_id, name)
     select $1, ordinal, agency_id, name
       from unnest($2::text[], $3::text[]) with ordinality as r(agency_id, name, ordinal)`,
    [id, recipients.map((recipient) => recipient.id), recipients.map((recipient) => recipient.name)],
  );
}

export async function insertAssignments(
  tx: Tx,
  id: DocumentId,
  input: AssignInput,
  by: { readonly userId: UserId; readonly at: Instant },
): Promise<void> {
  await tx.query(
    `insert into document_assignments (document_id, user_id, full_name, role, ordinal, assigned_by, assigned_at)
     select $1, u.id, u.full_name, case when p.ordinal = 1 then 'lead' else 'support' end, p.ordinal, $3, $4
       from unnest($2::uuid[]) with ordinality as p(user_id, ordinal) join users u on u.id = p.user_id`,
    [id, [input.leadId, ...input.supportIds], by.userId, by.at],
  );
}

/** Null when the name is not one of the known types. */
export async function selectTypeIdByName(tx: Tx, name: string): Promise<string | null> {
  const { rows } = await tx.query<{ id: string }>(
    `select id from document_types where fold_text(name) = fold_text($1)`,
    [name],
  );
  return rows[0]?.id ?? null;
}
