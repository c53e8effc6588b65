// Statements that are transactions of their own: no BEGIN and no COMMIT, so one round trip where a transaction has
// three. For statements that are complete in themselves; the batches of steps are the case it exists for.

import pg from 'pg';
import { AppError } from '../../shared/app-error.ts';
import type { QueryResult, Statements } from '../../shared/transactions.ts';
import { createPool, type Pool, type PoolOptions } from './pool.ts';
import { isConflict, isUnavailable, SQLSTATE } from './sqlstate.ts';

/**
 * Sessions for batches. Their statements join rows of JSON, whose number the planner cannot know, with tables that may
 * be small when the plan is made and large when it is used; a plan for small tables would then read them whole. They
 * are always right to look rows up by key. Nor may a batch of many wait long behind the lock of one.
 */
const BATCH_SESSION = [
  'plan_cache_mode=force_generic_plan',
  'enable_hashjoin=off',
  'enable_mergejoin=off',
  'enable_seqscan=off',
  'jit=off',
  'lock_timeout=50ms',
];

export const createBatchPool = (url: string, options: PoolOptions): Pool =>
  createPool(url, { ...options, settings: BATCH_SESSION });

export function createStatements(pool: Pool): Statements {
  return {
    async query<Row>(sql: string, values: readonly unknown[] = [], name?: string): Promise<QueryResult<Row>> {
      try {
        const result = await pool.query({ text: sql, values: [...values], ...(name === undefined ? {} : { name }) });
        // The caller names the row type; the statement is the only proof of it (tests run every statement).
        return { rows: result.rows as Row[], rowCount: result.rowCount ?? 0 };
      } catch (error) {
        throw translate(error);
      }
    },
  };
}

/** The connection may break after the commit and before its answer: the outcome is unknown then. */
function translate(error: unknown): unknown {
  if (isUnavailable(error)) {
    return new AppError('transient', 'DATABASE_UNAVAILABLE', 'The database cannot be reached', {
      details: { isOutcomeUnknown: true },
      cause: error,
    });
  }
  const isLocked = error instanceof pg.DatabaseError && error.code === SQLSTATE.LOCK_NOT_AVAILABLE;
  if (isLocked || isConflict(error)) {
    return new AppError('transient', 'DATABASE_CONTENTION', 'Rows of the statement were held by others', {
      cause: error,
    });
  }
  return error;
}
