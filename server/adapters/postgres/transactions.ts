// One transaction per command, on one connection: BEGIN, the work, COMMIT. Protects two invariants: a rolled-back
// attempt leaves nothing behind (also no after-commit action), and work that lost a deadlock or a serialization
// race runs again as a whole. The work must therefore have no effects outside its Tx.

import type pg from 'pg';
import { AppError } from '../../shared/app-error.ts';
import type { QueryResult, Transactions, Tx } from '../../shared/transactions.ts';
import type { Pool } from './pool.ts';
import { isConflict, isUnavailable } from './sqlstate.ts';

export interface TransactionsOptions {
  /**
   * Told when an after-commit action throws: the commit stands, so the caller must not see a failure.
   * Without it the process gets a warning.
   */
  readonly onHookError?: (error: unknown) => void;
}

/** Tries after the first one. Five losses in a row mean contention that waiting longer does not cure. */
const RETRY_LIMIT = 5;
const RETRY_BASE_MS = 5;

type Outcome<T> =
  | { readonly kind: 'committed'; readonly value: T; readonly hooks: readonly (() => void)[] }
  | { readonly kind: 'conflict'; readonly error: unknown };

export function createTransactions(pool: Pool, options: TransactionsOptions = {}): Transactions {
  const onHookError = options.onHookError ?? warn;
  return {
    async run(work) {
      for (let attempt = 0; ; attempt += 1) {
        const outcome = await runOnce(pool, work);
        if (outcome.kind === 'committed') {
          runHooks(outcome.hooks, onHookError);
          return outcome.value;
        }
        if (attempt >= RETRY_LIMIT) throw contentionError(outcome.error);
        await pause(attempt);
      }
    },
  };
}

async function runOnce<T>(pool: Pool, work: (tx: Tx) => Promise<T>): Promise<Outcome<T>> {
  const client = await connect(pool);
  // While a client is checked out the pool does not listen for its errors; a lost connection would end the process.
  // The running query is rejected with the same error, so nothing is swallowed here.
  let connectionError: Error | null = null;
  const onError = (error: Error): void => {
    connectionError = error;
  };
  client.on('error', onError);
  const hooks: (() => void)[] = [];
  let isCommitting = false;
  try {
    await client.query('BEGIN');
    const value = await work(createTx(client, hooks));
    isCommitting = true;
    const { command } = await client.query('COMMIT');
    // PostgreSQL answers COMMIT of an aborted transaction with ROLLBACK and without an error: the work has caught
    // a failed statement and gone on.
    if (command !== 'COMMIT') {
      throw new AppError('bug', 'TRANSACTION_ABORTED', 'The work caught a failed statement and went on to commit');
    }
    return { kind: 'committed', value, hooks };
  } catch (error) {
    connectionError ??= isUnavailable(error) && error instanceof Error ? error : null;
    if (connectionError === null) connectionError = await rollback(client);
    if (isConflict(error)) return { kind: 'conflict', error };
    throw translate(error, isCommitting);
  } finally {
    client.removeListener('error', onError);
    // A broken client is destroyed, not returned to the pool.
    client.release(connectionError ?? undefined);
  }
}

function createTx(client: pg.PoolClient, hooks: (() => void)[]): Tx {
  return {
    async query<Row>(sql: string, values: readonly unknown[] = [], name?: string): Promise<QueryResult<Row>> {
      const result = await client.query({ text: sql, values: [...values], ...(name === undefined ? {} : { name }) });
      // The caller names the row type; the statement is the only proof of it (tests run every statement).
      return { rows: result.rows as Row[], rowCount: result.rowCount ?? 0 };
    },
    afterCommit(action) {
      hooks.push(action);
    },
  };
}

async function connect(pool: Pool): Promise<pg.PoolClient> {
  try {
    return await pool.connect();
  } catch (error) {
    throw translate(error, false);
  }
}

/** Returns the error that makes the connection unusable, null when the rollback went through. */
async function rollback(client: pg.PoolClient): Promise<Error | null> {
  try {
    await client.query('ROLLBACK');
    return null;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** `isOutcomeUnknown`: the connection broke during COMMIT, so the work may have been committed all the same. */
function translate(error: unknown, isCommitting: boolean): unknown {
  if (!isUnavailable(error)) return error;
  return new AppError('transient', 'DATABASE_UNAVAILABLE', 'The database cannot be reached', {
    details: { isOutcomeUnknown: isCommitting },
    cause: error,
  });
}

const contentionError = (cause: unknown): AppError =>
  new AppError('transient', 'DATABASE_CONTENTION', `Gave up after ${RETRY_LIMIT + 1} lost attempts`, { cause });

function runHooks(hooks: readonly (() => void)[], onHookError: (error: unknown) => void): void {
  for (const hook of hooks) {
    try {
      hook();
    } catch (error) {
      onHookError(error);
    }
  }
}

const warn = (error: unknown): void =>
  process.emitWarning(error instanceof Error ? error : String(error), 'AfterCommitWarning');

/** Exponential with full jitter, so that the two losers of one race do not meet again. */
const pause = (attempt: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.random() * RETRY_BASE_MS * 2 ** (attempt + 1)));
