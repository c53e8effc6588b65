// A command in a transaction of its own, under the lock of its instance: for steps that must look at kept messages
// under an advisory lock, that lost too many races, or that shared a batch with a command that could not be stored.

import type { Decision } from '../engine/index.ts';
import type { Transactions, Tx } from '../shared/transactions.ts';
import { type ExecuteDeps, executeStep, lockInstanceFor, startWithKey } from './execute.ts';
import type { StepRequest, Waiting } from './step-queue.ts';
import { readTargets } from './store/step-reads.ts';

export interface StepAloneDeps extends ExecuteDeps {
  readonly transactions: Transactions;
}

/** Answers the caller; never throws. */
export async function runAlone(deps: StepAloneDeps, { work, resolve, reject }: Waiting): Promise<void> {
  try {
    const decision = await deps.transactions.run((tx) =>
      work.kind === 'start'
        ? startWithKey(tx, deps, { ...work.request, instanceKey: work.key })
        : giveAlone(tx, deps, work.request),
    );
    resolve(decision);
  } catch (error) {
    reject(error);
  }
}

async function giveAlone(tx: Tx, deps: StepAloneDeps, request: StepRequest): Promise<Decision> {
  const { kind, key } = request.target;
  const read = (): ReturnType<typeof readTargets> =>
    readTargets(
      tx,
      {
        instances: kind === 'instance' ? [key] : [],
        tasks: kind === 'task' ? [key] : [],
        jobs: kind === 'job' ? [key] : [],
        processes: [],
      },
      deps.clock.now(),
    );
  const [seen] = (await read()).instances.keys();
  if (seen === undefined) throw request.missing();
  const instance = await lockInstanceFor(tx, seen);
  // What was read before the lock may have changed while it was waited for.
  const { tasks, jobs } = await read();
  const command = request.toCommand({ instance, task: tasks.get(key) ?? null, job: jobs.get(key) ?? null });
  return executeStep(tx, deps, instance, { command, actorId: request.actorId });
}
