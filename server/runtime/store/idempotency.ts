// SQL for idempotency keys: the first answer of a command is stored in the command's own transaction and given again
// to every repetition. A command that was refused rolled back and leaves no row, so it is decided afresh.

import type { Tx } from '../../shared/transactions.ts';

export interface StoredAnswer {
  readonly fingerprint: string;
  readonly status: number;
  readonly answer: unknown;
}

/** Waits for a concurrent request with the same key, then returns its answer if it committed one. */
export async function findAnswer(tx: Tx, owner: string, key: string): Promise<StoredAnswer | null> {
  await tx.query(`select pg_advisory_xact_lock(hashtextextended('idempotency:' || $1 || ':' || $2, 0))`, [owner, key]);
  const { rows } = await tx.query<StoredAnswer>(
    `select fingerprint, status, answer from idempotency_keys where owner = $1 and key = $2`,
    [owner, key],
  );
  return rows[0] ?? null;
}

export async function storeAnswer(tx: Tx, owner: string, key: string, answer: StoredAnswer): Promise<void> {
  await tx.query(`insert into idempotency_keys (owner, key, fingerprint, status, answer) values ($1, $2, $3, $4, $5)`, [
    owner,
    key,
    answer.fingerprint,
    answer.status,
    JSON.stringify(answer.answer ?? null),
  ]);
}

export async function deleteOldAnswers(tx: Tx, olderThanHours: number): Promise<number> {
  const { rowCount } = await tx.query(
    `delete from idempotency_keys where created_at < clock_timestamp() - make_interval(hours => $1)`,
    [olderThanHours],
  );
  return rowCount;
}
