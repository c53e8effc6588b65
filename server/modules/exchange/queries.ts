// Reads of packages. They are for the system, or for callers that have already checked with findDocumentFor that the
// person may see the document.

import type { DocumentId, PackageId } from '../../shared/ids.ts';
import type { Tx } from '../../shared/transactions.ts';
import type { ContentStore } from '../documents/index.ts';
import { exchangeError } from './errors.ts';
import type { PackageWithHistory, Packet, SentStatus } from './package.ts';
import { selectPackets, selectSentStatuses } from './store/incoming.ts';
import { selectPackages } from './store/outgoing.ts';

export { getIncomingPackage } from './commands/receiving.ts';
export { getPackage } from './commands/sending.ts';

/** Packages of an outgoing document with all reports about them. */
export const listPackages = (tx: Tx, documentId: DocumentId): Promise<readonly PackageWithHistory[]> =>
  selectPackages(tx, documentId);

/** Statuses that this node has reported, or still owes, for an incoming package. */
export const listSentStatuses = (tx: Tx, incomingPackageId: PackageId): Promise<readonly SentStatus[]> =>
  selectSentStatuses(tx, incomingPackageId);

/** The messages that carried a document, out or in, as their bytes went over the wire. */
export const listPackets = (tx: Tx, documentId: DocumentId): Promise<readonly Packet[]> =>
  selectPackets(tx, documentId);

/** The edXML of one package of the document. PACKAGE_NOT_FOUND also while it has not been sent yet. */
export async function loadPackageBytes(
  tx: Tx,
  deps: { readonly contentStore: ContentStore },
  ids: { readonly documentId: DocumentId; readonly packageId: PackageId },
): Promise<Uint8Array> {
  const packets = await selectPackets(tx, ids.documentId);
  const packet = packets.find(({ packageId }) => packageId === ids.packageId);
  if (packet !== undefined) return deps.contentStore.get(tx, packet.sha256);
  throw exchangeError({
    code: 'PACKAGE_NOT_FOUND',
    message: `Expected document '${ids.documentId}' to have package '${ids.packageId}'`,
    details: ids,
  });
}
