// Rows of outgoing packages and of the status reports about them.

import type { AgencyId, ContentHash, DocumentId, PackageId } from '../../../shared/ids.ts';
import type { Instant } from '../../../shared/time.ts';
import type { Tx } from '../../../shared/transactions.ts';
import type { OutgoingPackage, PackageWithHistory, StatusReport } from '../package.ts';
import type { StatusMessage } from '../ports.ts';
import { statusName, type DeliveryStatus, type WireStatusCode } from '../wire-status.ts';

type PackageRow = OutgoingPackage & { readonly history: readonly Omit<StatusReport, 'name'>[] };

const PACKAGE_COLUMNS = `p.id, p.document_id as "documentId", p.sender_id as "senderId",
  p.recipient_id as "recipientId", p.recipient_name as "recipientName", p.recipient_code as "recipientCode",
  p.message_id as "messageId", p.status, p.created_at as "createdAt", p.sent_at as "sentAt",
  p.failure_count as "failureCount", p.last_failure as "lastFailure", p.sha256`;
const HISTORY_COLUMN = `(select coalesce(jsonb_agg(jsonb_build_object('code', s.status_code, 'description', s.description,
            'at', to_char(s.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) order by s.at, s.id), '[]')
     from package_statuses s where s.package_id = p.id) as "history"`;

const packageOf = (row: PackageRow): PackageWithHistory => ({
  ...row,
  history: row.history.map((report) => ({ ...report, name: statusName(report.code) })),
});

export interface NewPackages {
  readonly documentId: DocumentId;
  readonly senderId: AgencyId;
  readonly recipients: readonly { readonly id: AgencyId; readonly name: string; readonly code: string }[];
}

/** The recipients that had no package of this document yet. */
export async function insertPackages(tx: Tx, input: NewPackages, now: Instant): Promise<readonly AgencyId[]> {
  const { rows } = await tx.query<{ recipientId: AgencyId }>(
    `insert into outgoing_packages (document_id, sender_id, recipient_id, recipient_name, recipient_code, created_at)
     select $1, $2, id, name, code, $6 from unnest($3::text[], $4::text[], $5::text[]) as r(id, name, code)
     on conflict (document_id, recipient_id) do nothing returning recipient_id as "recipientId"`,
    [
      input.documentId,
      input.senderId,
      input.recipients.map(({ id }) => id),
      input.recipients.map(({ name }) => name),
      input.recipients.map(({ code }) => code),
      now,
    ],
  );
  return rows.map(({ recipientId }) => recipientId);
}

export async function selectPackages(tx: Tx, documentId: DocumentId): Promise<readonly PackageWithHistory[]> {
  const { rows } = await tx.query<PackageRow>(
    `select ${PACKAGE_COLUMNS}, ${HISTORY_COLUMN} from outgoing_packages p
      where p.document_id = $1 order by p.recipient_code, p.id`,
    [documentId],
  );
  return rows.map(packageOf);
}

export async function selectPackage(tx: Tx, id: PackageId, mustLock: boolean): Promise<OutgoingPackage | null> {
  const { rows } = await tx.query<OutgoingPackage>(
    `select ${PACKAGE_COLUMNS} from outgoing_packages p where p.id = $1 ${mustLock ? 'for update' : ''}`,
    [id],
    mustLock ? 'exchange.lock-package' : 'exchange.select-package',
  );
  return rows[0] ?? null;
}

/** The bytes of the first attempt are those of all: only a package without bytes takes some. */
export async function updateBytes(tx: Tx, id: PackageId, sha256: ContentHash): Promise<void> {
  await tx.query(`update outgoing_packages set sha256 = $2 where id = $1 and sha256 is null`, [id, sha256]);
}

export async function updateSent(tx: Tx, id: PackageId, status: DeliveryStatus, now: Instant): Promise<void> {
  await tx.query(
    `update outgoing_packages set status = $2, sent_at = coalesce(sent_at, $3), last_failure = null where id = $1`,
    [id, status, now],
  );
}

export async function updateFailed(tx: Tx, id: PackageId, reason: string): Promise<void> {
  await tx.query(`update outgoing_packages set failure_count = failure_count + 1, last_failure = $2 where id = $1`, [
    id,
    reason,
  ]);
}

export async function updateStatus(tx: Tx, id: PackageId, status: DeliveryStatus): Promise<void> {
  await tx.query(`update outgoing_packages set status = $2 where id = $1`, [id, status]);
}

/** The package that a status is about: by the document's identifier and the agency that reports. */
export async function selectPackageIdOf(
  tx: Tx,
  key: { readonly senderId: AgencyId; readonly wireDocumentId: string; readonly recipientId: AgencyId },
): Promise<PackageId | null> {
  const { rows } = await tx.query<{ id: PackageId }>(
    `select p.id from outgoing_packages p join documents d on d.id = p.document_id
      where d.wire_document_id = $1 and d.direction = 'outgoing' and p.sender_id = $2 and p.recipient_id = $3`,
    [key.wireDocumentId, key.senderId, key.recipientId],
  );
  return rows[0]?.id ?? null;
}

export interface StoredStatus {
  readonly statusCode: string;
  readonly at: Instant;
  readonly description: string;
}

export async function insertStatus(
  tx: Tx,
  report: {
    readonly packageId: PackageId;
    readonly fromCode: string;
    readonly messageId: string;
    readonly code: WireStatusCode;
    readonly message: StatusMessage;
  },
  now: Instant,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into package_statuses
       (package_id, from_code, message_id, status_code, description, staff_name, at, received_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict (from_code, message_id) do nothing`,
    [
      report.packageId,
      report.fromCode,
      report.messageId,
      report.code,
      report.message.description,
      report.message.staff.name,
      report.message.at,
      now,
    ],
  );
  return rowCount === 1;
}

export async function selectStatus(tx: Tx, fromCode: string, messageId: string): Promise<StoredStatus | null> {
  const { rows } = await tx.query<StoredStatus>(
    `select status_code as "statusCode", at, description from package_statuses
      where from_code = $1 and message_id = $2`,
    [fromCode, messageId],
  );
  return rows[0] ?? null;
}
