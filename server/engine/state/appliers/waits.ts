// What element instances wait for: tasks, jobs, timers, subscriptions, conditions, decisions, called instances.
// An event of another element than the instance's own is armed on it (boundary events, event subprocesses, events
// behind an event-based gateway); the key of the whole instance stands for the process itself.

import { addArmed, addWait, findElement, findWait, getElement, keyOfWait, putElement, removeWait } from '../draft.ts';
import type { Draft } from '../draft.ts';
import type { BoundaryWait, Wait } from '../../types.ts';
import type { Applier, EventOf } from './applier.ts';

export const applyTaskCreated: Applier<'task-created'> = (draft, event) => {
  addWait(draft, event.elementInstanceKey, { kind: 'task', taskKey: event.taskKey });
  if (event.assigns === undefined) return;
  putElement(draft, { ...getElement(draft, event.elementInstanceKey), pendingChange: event.assigns });
};

export const applyTaskChanging: Applier<'task-changing'> = (draft, event) => {
  const { on, action, changes } = event;
  putElement(draft, { ...getElement(draft, event.elementInstanceKey), pendingChange: { on, action, changes } });
};

/** Made or denied: nothing is pending any more. */
export const applyTaskChangeOver = (draft: Draft, event: EventOf<'task-changed' | 'task-change-denied'>): void => {
  const { pendingChange: _over, ...instance } = getElement(draft, event.elementInstanceKey);
  putElement(draft, instance);
};

export const applyTaskCompleting: Applier<'task-completing'> = (draft, event) =>
  putElement(draft, { ...getElement(draft, event.elementInstanceKey), pendingResult: event.variables });

export const applyTaskCompletionDenied: Applier<'task-completion-denied'> = (draft, event) => {
  const { pendingResult: _denied, ...instance } = getElement(draft, event.elementInstanceKey);
  putElement(draft, instance);
};

export const applyTaskEnded = (draft: Draft, event: EventOf<'task-completed' | 'task-cancelled'>): void =>
  removeWait(draft, event.taskKey);

export const applyJobCreated: Applier<'job-created'> = (draft, event) => {
  const { jobKey, retries: retriesLeft, listener } = event;
  const wait: Wait =
    listener === undefined
      ? { kind: 'job', jobKey, retriesLeft }
      : { kind: 'listener', jobKey, retriesLeft, ...listener };
  addWait(draft, event.elementInstanceKey, wait);
};

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
    (wait.kind === 'job' || wait.kind === 'listener') && wait.jobKey === jobKey ? { ...wait, retriesLeft } : wait,
  );
  putElement(draft, { ...found.owner, waits });
}

interface EventPlace {
  readonly elementInstanceKey: EventOf<'timer-scheduled'>['elementInstanceKey'];
  readonly elementId: string;
}

function open(draft: Draft, { elementInstanceKey, elementId }: EventPlace, wait: Wait, armed: BoundaryWait): void {
  if (findElement(draft, elementInstanceKey)?.elementId === elementId) addWait(draft, elementInstanceKey, wait);
  else addArmed(draft, elementInstanceKey, armed);
}

export const applyTimerScheduled: Applier<'timer-scheduled'> = (draft, event) => {
  const { timerKey, elementId, lateRule, repetitionsLeft, dueAt, period } = event;
  if (lateRule !== undefined) {
    addWait(draft, event.elementInstanceKey, { kind: 'late', timerKey, ruleIndex: lateRule });
    return;
  }
  const timer = { dueAt, period };
  open(draft, event, { kind: 'timer', timerKey }, { elementId, kind: 'timer', key: timerKey, repetitionsLeft, timer });
};

export const applyTimerEnded = (draft: Draft, event: EventOf<'timer-fired' | 'timer-cancelled'>): void =>
  removeWait(draft, event.timerKey);

export const applyMessageSubscribed: Applier<'message-subscribed'> = (draft, event) =>
  applySubscription(draft, event, 'message');

export const applySignalSubscribed: Applier<'signal-subscribed'> = (draft, event) =>
  applySubscription(draft, event, 'signal');

function applySubscription(
  draft: Draft,
  event: EventOf<'message-subscribed' | 'signal-subscribed'>,
  kind: 'message' | 'signal',
): void {
  const { subscriptionKey, elementId } = event;
  const armed = { elementId, kind, key: subscriptionKey, repetitionsLeft: null, timer: null };
  open(draft, event, { kind, subscriptionKey }, armed);
}

export const applyConditionArmed: Applier<'condition-armed'> = (draft, event) => {
  const { conditionKey, elementId, triggerIndex } = event;
  const armed = { elementId, key: conditionKey, triggerIndex, repetitionsLeft: null, timer: null } as const;
  open(draft, event, { kind: 'condition', conditionKey, triggerIndex }, { kind: 'condition', ...armed });
};

export const applyConditionClosed: Applier<'condition-closed'> = (draft, event) =>
  removeWait(draft, event.conditionKey);

export const applySubscriptionClosed: Applier<'subscription-closed'> = (draft, event) =>
  removeWait(draft, event.subscriptionKey);

export const applyDecisionRequested: Applier<'decision-requested'> = (draft, event) =>
  addWait(draft, event.elementInstanceKey, { kind: 'decision', decisionKey: event.decisionKey });

export const applyDecisionEnded = (
  draft: Draft,
  event: EventOf<'decision-completed' | 'decision-failed' | 'decision-cancelled'>,
): void => removeWait(draft, event.decisionKey);

export const applyErrorPropagated: Applier<'error-propagated'> = (draft, event) => {
  const { errorKey, jobKey, code, message, origin } = event;
  addWait(draft, event.elementInstanceKey, { kind: 'error', errorKey, jobKey, code, message, origin });
};

export const applyErrorSettled: Applier<'error-settled'> = (draft, event) => removeWait(draft, event.errorKey);

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
