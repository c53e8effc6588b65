// How an instance has ended, for callers that wait for it.

import type { Variables } from '../../engine/index.ts';
import type { Key } from '../../shared/ids.ts';
import type { Statements } from '../../shared/transactions.ts';
import { findInstance } from '../store/instances.ts';

export interface Outcome {
  readonly status: 'completed' | 'terminated';
  readonly variables: Variables;
}

/** Null while it runs. */
export async function findOutcome(on: Statements, key: Key): Promise<Outcome | null> {
  const instance = await findInstance(on, key);
  if (instance === null || instance.status === 'active') return null;
  return { status: instance.status, variables: instance.state.variables[instance.key] ?? {} };
}
