// Rows of incoming packages and of the statuses that this node reports about them.

import type { AgencyId, ContentHash, DocumentId, PackageId } from '../../../shared/ids.ts';
import type { Instant } from '../../../shared/time.ts';
import type { Tx } from '../../../shared/transactions.ts';
import type { IncomingPackage, Packet, SentStatus, StatusInput } from '../package.ts';
import type { DocumentMessage, WireStaff } from '../ports.ts';
import { statusName, type WireStatusCode } from '../wire-status.ts';

const INCOMING_COLUMNS = `p.id, p.from_code as "fromCode", p.from_name as "fromName", p.message_id as "messageId",
  p.recipient_id as "recipientId", c.code as "recipientCode", a.name as "recipientName",
  p.wire_document_id as "wireDocumentId", p.document_code as "documentCode", p.issued_on as "issuedOn",
  p.subject, p.sha256, p.received_at as "receivedAt", d.id as "documentId"`;
const INCOMING_SOURCE = `incoming_packages p
  join agencies a on a.id = p.recipient_id
  join agency_codes c on c.agency_id = a.id and c.valid_to is null
  left join documents d on d.package_id = p.id`;

export interface NewIncoming {
  readonly fromCode: string;
  readonly messageId: string;
  readonly recipientId: AgencyId;
  readonly sha256: ContentHash;
  readonly message: DocumentMessage;
}

/** Null when this message of this sender has come before. */
export async function insertIncoming(tx: Tx, input: NewIncoming, now: Instant): Promise<PackageId | null> {
  const { message } = input;
  const { rows } = await tx.query<{ id: PackageId }>(
    `insert into incoming_packages
       (from_code, from_name, message_id, recipient_id, sha256, wire_document_id, document_code, issued_on, subject,
        received_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
     on conflict (from_code, message_id) do nothing returning id`,
    [
      input.fromCode,
      message.from.name,
      input.messageId,
      input.recipientId,
      input.sha256,
      message.documentId,
      `${message.number}/${message.notation}`,
      message.issuedOn,
      message.subject,
      now,
    ],
  );
  return rows[0]?.id ?? null;
}

export async function selectIncomingByMessage(
  tx: Tx,
  fromCode: string,
  messageId: string,
): Promise<IncomingPackage | null> {
  const { rows } = await tx.query<IncomingPackage>(
    `select ${INCOMING_COLUMNS} from ${INCOMING_SOURCE} where p.from_code = $1 and p.message_id = $2`,
    [fromCode, messageId],
  );
  return rows[0] ?? null;
}

export async function selectIncoming(tx: Tx, id: PackageId): Promise<IncomingPackage | null> {
  const { rows } = await tx.query<IncomingPackage>(
    `select ${INCOMING_COLUMNS} from ${INCOMING_SOURCE} where p.id = $1`,
    [id],
    'exchange.select-incoming',
  );
  return rows[0] ?? null;
}

type StatusRow = Omit<SentStatus, 'name'> & { readonly staff: WireStaff };
export type OwedStatus = SentStatus & { readonly staff: WireStaff };

const STATUS_COLUMNS = `message_id as "messageId", status_code as "code", description, staff, at, sent_at as "sentAt"`;
const statusOf = (row: StatusRow): OwedStatus => ({ ...row, name: statusName(row.code) });

/** Keeps the first version of a status: its time is part of the bytes, which must be equal over all attempts. */
export async function keepStatus(
  tx: Tx,
  input: StatusInput & { readonly code: WireStatusCode },
  now: Instant,
): Promise<OwedStatus> {
  await tx.query(
    `insert into incoming_statuses_sent (message_id, incoming_package_id, status_code, description, staff, at)
     values ($1, $2, $3, $4, $5, $6) on conflict (message_id) do nothing`,
    [input.messageId, input.incomingPackageId, input.code, input.description, JSON.stringify(input.staff), now],
  );
  const { rows } = await tx.query<StatusRow>(
    `select ${STATUS_COLUMNS} from incoming_statuses_sent where message_id = $1 and incoming_package_id = $2`,
    [input.messageId, input.incomingPackageId],
  );
  const row = rows[0];
  if (row === undefined) throw new Error(`Message id '${input.messageId}' belongs to another package`);
  return statusOf(row);
}

/** False when it had been recorded before. */
export async function updateStatusSent(tx: Tx, messageId: string, now: Instant): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update incoming_statuses_sent set sent_at = $2 where message_id = $1 and sent_at is null`,
    [messageId, now],
  );
  return rowCount === 1;
}

export async function selectSentStatuses(tx: Tx, id: PackageId): Promise<readonly SentStatus[]> {
  const { rows } = await tx.query<StatusRow>(
    `select ${STATUS_COLUMNS} from incoming_statuses_sent where incoming_package_id = $1 order by at, status_code`,
    [id],
  );
  return rows.map(statusOf).map(({ staff: _, ...status }) => status);
}

/** Hashed by the database: the domain needs no hash function of its own. */
export async function hashOf(tx: Tx, bytes: Uint8Array): Promise<ContentHash> {
  const { rows } = await tx.query<{ sha256: ContentHash }>(`select encode(sha256($1::bytea), 'hex') as "sha256"`, [
    bytes,
  ]);
  const row = rows[0];
  if (row === undefined) throw new Error('SELECT without FROM gives one row');
  return row.sha256;
}

/** The messages that carried a document: those that went out and the one that came in. */
export async function selectPackets(tx: Tx, documentId: DocumentId): Promise<readonly Packet[]> {
  const { rows } = await tx.query<Packet>(
    `select id as "packageId", recipient_id || '-' || id || '.edxml' as "name", sha256
       from outgoing_packages where document_id = $1 and sha256 is not null
     union all
     select p.id, 'incoming-' || p.id || '.edxml', p.sha256
       from incoming_packages p join documents d on d.package_id = p.id where d.id = $1
     order by 2`,
    [documentId],
  );
  return rows;
}
