// A timer is due. Whether it is due is the runtime's business, which owns the clock; a timer that was cancelled in
// the meantime is refused here, so a late worker does no harm.

import { beginCompletion } from '../behaviors/begin-completion.ts';
import { fireBoundary } from '../behaviors/boundary-events.ts';
import { findWait } from '../state/draft.ts';
import { emit } from '../step.ts';
import { reject } from './handler.ts';
import type { Handler } from './handler.ts';

export const fireTimer: Handler<'fire-timer'> = (step, { timerKey }) => {
  const found = findWait(step.draft, timerKey);
  if (found?.wait?.kind !== 'timer' && found?.boundary?.kind !== 'timer') {
    return reject('TIMER_NOT_FOUND', `Expected to fire timer '${timerKey}', but there is no such timer`);
  }
  emit(step, { type: 'timer-fired', timerKey });
  if (found.boundary === null) beginCompletion(step, found.owner.key, {});
  else fireBoundary(step, found.owner, found.boundary, {});
  return null;
};
