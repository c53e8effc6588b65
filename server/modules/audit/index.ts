// Public face of the audit module: the append-only, hash-chained log of who did what. See README.md.

export {
  AUDIT_ACTIONS,
  type AuditAction,
  type AuditDetails,
  type AuditEntry,
  type AuditInput,
  type AuditSubject,
  type AuditSubjectKind,
} from './audit-entry.ts';
export { recordAudit } from './commands.ts';
export { AUDIT_ERRORS } from './errors.ts';
export { listAudit, verifyAuditChain } from './queries.ts';
