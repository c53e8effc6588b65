// The one statement that writes steps: the state rows, and with them history, tasks, jobs, subscriptions and incidents
// of all the instances that it is given. Invariant: what belongs to an instance is written only together with its state
// row, and the state row only if it is still at the step that was decided on; so a lost race leaves nothing behind.

import { AppError } from '../../shared/app-error.ts';
import type { Key } from '../../shared/ids.ts';
import type { Statements, Transactions } from '../../shared/transactions.ts';
import type { StepWrite } from '../step-rows.ts';
import { INSTANCE_PARTS, PARTS, type StepPart } from './step-parts.ts';

const isStored = (column: string): string => `${column} = any (array(select key from stored))`;

/**
 * In the caller's transaction, or as a transaction of its own. Answers the step that each written instance has now; the
 * others were no longer at the step that was decided on.
 */
export async function writeSteps(on: Statements, writes: readonly StepWrite[]): Promise<ReadonlyMap<Key, number>> {
  return sendWrite(on, composeWrite(writes));
}

/** One instance may send as much; a larger one would hold memory and connection for everybody. */
const MAX_CHARACTERS = 64_000_000;

export async function sendWrite(on: Statements, { sql, values, name }: Composed): Promise<ReadonlyMap<Key, number>> {
  const size = sizeOf(values);
  if (size > MAX_CHARACTERS) {
    throw new AppError(
      'too-large',
      'INSTANCE_TOO_LARGE',
      `Expected a step of at most ${MAX_CHARACTERS}, but got ${size}`,
    );
  }
  const { rows } = await on.query<{ key: Key; step: number }>(sql, values, name);
  return new Map(rows.map(({ key, step }) => [key, step]));
}

export const sizeOf = (values: readonly string[]): number => values.reduce((sum, { length }) => sum + length, 0);

export interface Composed {
  readonly sql: string;
  readonly values: readonly string[];
  readonly name: string;
}

/**
 * Only tables that get rows take part: each part costs some microseconds even when it is empty. The combinations that
 * occur are few, so that each is a prepared statement of its own.
 */
export function composeWrite(writes: readonly StepWrite[]): Composed {
  const values: string[] = [];
  const ctes: string[] = [];
  let mask = 0;
  const add = (part: StepPart, place: number): boolean => {
    const rows = writes.flatMap((write) => [...part.rowsOf(write)]);
    if (rows.length === 0) return false;
    const parameter = `$${values.push(JSON.stringify(rows))}`;
    const { linesOf } = part;
    const lines =
      linesOf === undefined ? '' : `$${values.push(writes.flatMap((write) => [...linesOf(write)]).join('\n'))}`;
    ctes.push(`${part.name} as (${part.sql(parameter, isStored, lines)})`);
    mask += 2 ** place;
    return true;
  };
  const stored = INSTANCE_PARTS.filter((part, place) => add(part, place));
  ctes.push(`stored as (${stored.map(({ name }) => `select key, step from ${name}`).join(' union all ')})`);
  PARTS.forEach((part, place) => add(part, INSTANCE_PARTS.length + place));
  return { sql: `with ${ctes.join(',\n')}\nselect key, step from stored`, values, name: `steps_${mask.toString(36)}` };
}

/** For callers that have no sessions for batches: the same effect, three round trips instead of one. */
export const inTransactions = (transactions: Transactions): Statements => ({
  query: (sql, values, name) => transactions.run((tx) => tx.query(sql, values, name)),
});
