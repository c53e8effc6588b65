// The trust list with its history, and what validations found, with the evidence that they rest on. Nothing here is ever
// changed after the fact: an anchor is retired from a day on, a report is another report.
// Locks: new tables only. Back out: drop the three tables.

import type { Migration } from './migration.ts';

const VALIDATION = `
create table trust_anchors (
  id uuid primary key default gen_random_uuid(),
  sha256 text not null constraint trust_anchors_sha256_check check (sha256 ~ '^[0-9a-f]{64}$'),
  kind text not null constraint trust_anchors_kind_check check (kind in ('root', 'intermediate')),
  name text not null,
  certificate bytea not null,
  effective_from timestamptz not null,
  effective_to timestamptz constraint trust_anchors_period_check check (effective_to > effective_from),
  reason text not null,
  added_by uuid not null references users,
  added_at timestamptz not null,
  retired_reason text,
  retired_by uuid references users,
  retired_at timestamptz,
  constraint trust_anchors_retired_check check ((effective_to is null) = (retired_at is null)
    and (retired_at is null) = (retired_by is null) and (retired_at is null) = (retired_reason is null))
);
comment on table trust_anchors is 'Whom this node believes, pinned by the SHA-256 of the certificate; an entry is retired, never deleted.';
create unique index trust_anchors_active_sha256_key on trust_anchors (sha256) where effective_to is null;

create table validation_reports (
  id uuid primary key default gen_random_uuid(),
  document_id uuid not null references documents,
  file_sha256 text not null,
  verdict text not null
    constraint validation_reports_verdict_check check (verdict in ('valid', 'reservations', 'undetermined', 'invalid')),
  report jsonb not null,
  checked_at timestamptz not null
);
create index validation_reports_document_id_idx on validation_reports (document_id, checked_at);

create table validation_evidence (
  report_id uuid not null references validation_reports,
  kind text not null
    constraint validation_evidence_kind_check check (kind in ('certificate', 'crl', 'ocsp', 'token')),
  sha256 text not null,
  content bytea not null,
  primary key (report_id, kind, sha256)
);

create trigger validation_reports_immutable before update or delete on validation_reports
  for each row execute function refuse_change('VALIDATION_IMMUTABLE');
create trigger validation_evidence_immutable before update or delete on validation_evidence
  for each row execute function refuse_change('VALIDATION_IMMUTABLE');
create trigger trust_anchors_kept before delete on trust_anchors
  for each row execute function refuse_change('VALIDATION_IMMUTABLE');
`;

export const validation: Migration = {
  name: '0017_validation',
  async up(knex) {
    await knex.raw(VALIDATION);
  },
};
