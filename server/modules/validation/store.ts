// All SQL of the validation module.

import type { Actor } from '../../shared/actor.ts';
import type { DocumentId } from '../../shared/ids.ts';
import type { Instant } from '../../shared/time.ts';
import type { Tx } from '../../shared/transactions.ts';
import type { CertificateFacts, FileReport, FileVerdict } from './ports.ts';
import type { AnchorKind, TrustAnchor } from './trust-anchor.ts';

const ANCHOR_COLUMNS = `id, sha256, kind, name, effective_from as "effectiveFrom", effective_to as "effectiveTo", reason,
  added_by as "addedBy", retired_reason as "retiredReason"`;

export async function selectAnchors(tx: Tx): Promise<readonly TrustAnchor[]> {
  const { rows } = await tx.query<TrustAnchor>(
    `select ${ANCHOR_COLUMNS} from trust_anchors order by effective_from, name`,
  );
  return rows;
}

export async function selectTrusted(
  tx: Tx,
  at: Instant,
): Promise<readonly { readonly kind: AnchorKind; readonly certificate: Uint8Array }[]> {
  const { rows } = await tx.query<{ kind: AnchorKind; certificate: Uint8Array }>(
    `select kind, certificate from trust_anchors
      where effective_from <= $1 and (effective_to is null or effective_to > $1) order by effective_from, sha256`,
    [at],
  );
  return rows;
}

/** null: an entry for this certificate is in force already. */
export async function insertAnchor(
  tx: Tx,
  actor: Actor,
  anchor: { readonly facts: CertificateFacts; readonly kind: AnchorKind; readonly reason: string },
  now: Instant,
): Promise<TrustAnchor | null> {
  const { rows } = await tx.query<TrustAnchor>(
    `insert into trust_anchors (sha256, kind, name, certificate, effective_from, reason, added_by, added_at)
     values ($1, $2, $3, $4, $5, $6, $7, $5)
     on conflict (sha256) where effective_to is null do nothing returning ${ANCHOR_COLUMNS}`,
    [anchor.facts.sha256, anchor.kind, anchor.facts.name, anchor.facts.der, now, anchor.reason, actor.userId],
  );
  return rows[0] ?? null;
}

/** null: there is no such entry in force. */
export async function retireAnchor(
  tx: Tx,
  actor: Actor,
  retired: { readonly sha256: string; readonly reason: string },
  now: Instant,
): Promise<TrustAnchor | null> {
  const { rows } = await tx.query<TrustAnchor>(
    `update trust_anchors set effective_to = $2, retired_reason = $3, retired_by = $4, retired_at = $2
      where sha256 = $1 and effective_to is null and effective_from < $2 returning ${ANCHOR_COLUMNS}`,
    [retired.sha256, now, retired.reason, actor.userId],
  );
  return rows[0] ?? null;
}

export async function insertReport(tx: Tx, documentId: DocumentId, report: FileReport, now: Instant): Promise<string> {
  const { rows } = await tx.query<{ id: string }>(
    `insert into validation_reports (document_id, file_sha256, verdict, report, checked_at)
     values ($1, $2, $3, $4, $5) returning id`,
    [documentId, report.fileSha256, report.verdict, JSON.stringify(report.report), now],
  );
  const id = rows[0]?.id;
  if (id === undefined) throw new Error('INSERT … RETURNING gives the row');
  for (const { kind, content } of report.evidence) {
    await tx.query(
      `insert into validation_evidence (report_id, kind, sha256, content)
       values ($1, $2, encode(sha256($3), 'hex'), $3) on conflict do nothing`,
      [id, kind, content],
    );
  }
  return id;
}

export interface StoredReport {
  readonly id: string;
  readonly verdict: FileVerdict;
  readonly fileSha256: string;
  readonly report: object;
  readonly checkedAt: Instant;
}

export async function selectLatestReport(tx: Tx, documentId: DocumentId): Promise<StoredReport | null> {
  const { rows } = await tx.query<StoredReport>(
    `select id, verdict, file_sha256 as "fileSha256", report, checked_at as "checkedAt"
       from validation_reports where document_id = $1 order by checked_at desc, id desc limit 1`,
    [documentId],
  );
  return rows[0] ?? null;
}

export interface StoredEvidence {
  readonly kind: string;
  readonly sha256: string;
  readonly content: Uint8Array;
}

export async function selectEvidence(tx: Tx, reportId: string): Promise<readonly StoredEvidence[]> {
  const { rows } = await tx.query<StoredEvidence>(
    `select kind, sha256, content from validation_evidence where report_id = $1 order by kind, sha256`,
    [reportId],
  );
  return rows;
}
