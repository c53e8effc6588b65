// Who gives a command from outside, and the wall around what he may touch: what belongs to another tenant answers like
// something that does not exist.

import { AppError } from '../../shared/app-error.ts';
import type { Key } from '../../shared/ids.ts';
import type { Transactions, Tx } from '../../shared/transactions.ts';
import type { ExecuteDeps } from '../execute.ts';
import { executeStep, lockInstanceFor } from '../execute.ts';
import type { StepBatcher } from '../step-batcher.ts';
import type { Command, Decision } from '../../engine/index.ts';
import type { InstanceRow } from '../store/instances.ts';
import type { TaskActor } from '../store/tasks.ts';

export interface Caller {
  /** Written to the history of the instance. */
  readonly actorId: string;
  /** Null sees all tenants. */
  readonly tenantId: string | null;
  /** A person: acts on tasks that are his. Null may act on all that he sees. */
  readonly person: TaskActor | null;
  /** Work that this installation does itself, and screens that record more than the end of a task. */
  readonly reserved: { isJobType(type: string): boolean; isForm(reference: string): boolean };
}

export interface CommandDeps extends ExecuteDeps {
  readonly transactions: Transactions;
  readonly steps: StepBatcher;
}

export const maySee = (caller: Caller, owner: { readonly tenantId: string }): boolean =>
  caller.tenantId === null || caller.tenantId === owner.tenantId;

export const instanceNotFound = (key: Key): AppError =>
  new AppError('not-found', 'INSTANCE_NOT_FOUND', `Expected an instance with key ${key}, but there is none`);

/** Locks the instance for several steps in one transaction; each `give` sees what the one before has left. */
export async function lockForCaller(tx: Tx, deps: CommandDeps, caller: Caller, key: Key): Promise<LockedInstance> {
  let row = await lockInstanceFor(tx, key);
  if (!maySee(caller, row)) throw instanceNotFound(key);
  return {
    row: () => row,
    async give(command) {
      const decision = await executeStep(tx, deps, row, { command, actorId: caller.actorId });
      row = {
        ...row,
        state: decision.state,
        status: decision.state.status,
        step: row.step + 1,
        eventCount: row.eventCount + decision.events.length,
      };
      return decision;
    },
  };
}

export interface LockedInstance {
  row(): InstanceRow;
  give(command: Command): Promise<Decision>;
}

/** One command to one instance, in a batch with whatever else waits at this moment. */
export const giveToInstance = (
  deps: CommandDeps,
  caller: Caller,
  key: Key,
  toCommand: (instance: InstanceRow) => Command,
): Promise<Decision> =>
  deps.steps.give({
    target: { kind: 'instance', key },
    actorId: caller.actorId,
    missing: () => instanceNotFound(key),
    toCommand({ instance }) {
      if (!maySee(caller, instance)) throw instanceNotFound(key);
      return toCommand(instance);
    },
  });
