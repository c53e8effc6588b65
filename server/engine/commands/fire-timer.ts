// A timer is due. Whether it is due is the runtime's business, which owns the clock; a timer that was cancelled in
// the meantime is refused here, so a late worker does no harm.

import { fireArmed, fireOwn } from '../behaviors/fire-event.ts';
import { raiseIncident } from '../behaviors/raise-incident.ts';
import { extractOptionalText } from '../expressions/extract.ts';
import { findArmed, findWait, getElement } from '../state/draft.ts';
import { contextAt, elementOf, emit } from '../step.ts';
import type { Step } from '../step.ts';
import type { ElementInstance } from '../types.ts';
import { reject } from './handler.ts';
import type { Handler } from './handler.ts';

export const fireTimer: Handler<'fire-timer'> = (step, { timerKey }) => {
  const own = findWait(step.draft, timerKey);
  const found = findArmed(step.draft, timerKey);
  if (own?.wait.kind !== 'timer' && own?.wait.kind !== 'late' && found?.armed.kind !== 'timer') {
    return reject('TIMER_NOT_FOUND', `Expected to fire timer '${timerKey}', but there is no such timer`);
  }
  emit(step, { type: 'timer-fired', timerKey });
  if (found !== null) fireArmed(step, found.ownerKey, found.armed, {});
  else if (own?.wait.kind === 'late') reportLate(step, own.owner, own.wait.ruleIndex);
  else if (own !== null) fireOwn(step, own.owner.key, {});
  return null;
};

/** The task stays open. When the rule cannot be evaluated, an incident says so; the task can still be completed. */
function reportLate(step: Step, owner: ElementInstance, ruleIndex: number): void {
  const { key: elementInstanceKey, elementId } = owner;
  const rule = elementOf(step.process, elementId).lateHandling[ruleIndex];
  const task = owner.waits.find((wait) => wait.kind === 'task');
  if (rule === undefined || task?.kind !== 'task') return;
  const to = extractOptionalText(rule.to, contextAt(step, elementInstanceKey));
  const { taskKey } = task;
  if (to.ok) {
    emit(step, { type: 'task-late', taskKey, elementInstanceKey, elementId, action: rule.action, to: to.value });
  } else if (owner.incidentKey === null) {
    raiseIncident(step, getElement(step.draft, elementInstanceKey), to.error);
  }
}
