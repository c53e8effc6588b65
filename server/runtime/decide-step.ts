// Calls the pure core with what it may not fetch itself: the time and fresh keys. Keys are reserved before the call,
// because the core is synchronous; a decision that needs more than was reserved, or something looked up, is made again.

import {
  type Command,
  decide,
  type Decision,
  type ExecutableProcess,
  type InstanceState,
  type Rejection,
} from '../engine/index.ts';
import type { Key } from '../shared/ids.ts';
import type { Result } from '../shared/result.ts';
import type { Tx } from '../shared/transactions.ts';
import type { ExecuteDeps } from './execute-deps.ts';
import { rejected } from './errors.ts';
import { LookupNeeded, Lookups } from './lookups.ts';

/** Keys that one step may use before the decision is repeated with a larger reserve. */
export const FIRST_RESERVE = 200;

export class KeysUsedUp extends Error {}

/**
 * Throws KeysUsedUp when it takes more keys than `reserve`, which the caller has reserved, and LookupNeeded when the
 * core asks for what has not been looked up.
 */
export function decideAtOnce(
  deps: ExecuteDeps,
  given: { readonly model: ExecutableProcess; readonly state: InstanceState | null; readonly command: Command },
  reserve: number,
  lookups: Lookups = new Lookups(),
): Result<Decision, Rejection> {
  let used = 0;
  const nextKey = (): Key => {
    used += 1;
    if (used > reserve) throw new KeysUsedUp();
    return deps.keys.next();
  };
  return decide(given.model, given.state, given.command, { now: deps.clock.now(), nextKey, ...lookups.context });
}

export interface Place {
  readonly tx: Tx;
  readonly definition: { readonly key: Key; readonly model: ExecutableProcess };
}

/** Throws the engine's refusal as an AppError. */
export async function decideWithKeys(
  deps: ExecuteDeps,
  { tx, definition }: Place,
  state: InstanceState | null,
  command: Command,
): Promise<Decision> {
  const lookups = new Lookups();
  const { key: definitionKey, model } = definition;
  const { findCalendar } = deps;
  for (let reserve = FIRST_RESERVE; ;) {
    await deps.keys.reserve(reserve);
    try {
      const result = decideAtOnce(deps, { model, state, command }, reserve, lookups);
      if (!result.ok) throw rejected(result.error, { command: command.type });
      return result.value;
    } catch (error) {
      if (error instanceof LookupNeeded) {
        await lookups.load({ tx, definitionKey, now: deps.clock.now(), findCalendar }, error.question);
      } else if (error instanceof KeysUsedUp) reserve *= 4;
      else throw error;
    }
  }
}
