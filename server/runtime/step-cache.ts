// The last state of instances that this process has lately written, so that their next step need not read. Never the
// truth: the write is guarded by the step number, and whatever decides who may act on a task advances that number too
// (a trigger of migration 0012), so a stale entry loses the race, is forgotten and read again. Bounded: what waits for
// long costs no memory.

import type { Key } from '../shared/ids.ts';
import type { StepWrite } from './step-rows.ts';
import type { InstanceRow } from './store/instances.ts';
import type { TaskTarget } from './store/step-reads.ts';

export interface CachedInstance {
  readonly instance: InstanceRow;
  /** Open tasks that this process knows of; there may be others. */
  readonly tasks: ReadonlyMap<Key, TaskTarget>;
  readonly jobs: ReadonlySet<Key>;
}

export interface StepCache {
  find(target: { readonly kind: 'instance' | 'task' | 'job'; readonly key: Key }): CachedInstance | null;
  /** After the write of a step. */
  keep(before: CachedInstance | null, instance: InstanceRow, write: StepWrite): void;
  forget(instanceKey: Key): void;
}

const MAX_ENTRIES = 4_096;
/** A larger state costs more memory than its reading costs time. */
const MAX_WAITS = 50;

export function createStepCache(): StepCache {
  /** In the order of their last use, oldest first. */
  const entries = new Map<Key, CachedInstance>();
  const owners = new Map<Key, Key>();

  function forget(instanceKey: Key): void {
    const entry = entries.get(instanceKey);
    if (entry === undefined) return;
    entries.delete(instanceKey);
    for (const key of entry.tasks.keys()) owners.delete(key);
    for (const key of entry.jobs) owners.delete(key);
  }

  return {
    forget,
    find({ kind, key }) {
      const owner = kind === 'instance' ? key : owners.get(key);
      return owner === undefined ? null : (entries.get(owner) ?? null);
    },
    keep(before, instance, { state, rows }) {
      forget(instance.key);
      const elements = Object.keys(state.elements).length;
      const hasCorrections = [...rows.taskChanges.values()].some(({ corrections }) => corrections !== undefined);
      // After a correction the trigger has advanced the step once more.
      if (state.status !== 'active' || elements > MAX_WAITS || hasCorrections) return;
      const tasks = new Map(before?.tasks);
      for (const [key, { status }] of rows.taskChanges) if (status !== 'open') tasks.delete(key);
      for (const [key, task] of rows.tasks)
        if (task.status === 'open') tasks.set(key, { ...task, label: task.formReference });
      const jobs = new Set(before?.jobs);
      for (const [key, { status }] of rows.jobChanges) if (status !== 'open') jobs.delete(key);
      for (const [key, { status, kind }] of rows.jobs) if (status === 'open' && kind === 'service') jobs.add(key);
      entries.set(instance.key, { instance, tasks, jobs });
      for (const key of tasks.keys()) owners.set(key, instance.key);
      for (const key of jobs) owners.set(key, instance.key);
      if (entries.size > MAX_ENTRIES) for (const oldest of entries.keys()) return forget(oldest);
    },
  };
}
