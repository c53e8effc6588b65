// Blocks of engine keys from the database sequence, whose increment is the size of a block: one nextval per block,
// atomic across all processes without a lock.

import type { Pool } from './pool.ts';

/** The first keys of `count` fresh blocks, ascending. */
export async function leaseKeyBlocks(pool: Pool, count: number): Promise<bigint[]> {
  const { rows } = await pool.query<{ first: string }>(
    `select nextval('engine_key_seq') as first from generate_series(1, $1::int)`,
    [count],
  );
  return rows.map(({ first }) => BigInt(first));
}
