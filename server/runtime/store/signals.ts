// SQL for signal subscriptions. A signal reaches everybody who waits at the moment of the throw; it is never buffered.

import type { Key } from '../../shared/ids.ts';
import type { Instant } from '../../shared/time.ts';
import type { Tx } from '../../shared/transactions.ts';

export interface SignalSubscription {
  readonly key: Key;
  readonly instanceKey: Key;
  readonly elementInstanceKey: Key;
  readonly elementId: string;
  readonly signalName: string;
}

export interface SignalChunk {
  readonly name: string;
  readonly thrownAt: Instant;
  readonly afterKey: Key | null;
  readonly limit: number;
}

/** The next subscriptions, in order of their keys, that waited when the signal was thrown. */
export async function listWaitingFor(
  tx: Tx,
  chunk: SignalChunk,
): Promise<readonly Pick<SignalSubscription, 'key' | 'instanceKey'>[]> {
  const { rows } = await tx.query<Pick<SignalSubscription, 'key' | 'instanceKey'>>(
    `select key, instance_key as "instanceKey" from signal_subscriptions
     where signal_name = $1 and created_at <= $2 and key > coalesce($3::bigint, 0) order by key limit $4`,
    [chunk.name, chunk.thrownAt, chunk.afterKey, chunk.limit],
  );
  return rows;
}

export async function hasSignalSubscription(tx: Tx, key: Key): Promise<boolean> {
  const { rowCount } = await tx.query(`select 1 from signal_subscriptions where key = $1`, [key]);
  return rowCount > 0;
}
