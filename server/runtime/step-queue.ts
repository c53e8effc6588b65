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

export interface Aside {
  readonly how: 'alone' | 'locked';
  readonly entries: readonly Waiting[];
}

export interface StepQueue {
  readonly size: () => number;
  add(entry: Waiting): void;
  /** Back to the front, in their order. */
  putBack(entries: readonly Waiting[]): void;
  /** To be run in a transaction: each alone, or those of one instance together under its lock. */
  putAside(entries: readonly Waiting[], how: Aside['how']): void;
  hasWork(): boolean;
  /** What may go into one batch now. */
  take(limit: number): Waiting[];
  /** The next of those put aside whose instance is free; the instance is held for it. */
  takeAside(limit: number): Aside | null;
  /** False when somebody else of this process works on the instance. */
  hold(key: Key): boolean;
  release(key: Key): void;
}

export function createStepQueue(): StepQueue {
  let waiting: Waiting[] = [];
  let aside: { readonly how: Aside['how']; readonly entry: Waiting }[] = [];
  const held = new Set<Key>();
  const isFree = (entry: Waiting): boolean => entry.instanceKey === null || !held.has(entry.instanceKey);
  return {
    size: () => waiting.length + aside.length,
    add: (entry) => void waiting.push(entry),
    putBack(entries) {
      if (entries.length > 0) waiting = [...entries, ...waiting];
    },
    putAside: (entries, how) => void aside.push(...entries.map((entry) => ({ how, entry }))),
    hasWork: () => waiting.some(isFree),
    take(limit) {
      const taken: Waiting[] = [];
      const left: Waiting[] = [];
      for (const entry of waiting) (taken.length < limit && isFree(entry) ? taken : left).push(entry);
      waiting = left;
      return taken;
    },
    takeAside(limit) {
      const first = aside.find(({ entry }) => isFree(entry));
      if (first === undefined) return null;
      const { how, entry } = first;
      const { instanceKey } = entry;
      const belongs = (other: Waiting): boolean => how === 'locked' && other.instanceKey === instanceKey;
      // Whoever waits for the lock of an instance brings along all that waits for this instance here.
      const entries = [
        entry,
        ...aside.flatMap((other) =>
          other !== first && other.how === how && belongs(other.entry) ? [other.entry] : [],
        ),
        ...waiting.filter(belongs),
      ].slice(0, limit);
      const taken = new Set(entries);
      aside = aside.filter((other) => !taken.has(other.entry));
      waiting = waiting.filter((other) => !taken.has(other));
      if (instanceKey !== null) held.add(instanceKey);
      return { how, entries };
    },
    hold(key) {
      if (held.has(key)) return false;
      held.add(key);
      return true;
    },
    release: (key) => void held.delete(key),
  };
}
