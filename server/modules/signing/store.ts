// All SQL of the signing module. Private keys exist here only inside PKCS#12 files of test certificates and, for the
// issuing key of the test authority, as PKCS#8: no key of legal value may ever be stored in these tables.

import type { Actor } from '../../shared/actor.ts';
import type { DocumentId } from '../../shared/ids.ts';
import type { Instant } from '../../shared/time.ts';
import type { Tx } from '../../shared/transactions.ts';
import type {
  IssuedCertificate,
  ProviderId,
  RevokedCertificate,
  SignatureRole,
  TestAuthorityMaterial,
} from './ports.ts';
import type { Credential, Holder, Signature } from './signature.ts';

export interface Authority extends TestAuthorityMaterial {
  readonly id: string;
}

const AUTHORITY_COLUMNS = `id, root_certificate as "rootCertificate", issuing_certificate as "issuingCertificate",
  issuing_key as "issuingKey", root_crl as "rootCrl", timestamp_certificate as "timestampCertificate",
  timestamp_key as "timestampKey"`;

export async function selectAuthority(tx: Tx): Promise<Authority | null> {
  const { rows } = await tx.query<Authority>(
    `select ${AUTHORITY_COLUMNS} from signing_authorities where issuing_key is not null order by created_at limit 1`,
  );
  return rows[0] ?? null;
}

/** Serialises the making of keys: RSA takes seconds, and of two made at once one would be thrown away. */
export async function lockIssuing(tx: Tx, subject: string): Promise<void> {
  await tx.query(`select pg_advisory_xact_lock(hashtextextended('signing:' || $1, 0))`, [subject]);
}

export async function insertAuthority(tx: Tx, material: TestAuthorityMaterial, now: Instant): Promise<Authority> {
  const { rows } = await tx.query<Authority>(
    `insert into signing_authorities
       (root_certificate, issuing_certificate, issuing_key, root_crl, timestamp_certificate, timestamp_key, created_at)
     values ($1, $2, $3, $4, $5, $6, $7) returning ${AUTHORITY_COLUMNS}`,
    [
      material.rootCertificate,
      material.issuingCertificate,
      material.issuingKey,
      material.rootCrl,
      material.timestampCertificate,
      material.timestampKey,
      now,
    ],
  );
  const authority = rows[0];
  if (authority === undefined) throw new Error('INSERT … RETURNING gives the row');
  return authority;
}

/** DER of the issuing authorities below the roots; they help to find a path and are no anchors. */
export async function selectIntermediates(tx: Tx): Promise<readonly Uint8Array[]> {
  const { rows } = await tx.query<{ issuingCertificate: Uint8Array }>(
    `select issuing_certificate as "issuingCertificate" from signing_authorities order by created_at`,
  );
  return rows.map((row) => row.issuingCertificate);
}

/** DER of every root that this node trusts. */
export async function selectTrustedRoots(tx: Tx): Promise<readonly Uint8Array[]> {
  const { rows } = await tx.query<{ rootCertificate: Uint8Array }>(
    `select root_certificate as "rootCertificate" from signing_authorities order by created_at`,
  );
  return rows.map((row) => row.rootCertificate);
}

/** Test certificates that were revoked here. */
export async function selectRevoked(tx: Tx): Promise<readonly RevokedCertificate[]> {
  const { rows } = await tx.query<RevokedCertificate>(
    `select serial_number as "serialNumber", revoked_at as at from signing_credentials where revoked_at is not null`,
  );
  return rows;
}

const CREDENTIAL_COLUMNS = `id, subject_name as "subjectName", serial_number as "serialNumber",
  valid_from as "validFrom", valid_to as "validTo", pkcs12, is_test as "isTest", failed_pins as "failedPins",
  pin_locked_until as "pinLockedUntil"`;

/** Null when there is no such credential. The row stays locked until the count is stored. */
export async function selectPinCount(tx: Tx, credentialId: string): Promise<number | null> {
  const { rows } = await tx.query<{ failedPins: number }>(
    `select failed_pins as "failedPins" from signing_credentials where id = $1 for update`,
    [credentialId],
  );
  return rows[0]?.failedPins ?? null;
}

export async function updatePinCount(
  tx: Tx,
  credentialId: string,
  count: { readonly failedPins: number; readonly lockedUntil: Instant | null },
): Promise<void> {
  await tx.query(`update signing_credentials set failed_pins = $2, pin_locked_until = $3 where id = $1`, [
    credentialId,
    count.failedPins,
    count.lockedUntil,
  ]);
}

export async function selectCredential(tx: Tx, holder: Holder): Promise<Credential | null> {
  const { rows } = await tx.query<Credential>(
    `select ${CREDENTIAL_COLUMNS} from signing_credentials where user_id = $1 or agency_id = $2`,
    holder.kind === 'person' ? [holder.userId, null] : [null, holder.agencyId],
  );
  return rows[0] ?? null;
}

export interface NewCredential {
  readonly authorityId: string;
  readonly holder: Holder;
  readonly subjectName: string;
  readonly validFrom: Instant;
  readonly validTo: Instant;
  readonly issued: IssuedCertificate;
}

export async function insertCredential(tx: Tx, credential: NewCredential, now: Instant): Promise<Credential> {
  const { holder, issued } = credential;
  const { rows } = await tx.query<Credential>(
    `insert into signing_credentials
       (authority_id, user_id, agency_id, subject_name, serial_number, valid_from, valid_to, pkcs12, certificate,
        is_test, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, true, $10)
     returning ${CREDENTIAL_COLUMNS}`,
    [
      credential.authorityId,
      holder.kind === 'person' ? holder.userId : null,
      holder.kind === 'agency' ? holder.agencyId : null,
      credential.subjectName,
      issued.serialNumber,
      credential.validFrom,
      credential.validTo,
      issued.pkcs12,
      issued.certificate,
      now,
    ],
  );
  const row = rows[0];
  if (row === undefined) throw new Error('INSERT … RETURNING gives the row');
  return row;
}

export interface NewSignature {
  readonly documentId: DocumentId;
  readonly role: SignatureRole;
  /** null: the key is not held here. */
  readonly credentialId: string | null;
  readonly provider: ProviderId;
  readonly signerName: string;
  readonly serialNumber: string;
  readonly isTest: boolean;
  readonly actor: Actor;
  readonly fieldName: string;
  readonly signedAt: Instant;
}

/** Null when the document carries a signature of this role already (unique document_id, role). */
export async function insertSignature(tx: Tx, signature: NewSignature): Promise<string | null> {
  const { rows } = await tx.query<{ id: string }>(
    `insert into signatures
       (document_id, role, credential_id, provider, signer_name, actor_id, actor_name, serial_number, field_name,
        signed_at, is_test)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
     on conflict (document_id, role) do nothing returning id`,
    [
      signature.documentId,
      signature.role,
      signature.credentialId,
      signature.provider,
      signature.signerName,
      signature.actor.userId,
      signature.actor.fullName,
      signature.serialNumber,
      signature.fieldName,
      signature.signedAt,
      signature.isTest,
    ],
  );
  return rows[0]?.id ?? null;
}

export async function selectSignatures(tx: Tx, documentId: DocumentId): Promise<readonly Signature[]> {
  const { rows } = await tx.query<Signature>(
    `select id, document_id as "documentId", role, signer_name as "signerName", actor_id as "actorId",
            actor_name as "actorName", serial_number as "serialNumber", field_name as "fieldName",
            signed_at as "signedAt", is_test as "isTest", provider
       from signatures where document_id = $1 order by signed_at, role desc`,
    [documentId],
  );
  return rows;
}
