// Whom this node believes at a moment, and what was found about a document.

import type { DocumentId } from '../../shared/ids.ts';
import type { Instant } from '../../shared/time.ts';
import type { Tx } from '../../shared/transactions.ts';
import type { FileTrust } from './ports.ts';
import * as store from './store.ts';
import type { TrustAnchor } from './trust-anchor.ts';

/** The whole list with its history, oldest first. */
export const listTrustAnchors = (tx: Tx): Promise<readonly TrustAnchor[]> => store.selectAnchors(tx);

/** What administrators have entered and not retired at that moment. */
export async function loadAnchors(tx: Tx, at: Instant): Promise<Omit<FileTrust, 'lists'>> {
  const anchors = await store.selectTrusted(tx, at);
  const of = (kind: 'root' | 'intermediate'): readonly Uint8Array[] =>
    anchors.filter((anchor) => anchor.kind === kind).map(({ certificate }) => certificate);
  return { roots: of('root'), intermediates: of('intermediate') };
}

/** null: its file was never judged. */
export const findLatestReport = (tx: Tx, documentId: DocumentId): Promise<store.StoredReport | null> =>
  store.selectLatestReport(tx, documentId);

export const listEvidence = (tx: Tx, reportId: string): Promise<readonly store.StoredEvidence[]> =>
  store.selectEvidence(tx, reportId);
