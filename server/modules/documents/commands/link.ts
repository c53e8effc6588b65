// The tie between a document and the process instance that carries it.

import type { DocumentId, Key } from '../../../shared/ids.ts';
import type { Tx } from '../../../shared/transactions.ts';
import { updateDocument } from '../store/documents.ts';
import { lockDocument } from './transition.ts';

/** Not an act of a person: neither `updatedAt` nor the audit log changes. */
export async function linkInstance(tx: Tx, id: DocumentId, instanceKey: Key): Promise<void> {
  const document = await lockDocument(tx, id);
  await updateDocument(tx, id, { instanceKey }, document.updatedAt);
}
