// What element instances wait for: tasks, jobs, timers, subscriptions, called instances.
// A timer or subscription of another element than the instance's own is an armed boundary event.

import { addBoundary, addWait, findWait, getElement, keyOfWait, putElement, removeWait } from '../draft.ts';
import type { Draft } from '../draft.ts';
import type { Applier, EventOf } from './applier.ts';

export const applyTaskCreated: Applier<'task-created'> = (draft, event) =>
  addWait(draft, event.elementInstanceKey, { kind: 'task', taskKey: event.taskKey });

export const applyTaskEnded = (draft: Draft, event: EventOf<'task-completed' | 'task-cancelled'>): void =>
  removeWait(draft, event.taskKey);

export const applyJobCreated: Applier<'job-created'> = (draft, event) =>
  addWait(draft, event.elementInstanceKey, { kind: 'job', jobKey: event.jobKey, retriesLeft: event.retries });

export const applyJobEnded = (draft: Draft, event: EventOf<'job-completed' | 'job-cancelled'>): void =>
  removeWait(draft, event.jobKey);

export const applyJobFailed: Applier<'job-failed'> = (draft, event) =>
  setRetries(draft, event.jobKey, event.retriesLeft);

export const applyJobRetriesUpdated: Applier<'job-retries-updated'> = (draft, event) =>
  setRetries(draft, event.jobKey, event.retries);

function setRetries(draft: Draft, jobKey: string, retriesLeft: number): void {
  const found = findWait(draft, jobKey);
  if (found === null) return;
  const waits = found.owner.waits.map((wait) =>
    wait.kind === 'job' && wait.jobKey === jobKey ? { ...wait, retriesLeft } : wait,
  );
  putElement(draft, { ...found.owner, waits });
}

export const applyTimerScheduled: Applier<'timer-scheduled'> = (draft, event) => {
  const owner = getElement(draft, event.elementInstanceKey);
  if (owner.elementId === event.elementId) {
    addWait(draft, owner.key, { kind: 'timer', timerKey: event.timerKey });
    return;
  }
  addBoundary(draft, owner.key, {
    elementId: event.elementId,
    kind: 'timer',
    key: event.timerKey,
    repetitionsLeft: event.repetitionsLeft,
    timer: { dueAt: event.dueAt, period: event.period },
  });
};

export const applyTimerEnded = (draft: Draft, event: EventOf<'timer-fired' | 'timer-cancelled'>): void =>
  removeWait(draft, event.timerKey);

export const applyMessageSubscribed: Applier<'message-subscribed'> = (draft, event) => {
  const owner = getElement(draft, event.elementInstanceKey);
  if (owner.elementId === event.elementId) {
    addWait(draft, owner.key, { kind: 'message', subscriptionKey: event.subscriptionKey });
    return;
  }
  addBoundary(draft, owner.key, {
    elementId: event.elementId,
    kind: 'message',
    key: event.subscriptionKey,
    repetitionsLeft: null,
    timer: null,
  });
};

export const applySubscriptionClosed: Applier<'subscription-closed'> = (draft, event) =>
  removeWait(draft, event.subscriptionKey);

export const applyCallRequested: Applier<'call-requested'> = (draft, event) =>
  addWait(draft, event.elementInstanceKey, { kind: 'call', childInstanceKey: event.childInstanceKey });

export const applyCallEnded = (draft: Draft, event: EventOf<'call-completed' | 'call-cancelled'>): void =>
  removeWait(draft, event.childInstanceKey);

/** The called instance never came to be, so nothing waits for it; the incident holds the call activity. */
export function forgetCall(draft: Draft, ownerKey: string): void {
  for (const wait of getElement(draft, ownerKey).waits) {
    if (wait.kind === 'call') removeWait(draft, keyOfWait(wait));
  }
}
