// Reading and verifying the log. These reads are for the system: a caller that shows entries to a person has
// checked first that the person may see the subject (for example with findDocumentFor).

import type { AgencyId } from '../../shared/ids.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import type { Tx } from '../../shared/transactions.ts';
import type { AuditEntry, AuditSubject } from './audit-entry.ts';
import { checkChain, selectEntries } from './store.ts';

export const listAudit = (tx: Tx, subject: AuditSubject): Promise<readonly AuditEntry[]> => selectEntries(tx, subject);

/**
 * Recomputes the chain of one agency (null: of the node). `brokenAt` is the id of the first unsound entry.
 * Call it in a transaction that has written no audit entry: entries are chained at commit.
 */
export async function verifyAuditChain(
  tx: Tx,
  agencyId: AgencyId | null,
): Promise<Result<{ readonly entries: number }, { readonly brokenAt: string }>> {
  const check = await checkChain(tx, agencyId);
  return check.brokenAt === null ? ok({ entries: check.entries }) : err({ brokenAt: check.brokenAt });
}
