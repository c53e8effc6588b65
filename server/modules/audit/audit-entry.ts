// Who did what, when, to which thing. The vocabulary of actions is closed: a new action is added here, gets a
// Vietnamese sentence in the timeline, and only then can be recorded.

import type { Actor } from '../../shared/actor.ts';
import type { AgencyId, UserId } from '../../shared/ids.ts';
import type { Instant } from '../../shared/time.ts';

export const AUDIT_ACTIONS = [
  'document.drafted',
  'document.updated',
  'document.file-saved',
  'document.submitted',
  'document.returned',
  'document.approved',
  'document.cancelled',
  'document.signed',
  'document.numbered',
  'document.sealed',
  'document.dispatched',
  'document.arrived',
  'document.accepted',
  'document.refused',
  'document.registered',
  'document.assigned',
  'document.handling-started',
  'document.completed',
  'document.archived',
  'register.number-allocated',
  'register.arrival-entered',
  'signature.applied',
  'signature.validated',
  'signature.requested',
  'signature.cancelled',
  'signature.rejected',
  'signature.quarantined',
  'signature.extended',
  'credential.issued',
  'authority.created',
  'trust.anchor-added',
  'trust.anchor-retired',
  'package.created',
  'package.sent',
  'package.send-failed',
  'package.received',
  'package.status',
  'package.status-sent',
  'package.unacknowledged',
  'document.send-overdue',
  'case-file.opened',
  'case-file.document-added',
  'case-file.exported',
  'session.opened',
  'session.failed',
  'session.closed',
  'task.completed',
  'instance.changed',
  'data-set.loaded',
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

export type AuditSubjectKind =
  | 'document'
  | 'register'
  | 'signature'
  | 'credential'
  | 'authority'
  | 'package'
  | 'case-file'
  | 'user'
  | 'task'
  | 'process-instance'
  | 'data-set';

/** Ids, codes and reasons; never a password, PIN, token or file content. JSON-safe. */
export type AuditDetails = Readonly<Record<string, unknown>>;

export interface AuditInput {
  /** Business time of the act. The database adds its own time of writing. */
  readonly at: Instant;
  /** Null: the system acted. */
  readonly actor: Actor | null;
  /** Whose chain the entry joins; null: the chain of the node itself. */
  readonly agencyId: AgencyId | null;
  readonly action: AuditAction;
  readonly subjectKind: AuditSubjectKind;
  readonly subjectId: string;
  readonly details: AuditDetails;
}

export interface AuditEntry {
  /** int64 as digits; ascending in order of writing. */
  readonly id: string;
  readonly at: Instant;
  readonly actorId: UserId | null;
  readonly actorName: string | null;
  readonly actorPosition: string | null;
  readonly agencyId: AgencyId | null;
  readonly action: AuditAction;
  readonly subjectKind: AuditSubjectKind;
  readonly subjectId: string;
  readonly details: AuditDetails;
  /** Lower-case hex; null only inside the transaction that writes the entry (the chain is closed at commit). */
  readonly hash: string | null;
}

export interface AuditSubject {
  readonly subjectKind: AuditSubjectKind;
  readonly subjectId: string;
}
