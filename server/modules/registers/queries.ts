// Reads of registers. A caller that shows them to a person passes that person's own agency.

import type { Tx } from '../../shared/transactions.ts';
import type { RegisterEntry } from './register.ts';
import { selectEntries, type EntryFilter } from './store.ts';

/** Entries of one year in order of series and number. */
export const listEntries = (tx: Tx, filter: EntryFilter): Promise<readonly RegisterEntry[]> =>
  selectEntries(tx, filter);
