// Commands that wait for a batch, and the instances that are being worked on. Invariants: an instance is in one batch
// of this process at a time, so that its own commands do not race each other; the order of arrival is kept.

import type { Command, Decision } from '../engine/index.ts';
import type { AppError } from '../shared/app-error.ts';
import type { Key } from '../shared/ids.ts';
import type { StartRequest } from './execute.ts';
import type { JobGuard } from './step-rows.ts';
import type { InstanceRow } from './store/instances.ts';
import type { JobTarget, TaskTarget } from './store/step-reads.ts';

/** What a command was found to be aimed at. */
export interface Found {
  readonly instance: InstanceRow;
  readonly task: TaskTarget | null;
  /** Null also when the write itself will check `jobGuard`. */
  readonly job: JobTarget | null;
}

export interface StepRequest {
  readonly target: { readonly kind: 'instance' | 'task' | 'job'; readonly key: Key };
  /** Throws what its caller must see. Called again when another step came first. */
  readonly toCommand: (found: Found) => Command;
  /** The answer when the target does not exist. */
  readonly missing: () => AppError;
  readonly actorId: string | null;
  /** With it the job need not be read first: the write checks that it is open and in this lease. */
  readonly jobGuard?: JobGuard;
}

export type Work =
  | { readonly kind: 'give'; readonly request: StepRequest }
  | { readonly kind: 'start'; readonly request: StartRequest; readonly key: Key };

export interface Waiting {
  readonly work: Work;
  readonly resolve: (decision: Decision) => void;
  readonly reject: (error: unknown) => void;
  /** Known from the start, or since it was read. */
  instanceKey: Key | null;
  /** Races lost so far; the first try may use what this process remembers. */
  tries: number;
}

export interface StepQueue {
  readonly size: () => number;
  add(entry: Waiting): void;
  /** Back to the front, in their order. */
  putBack(entries: readonly Waiting[]): void;
  /** To be run in a transaction of their own. */
  putAside(entries: readonly Waiting[]): void;
  hasWork(): boolean;
  /** What may go into one batch now. */
  take(limit: number): Waiting[];
  /** The next of those put aside whose instance is free; the instance is held for it. */
  takeAside(): Waiting | null;
  /** False when somebody else of this process works on the instance. */
  hold(key: Key): boolean;
  release(key: Key): void;
}

export function createStepQueue(): StepQueue {
  let waiting: Waiting[] = [];
  const aside: Waiting[] = [];
  const held = new Set<Key>();
  const isFree = (entry: Waiting): boolean => entry.instanceKey === null || !held.has(entry.instanceKey);
  return {
    size: () => waiting.length + aside.length,
    add: (entry) => void waiting.push(entry),
    putBack(entries) {
      if (entries.length > 0) waiting = [...entries, ...waiting];
    },
    putAside: (entries) => void aside.push(...entries),
    hasWork: () => waiting.some(isFree),
    take(limit) {
      const taken: Waiting[] = [];
      const left: Waiting[] = [];
      for (const entry of waiting) (taken.length < limit && isFree(entry) ? taken : left).push(entry);
      waiting = left;
      return taken;
    },
    takeAside() {
      const place = aside.findIndex(isFree);
      const entry = place < 0 ? undefined : aside.splice(place, 1)[0];
      if (entry === undefined) return null;
      if (entry.instanceKey !== null) held.add(entry.instanceKey);
      return entry;
    },
    hold(key) {
      if (held.has(key)) return false;
      held.add(key);
      return true;
    },
    release: (key) => void held.delete(key),
  };
}
