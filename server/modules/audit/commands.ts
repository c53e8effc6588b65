// Writing the log. Every domain command calls recordAudit in its own transaction: a refused command leaves no
// entry, a committed one always does.

import type { Tx } from '../../shared/transactions.ts';
import type { AuditInput } from './audit-entry.ts';
import { storeEntry } from './store.ts';

/** Appends one entry to the chain of `agencyId`. Becomes visible and chained when the transaction commits. */
export const recordAudit = (tx: Tx, input: AuditInput): Promise<void> => storeEntry(tx, input);
