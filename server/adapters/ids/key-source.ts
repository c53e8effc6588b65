// Engine keys made in the process, so that a step knows its keys before it writes. One call of the database sequence
// leases a block of 1,000; a block that is not used up is lost, which costs nothing (2^63 keys are there).
// Invariant: no key is given out twice, by any process, also after a crash (sequences never roll back).

import type { KeySource } from '../../runtime/ports.ts';
import { AppError } from '../../shared/app-error.ts';
import { asId, type Key } from '../../shared/ids.ts';
import { leaseKeyBlocks } from '../postgres/key-blocks.ts';
import type { Pool } from '../postgres/pool.ts';

/** Equals the increment of engine_key_seq (migrations/0001_platform.ts); a test compares the two. */
export const KEY_BLOCK_SIZE = 1_000;

// `reserve` promises keys to commands that run at once and does not know which of them takes what, and when. The stock
// is therefore held at what this many commands of the same size need together, and never below a floor that many small
// commands cannot use up while a large one is between its promise and its use.
const CONCURRENT_COMMANDS = 32;
const FLOOR_KEYS = 32 * KEY_BLOCK_SIZE;

/**
 * The pool must not be the one that serves transactions: they ask for keys while they hold a connection, and if all
 * connections were held by those who ask, the lease would wait for them and they for the lease.
 */
export function createKeySource(pool: Pool): KeySource {
  /** Leased blocks, oldest first; the first one is in use. Ascending, because refills run one at a time. */
  const blocks: { next: bigint; readonly end: bigint }[] = [];
  let available = 0;
  let refill: Promise<void> | null = null;

  async function lease(count: number): Promise<void> {
    for (const first of await leaseKeyBlocks(pool, Math.ceil(count / KEY_BLOCK_SIZE))) {
      blocks.push({ next: first, end: first + BigInt(KEY_BLOCK_SIZE) });
      available += KEY_BLOCK_SIZE;
    }
  }

  return {
    next(): Key {
      const block = blocks[0];
      if (block === undefined) {
        // The command rolls back and may come again; by then the stock is full.
        throw new AppError('transient', 'KEYS_EXHAUSTED', 'Took more keys than were reserved');
      }
      const key = block.next;
      block.next += 1n;
      available -= 1;
      if (block.next === block.end) blocks.shift();
      return asId<Key>(key.toString());
    },

    async reserve(count) {
      const needed = Math.max(FLOOR_KEYS, count * CONCURRENT_COMMANDS);
      while (available < needed) {
        // One refill at a time: two would interleave their blocks, and waiting callers share the first one's. It fills
        // to twice the need, so that it is rare.
        refill ??= lease(2 * needed - available).finally(() => {
          refill = null;
        });
        await refill;
      }
    },
  };
}
