// Forgetting an instance that has ended, with everything that it called. For good: its events are deleted as well, so
// that a rebuild of the read model does not bring it back. Documents keep theirs: an instance in which the installation
// itself did its work, or a screen recorded more than the end of a task, is part of the file of a document.

import { AppError } from '../../shared/app-error.ts';
import type { Key } from '../../shared/ids.ts';
import { removeFromHistory } from '../history/store/removal.ts';
import { lockMark } from '../history/store/projection.ts';
import { deleteInstances, type DoomedInstance, lockTree } from '../store/deletion.ts';
import { type Caller, type CommandDeps, instanceNotFound, maySee } from './caller.ts';

export interface DeletionDeps extends CommandDeps {
  /** So that nothing is half in the read model: an incident that a caller still counts, for example. */
  readonly catchUp: () => Promise<void>;
}

export async function deleteInstance(deps: DeletionDeps, caller: Caller, key: Key): Promise<void> {
  await deps.catchUp();
  await deps.transactions.run(async (tx) => {
    await lockMark(tx);
    const tree = await lockTree(tx, key);
    const own = tree.find((instance) => instance.key === key);
    if (own === undefined || !maySee(caller, own)) throw instanceNotFound(key);
    for (const instance of tree) refuseIfNeeded(caller, instance, key);
    const keys = tree.map((instance) => instance.key);
    await removeFromHistory(tx, keys);
    await deleteInstances(tx, keys);
  });
}

function refuseIfNeeded(caller: Caller, { key, isBusy, jobTypes, forms }: DoomedInstance, wanted: Key): void {
  if (isBusy) {
    const what = key === wanted ? 'it' : `instance ${key}, which it called,`;
    const message = `Expected to delete the ended instance with key ${wanted}, but ${what} is still active`;
    throw new AppError('rejection', 'INSTANCE_NOT_ENDED', message);
  }
  if (jobTypes.some((type) => caller.reserved.isJobType(type)) || forms.some((form) => caller.reserved.isForm(form))) {
    const message = `Expected to delete the instance with key ${wanted}, but it belongs to the file of a document`;
    throw new AppError('forbidden', 'WORK_RESERVED', message);
  }
}
