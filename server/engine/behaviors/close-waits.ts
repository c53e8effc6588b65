// Whatever an element instance still waits for is closed when it is left or terminated: a timer that outlives its
// activity would fire into nothing.

import type { Key } from '../../shared/ids.ts';
import { armedEvents } from '../state/draft.ts';
import { elementOf, emit } from '../step.ts';
import type { Step } from '../step.ts';
import type { BoundaryWait, ElementInstance, EngineEvent, Wait } from '../types.ts';

export function closeWaits(step: Step, instance: ElementInstance): void {
  for (const wait of instance.waits) emit(step, closingOf(wait));
}

export function closeArmed(step: Step, armed: readonly BoundaryWait[]): void {
  for (const event of armed) emit(step, closingOfArmed(event));
}

/** Everything that is armed on an element instance: boundary events, event subprocesses, events behind a gateway. */
export const closeBoundaries = (step: Step, instance: ElementInstance): void => closeArmed(step, instance.boundaries);

/** The event subprocesses of a scope; the boundary events of the same element instance stay armed. */
export function closeEventSubProcesses(step: Step, scopeKey: Key): void {
  const starts = armedEvents(step.draft, scopeKey).filter(
    (armed) => elementOf(step.process, armed.elementId).kind === 'startEvent',
  );
  closeArmed(step, starts);
}

function closingOf(wait: Wait): EngineEvent {
  switch (wait.kind) {
    case 'job':
    case 'listener':
      return { type: 'job-cancelled', jobKey: wait.jobKey };
    case 'task':
      return { type: 'task-cancelled', taskKey: wait.taskKey };
    case 'timer':
    case 'late':
      return { type: 'timer-cancelled', timerKey: wait.timerKey };
    case 'message':
    case 'signal':
      return { type: 'subscription-closed', subscriptionKey: wait.subscriptionKey };
    case 'condition':
      return { type: 'condition-closed', conditionKey: wait.conditionKey };
    case 'decision':
      return { type: 'decision-cancelled', decisionKey: wait.decisionKey };
    case 'call':
      return { type: 'call-cancelled', childInstanceKey: wait.childInstanceKey };
    case 'error':
      return { type: 'error-settled', errorKey: wait.errorKey };
  }
}

function closingOfArmed({ kind, key }: BoundaryWait): EngineEvent {
  if (kind === 'timer') return { type: 'timer-cancelled', timerKey: key };
  if (kind === 'condition') return { type: 'condition-closed', conditionKey: key };
  return { type: 'subscription-closed', subscriptionKey: key };
}
