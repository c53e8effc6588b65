// The queue of timestamps and evidence: asked for when a document is sealed, received or archived, worked on by a loop that
// may wait for an authority as long as it takes, because nobody waits for the loop (decision 0017).

import type { DocumentId } from '../../../shared/ids.ts';
import type { Instant } from '../../../shared/time.ts';
import type { Tx } from '../../../shared/transactions.ts';
import { isFinalUpgradeError, upgradeBackoffMs } from '../session-rules.ts';
import type { LeasedUpgrade, Upgrade, UpgradeTarget } from '../session.ts';
import type { SignatureLevel } from '../ports.ts';
import * as store from '../store/upgrades.ts';
import { findTimestampSource, type TimestampDeps } from './trust.ts';

/** Longer than the 180 s that an authority gets, so that a slow answer is not asked for twice. */
const LEASE_MS = 240_000;

/** Idempotent. Without anybody to ask for a timestamp nothing is queued, and the document says that it has no level. */
export async function requestUpgrade(
  tx: Tx,
  deps: TimestampDeps,
  documentId: DocumentId,
  target: UpgradeTarget,
  now: Instant,
): Promise<void> {
  if ((await findTimestampSource(tx, deps)) === null) return;
  await store.upsertUpgrade(tx, documentId, target, now);
}

export const findUpgrade = (tx: Tx, documentId: DocumentId): Promise<Upgrade | null> =>
  store.selectUpgrade(tx, documentId);

export const leaseUpgrade = (tx: Tx): Promise<LeasedUpgrade | null> => store.leaseUpgrade(tx, LEASE_MS);

/** False: the lease was lost, so what was made under it must not be stored. */
export const finishUpgrade = (tx: Tx, lease: LeasedUpgrade, reached: SignatureLevel, now: Instant): Promise<boolean> =>
  store.releaseUpgrade(
    tx,
    {
      documentId: lease.documentId,
      leaseToken: lease.leaseToken,
      reached,
      status: 'done',
      errorCode: null,
      delayMs: 0,
    },
    now,
  );

/** Tried again later, or given up when the fault lies in the file itself. */
export const failUpgrade = (
  tx: Tx,
  lease: LeasedUpgrade,
  failure: { readonly reached: SignatureLevel; readonly code: string },
  now: Instant,
): Promise<boolean> =>
  store.releaseUpgrade(
    tx,
    {
      documentId: lease.documentId,
      leaseToken: lease.leaseToken,
      reached: failure.reached,
      status: isFinalUpgradeError(failure.code) ? 'failed' : 'pending',
      errorCode: failure.code,
      delayMs: upgradeBackoffMs(lease.attempts),
    },
    now,
  );

/** The document has changed under the work: again at once. */
export const repeatUpgrade = (tx: Tx, lease: LeasedUpgrade, now: Instant): Promise<boolean> =>
  store.releaseUpgrade(
    tx,
    {
      documentId: lease.documentId,
      leaseToken: lease.leaseToken,
      reached: lease.reached,
      status: 'pending',
      errorCode: null,
      delayMs: 0,
    },
    now,
  );
