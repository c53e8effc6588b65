// Conditional start events: somebody gives variables, and every process whose condition they fulfil is started. The
// engine waits for nothing here, because outside of an instance there are no variables that could change.

import { isStartConditionTrue, type Variables } from '../engine/index.ts';
import type { Key } from '../shared/ids.ts';
import type { Tx } from '../shared/transactions.ts';
import { type ExecuteDeps, startInstance } from './execute.ts';
import { listConditionalStarts } from './store/starts.ts';

export interface ConditionalStart {
  readonly variables: Variables;
  /** Only this process; null: all. */
  readonly processId: string | null;
  readonly tenantId: string;
  readonly actorId: string | null;
}

export interface StartedByCondition {
  readonly started: readonly { readonly instanceKey: Key; readonly definitionKey: Key; readonly processId: string }[];
  /** Conditions that could not be evaluated with these variables. */
  readonly failures: readonly { readonly processId: string; readonly elementId: string; readonly message: string }[];
}

export async function startByCondition(
  tx: Tx,
  deps: ExecuteDeps,
  request: ConditionalStart,
): Promise<StartedByCondition> {
  const { variables, processId, tenantId, actorId } = request;
  const started: StartedByCondition['started'][number][] = [];
  const failures: StartedByCondition['failures'][number][] = [];
  const now = deps.clock.now();
  for (const start of await listConditionalStarts(tx, processId)) {
    const { definitionKey, elementId } = start;
    const isTrue = isStartConditionTrue(start.expression, variables, { now });
    if (!isTrue.ok) failures.push({ processId: start.processId, elementId, message: isTrue.error.message });
    if (!isTrue.ok || !isTrue.value) continue;
    const definition = await deps.definitions.getDefinition(tx, definitionKey);
    const begin = { processId: start.processId, definition, startElementId: elementId };
    const instanceKey = await startInstance(tx, deps, { ...begin, variables, tenantId, businessKey: null, actorId });
    started.push({ instanceKey, definitionKey, processId: start.processId });
  }
  return { started, failures };
}
