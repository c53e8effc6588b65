// What this node trusts when it signs and upgrades: all stored roots, the revocation lists of its own test authority, and
// the time-stamping authority that is configured, or else its own.

import type { Instant } from '../../../shared/time.ts';
import type { Tx } from '../../../shared/transactions.ts';
import type { TestAuthority, TimestampSource, TrustMaterial } from '../ports.ts';
import { selectAuthority, selectIntermediates, selectRevoked, selectTrustedRoots } from '../store.ts';

export async function loadTrust(
  tx: Tx,
  deps: { readonly authority: TestAuthority },
  now: Instant,
): Promise<TrustMaterial> {
  const roots = await selectTrustedRoots(tx);
  const intermediates = await selectIntermediates(tx);
  const own = await selectAuthority(tx);
  const lists = own === null ? [] : deps.authority.publishLists(own, await selectRevoked(tx), now);
  return { roots, intermediates, lists };
}

export interface TimestampDeps {
  readonly authority: TestAuthority;
  /** The configured authority, which must chain to these roots; null when none is configured. */
  readonly configuredTimestamps: (roots: readonly Uint8Array[]) => TimestampSource | null;
  readonly clock: { now(): Instant };
}

/** null: this node has nobody to ask for a timestamp. */
export async function findTimestampSource(tx: Tx, deps: TimestampDeps): Promise<TimestampSource | null> {
  const configured = deps.configuredTimestamps(await selectTrustedRoots(tx));
  if (configured !== null) return configured;
  const own = await selectAuthority(tx);
  return own === null ? null : deps.authority.timestampSource(own, () => deps.clock.now());
}
