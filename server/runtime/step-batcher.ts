// Steps that come alone (no domain command shares their transaction): all that wait at this moment are read by one
// statement, decided in memory and written by one statement that is its own transaction. There is no timer: a batch
// leaves as soon as a lane is free, so a lone caller waits for nobody and pays two round trips. Commands of one instance
// are decided one after the other and stored as one write, so that a storm on one instance is a few writes.

import type { Decision } from '../engine/index.ts';
import { AppError } from '../shared/app-error.ts';
import { FIRST_RESERVE } from './decide-step.ts';
import type { StartRequest } from './execute.ts';
import { runBatch, type StepBatchDeps } from './step-batch.ts';
import { runAlone } from './step-alone.ts';
import { runLocked } from './step-locked.ts';
import { type Aside, createStepQueue, type StepRequest, type Waiting } from './step-queue.ts';

export interface StepBatcher {
  /** Gives a command to the instance behind the target. Throws the engine's refusal as an AppError. */
  give(request: StepRequest): Promise<Decision>;
  /** Begins an instance; its key is that of the state. */
  start(request: StartRequest): Promise<Decision>;
}

/** Two batches in turn: while one is with the database, the other is decided. */
const LANES = 2;
/** Steps that need a transaction of several statements run beside the batches. */
const ALONE_LANES = 6;
const MAX_COMMANDS = 128;
const MIN_SHARE = 8;
/** Beyond this the database has been the bottleneck for seconds; more waiting helps nobody. */
const MAX_WAITING = 20_000;

/**
 * Half of what there is. Whoever takes everything leaves the other lane nothing to decide meanwhile, and so it stays: those
 * who were answered together come back together. Very small batches cost more than they gain.
 */
const fairShare = (commands: number): number =>
  Math.min(MAX_COMMANDS, Math.max(MIN_SHARE, Math.ceil(commands / LANES)));

export function createStepBatcher(deps: StepBatchDeps): StepBatcher {
  const queue = createStepQueue();
  let lanes = 0;
  /** Commands in the batches of the lanes. */
  let underway = 0;
  let aloneLanes = 0;

  function pump(): void {
    while (lanes < LANES && queue.hasWork()) {
      lanes += 1;
      void runLane();
    }
    while (aloneLanes < ALONE_LANES) {
      const aside = queue.takeAside(MAX_COMMANDS);
      if (aside === null) return;
      aloneLanes += 1;
      void runAsideLane(aside);
    }
  }

  /** Takes the work at the last moment, so that those who have just been answered are in it with their next command. */
  async function runLane(): Promise<void> {
    await deps.keys.reserve(FIRST_RESERVE);
    const entries = queue.take(fairShare(queue.size() + underway));
    underway += entries.length;
    if (entries.length > 0) await runBatch(deps, queue, entries);
    underway -= entries.length;
    lanes -= 1;
    pump();
  }

  async function runAsideLane({ how, entries }: Aside): Promise<void> {
    if (how === 'locked') await runLocked(deps, queue, entries);
    else for (const entry of entries) await runAlone(deps, entry);
    const [first] = entries;
    if (first !== undefined && first.instanceKey !== null) queue.release(first.instanceKey);
    aloneLanes -= 1;
    pump();
  }

  function submit(seed: Pick<Waiting, 'work' | 'instanceKey'>): Promise<Decision> {
    if (queue.size() >= MAX_WAITING) {
      throw new AppError('transient', 'ENGINE_OVERLOADED', `${queue.size()} steps are waiting already`);
    }
    return new Promise((resolve, reject) => {
      queue.add({ ...seed, resolve, reject, tries: 0 });
      pump();
    });
  }

  return {
    async give(request) {
      const { kind, key } = request.target;
      // One key that is none must not fail the read of a whole batch.
      if (!/^[0-9]{1,18}$/.test(key)) throw request.missing();
      return submit({ work: { kind: 'give', request }, instanceKey: kind === 'instance' ? key : null });
    },
    async start(request) {
      await deps.keys.reserve(1);
      const key = request.instanceKey ?? deps.keys.next();
      return submit({ work: { kind: 'start', request, key }, instanceKey: key });
    },
  };
}
