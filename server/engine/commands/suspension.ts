// An operator stops an instance and lets it go on again. While it is suspended decide.ts refuses what would let it go
// on; conditions and joins are looked at when it is resumed.

import { conditionKeys } from '../behaviors/conditions.ts';
import type { Key } from '../../shared/ids.ts';
import { emit } from '../step.ts';
import { reject } from './handler.ts';
import type { Handler } from './handler.ts';

export const suspendInstance: Handler<'suspend-instance'> = (step) => {
  emit(step, { type: 'instance-suspended' });
  return null;
};

export const resumeInstance: Handler<'resume-instance'> = (step) => {
  if (!step.draft.isSuspended) {
    return reject('INSTANCE_NOT_SUSPENDED', `Expected to resume instance '${step.draft.key}', but it is not suspended`);
  }
  emit(step, { type: 'instance-resumed' });
  for (const key of conditionKeys(step)) step.agenda.push({ kind: 'check-condition', key });
  for (const scopeKey of Object.keys(step.draft.joins)) step.movedIn.add(scopeKey as Key); // a key of the state
  return null;
};
