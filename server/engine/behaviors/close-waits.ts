// Whatever an element instance still waits for is closed when it is left or terminated: a timer that outlives its
// activity would fire into nothing.

import { emit } from '../step.ts';
import type { Step } from '../step.ts';
import type { BoundaryWait, ElementInstance, EngineEvent, Wait } from '../types.ts';

export function closeWaits(step: Step, instance: ElementInstance): void {
  for (const wait of instance.waits) emit(step, closingOf(wait));
}

export function closeBoundaries(step: Step, instance: ElementInstance): void {
  for (const boundary of instance.boundaries) emit(step, closingOfBoundary(boundary));
}

function closingOf(wait: Wait): EngineEvent {
  switch (wait.kind) {
    case 'job':
      return { type: 'job-cancelled', jobKey: wait.jobKey };
    case 'task':
      return { type: 'task-cancelled', taskKey: wait.taskKey };
    case 'timer':
      return { type: 'timer-cancelled', timerKey: wait.timerKey };
    case 'message':
      return { type: 'subscription-closed', subscriptionKey: wait.subscriptionKey };
    case 'call':
      return { type: 'call-cancelled', childInstanceKey: wait.childInstanceKey };
  }
}

const closingOfBoundary = (boundary: BoundaryWait): EngineEvent =>
  boundary.kind === 'timer'
    ? { type: 'timer-cancelled', timerKey: boundary.key }
    : { type: 'subscription-closed', subscriptionKey: boundary.key };
