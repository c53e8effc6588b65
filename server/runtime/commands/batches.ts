// Operations on many instances. The items are fixed when the batch is made; a loop works on them in chunks, each item as
// a command of its own, so that one that is refused does not stop the others. Pausing takes effect between two chunks.

import type { Json, MappingInstruction } from '../../engine/index.ts';
import { AppError } from '../../shared/app-error.ts';
import type { Key } from '../../shared/ids.ts';
import type { Operations } from '../operations.ts';
import {
  type BatchItem,
  type BatchRow,
  type BatchType,
  changeBatch,
  insertBatch,
  type ItemOutcome,
  listOpenItems,
  listRunningBatches,
  lockRunningBatch,
  storeOutcomes,
} from '../store/batches.ts';
import { type Caller, type CommandDeps, lockForCaller } from './caller.ts';
import { cancelProcess, operate } from './instances.ts';

export type BatchDeps = CommandDeps & { readonly operations: Operations };

export interface NewBatch {
  readonly type: BatchType;
  readonly plan: Readonly<Record<string, Json>>;
  readonly items: readonly BatchItem[];
}

const CHUNK = 50;

export async function createBatch(deps: BatchDeps, caller: Caller, { type, plan, items }: NewBatch): Promise<Key> {
  await deps.keys.reserve(1);
  const key = deps.keys.next();
  const row = { key, type, plan, actorId: caller.actorId, tenantId: caller.tenantId, createdAt: deps.clock.now() };
  await deps.transactions.run((tx) => insertBatch(tx, row, items));
  return key;
}

const CHANGES = {
  cancel: { from: ['CREATED', 'ACTIVE', 'SUSPENDED'], to: 'CANCELED' },
  suspend: { from: ['CREATED', 'ACTIVE'], to: 'SUSPENDED' },
  resume: { from: ['SUSPENDED'], to: 'ACTIVE' },
} as const;
export type BatchChange = keyof typeof CHANGES;

export async function controlBatch(deps: BatchDeps, caller: Caller, key: Key, change: BatchChange): Promise<void> {
  const { tenantId } = caller;
  const now = deps.clock.now();
  const isChanged = await deps.transactions.run((tx) => changeBatch(tx, key, { ...CHANGES[change], tenantId, now }));
  if (isChanged === null) {
    const message = `Expected to ${change} batch operation with key '${key}', but no such batch operation was found`;
    throw new AppError('not-found', 'BATCH_NOT_FOUND', message);
  }
  if (!isChanged) {
    const message = `Expected to ${change} batch operation with key '${key}', but it is not in a state for that`;
    throw new AppError('rejection', 'BATCH_STATE_CONFLICT', message);
  }
}

/** One chunk of each batch that runs; how many items were worked on. */
export async function runBatches(deps: BatchDeps): Promise<number> {
  const batches = await deps.transactions.run(listRunningBatches);
  let count = 0;
  for (const batch of batches) count += await runChunk(deps, batch);
  return count;
}

const runChunk = (deps: BatchDeps, batch: BatchRow): Promise<number> =>
  deps.transactions.run(async (tx) => {
    if (!(await lockRunningBatch(tx, batch.key))) return 0;
    const items = await listOpenItems(tx, batch.key, CHUNK);
    const outcomes: ItemOutcome[] = [];
    for (const item of items) outcomes.push({ itemKey: item.itemKey, error: await runItem(deps, batch, item) });
    await storeOutcomes(tx, batch.key, outcomes, deps.clock.now());
    return items.length;
  });

/** The refusal as text, null when it was done. What is no refusal (the database is away) ends the chunk. */
async function runItem(deps: BatchDeps, batch: BatchRow, item: BatchItem): Promise<string | null> {
  const caller: Caller = {
    actorId: batch.actorId,
    tenantId: batch.tenantId,
    person: null,
    reserved: { isJobType: () => false, isForm: () => false },
  };
  try {
    await apply(deps, caller, batch, item);
    return null;
  } catch (error) {
    if (error instanceof AppError && error.kind !== 'transient' && error.kind !== 'bug') return error.message;
    throw error;
  }
}

function apply(deps: BatchDeps, caller: Caller, batch: BatchRow, { itemKey, instanceKey }: BatchItem): Promise<void> {
  const { actorId } = caller;
  switch (batch.type) {
    case 'CANCEL_PROCESS_INSTANCE':
      return cancelProcess(deps, caller, instanceKey);
    case 'RESOLVE_INCIDENT':
      return retry(deps, caller, { incidentKey: itemKey, instanceKey });
    case 'MIGRATE_PROCESS_INSTANCE': {
      // The plan was made from a checked request.
      const { targetKey, mapping } = batch.plan as unknown as {
        readonly targetKey: Key;
        readonly mapping: readonly MappingInstruction[];
      };
      return operate(deps, caller, instanceKey, (operations, tx) =>
        operations.migrate(tx, { instanceKey, targetKey, mapping, actorId }),
      );
    }
    case 'MODIFY_PROCESS_INSTANCE': {
      const { move } = batch.plan as unknown as Pick<Parameters<Operations['modify']>[1], 'move'>; // as above
      const modification = { activate: [], terminate: [], ...(move !== undefined && { move }) };
      return operate(deps, caller, instanceKey, (operations, tx) =>
        operations.modify(tx, { ...modification, instanceKey, actorId }),
      );
    }
  }
}

/** A job without retries gets one more: that is what many incidents at once are resolved for. */
async function retry(
  deps: BatchDeps,
  caller: Caller,
  { incidentKey, instanceKey }: { readonly incidentKey: Key; readonly instanceKey: Key },
): Promise<void> {
  await deps.transactions.run(async (tx) => {
    const instance = await lockForCaller(tx, deps, caller, instanceKey);
    const jobKey = instance.row().state.incidents[incidentKey]?.jobKey ?? null;
    if (jobKey !== null) await instance.give({ type: 'update-job-retries', jobKey, retries: 1 });
    await instance.give({ type: 'resolve-incident', incidentKey });
  });
}
