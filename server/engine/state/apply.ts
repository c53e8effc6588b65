// state = fold of events. One row per event type; adding an event means adding its applier here.

import assert from 'node:assert';
import type { Apply, EngineEvent } from '../types.ts';
import { applyNothing } from './appliers/applier.ts';
import type { Applier } from './appliers/applier.ts';
import {
  applyCompensationHandlerEnded,
  applyCompensationRecorded,
  applyCompensationTriggered,
} from './appliers/compensations.ts';
import {
  applyBodyAdvanced,
  applyBodyItemCompleted,
  applyElementActivated,
  applyElementActivating,
  applyElementCompleting,
  applyElementEnded,
  applyElementTerminating,
  applyListenersDone,
} from './appliers/elements.ts';
import { applyJoinArrived, applyJoinFired, applyJoinReset, applyTokensDiscarded } from './appliers/flows.ts';
import { applyIncidentRaised, applyIncidentResolved } from './appliers/incidents.ts';
import {
  applyInstanceCompleted,
  applyInstanceResumed,
  applyInstanceStarted,
  applyInstanceSuspended,
  applyInstanceTerminated,
  applyVariablesSet,
} from './appliers/instance.ts';
import { applyInstanceMigrated } from './appliers/migration.ts';
import {
  applyCallEnded,
  applyCallRequested,
  applyConditionArmed,
  applyConditionClosed,
  applyDecisionEnded,
  applyDecisionRequested,
  applyErrorPropagated,
  applyErrorSettled,
  applyJobCreated,
  applyJobEnded,
  applyJobFailed,
  applyJobRetriesUpdated,
  applyMessageSubscribed,
  applySignalSubscribed,
  applySubscriptionClosed,
  applyTaskChangeOver,
  applyTaskChanging,
  applyTaskCompleting,
  applyTaskCompletionDenied,
  applyTaskCreated,
  applyTaskEnded,
  applyTimerEnded,
  applyTimerScheduled,
} from './appliers/waits.ts';
import { closeDraft, openDraft, startDraft } from './draft.ts';
import type { Draft } from './draft.ts';

const APPLIERS: { readonly [Type in EngineEvent['type']]: Applier<Type> } = {
  'instance-started': applyInstanceStarted,
  'instance-completed': applyInstanceCompleted,
  'instance-terminated': applyInstanceTerminated,
  'instance-migrated': applyInstanceMigrated,
  'instance-suspended': applyInstanceSuspended,
  'instance-resumed': applyInstanceResumed,
  'element-activating': applyElementActivating,
  'element-activated': applyElementActivated,
  'element-completing': applyElementCompleting,
  'element-completed': applyElementEnded,
  'element-terminating': applyElementTerminating,
  'element-terminated': applyElementEnded,
  'flow-taken': applyNothing,
  'join-arrived': applyJoinArrived,
  'join-fired': applyJoinFired,
  'join-reset': applyJoinReset,
  'tokens-discarded': applyTokensDiscarded,
  'listeners-done': applyListenersDone,
  'variables-set': applyVariablesSet,
  'task-created': applyTaskCreated,
  'task-late': applyNothing,
  'task-opened': applyNothing,
  'task-corrected': applyNothing,
  'task-changing': applyTaskChanging,
  'task-changed': applyTaskChangeOver,
  'task-change-denied': applyTaskChangeOver,
  'task-completing': applyTaskCompleting,
  'task-completion-denied': applyTaskCompletionDenied,
  'task-completed': applyTaskEnded,
  'task-cancelled': applyTaskEnded,
  'job-created': applyJobCreated,
  'job-completed': applyJobEnded,
  'job-cancelled': applyJobEnded,
  'job-failed': applyJobFailed,
  'job-retries-updated': applyJobRetriesUpdated,
  'job-reopened': applyNothing,
  'job-error-thrown': applyNothing,
  'timer-scheduled': applyTimerScheduled,
  'timer-fired': applyTimerEnded,
  'timer-cancelled': applyTimerEnded,
  'message-subscribed': applyMessageSubscribed,
  'message-correlated': applyNothing,
  'subscription-closed': applySubscriptionClosed,
  'signal-subscribed': applySignalSubscribed,
  'signal-received': applyNothing,
  'signal-thrown': applyNothing,
  'condition-armed': applyConditionArmed,
  'condition-fulfilled': applyNothing,
  'condition-closed': applyConditionClosed,
  'error-thrown': applyNothing,
  'error-propagated': applyErrorPropagated,
  'error-rejected': applyNothing,
  'error-settled': applyErrorSettled,
  'escalation-thrown': applyNothing,
  'escalation-propagated': applyNothing,
  'decision-requested': applyDecisionRequested,
  'decision-completed': applyDecisionEnded,
  'decision-failed': applyDecisionEnded,
  'decision-cancelled': applyDecisionEnded,
  'compensation-recorded': applyCompensationRecorded,
  'compensation-triggered': applyCompensationTriggered,
  'compensation-handler-ended': applyCompensationHandlerEnded,
  'call-requested': applyCallRequested,
  'call-completed': applyCallEnded,
  'call-cancelled': applyCallEnded,
  'incident-raised': applyIncidentRaised,
  'incident-resolved': applyIncidentResolved,
  'body-advanced': applyBodyAdvanced,
  'body-item-completed': applyBodyItemCompleted,
};

/** Writes into the draft: for `decide`, which folds many events into one copy. */
export function applyToDraft(draft: Draft, event: EngineEvent): void {
  // The table pairs each type with its own event; TypeScript cannot follow that through an index.
  const applier = APPLIERS[event.type] as (draft: Draft, event: EngineEvent) => void;
  applier(draft, event);
}

/** One event onto a state, which stays unchanged. Folding a history from null gives the state of the instance. */
export const apply: Apply = (state, event) => {
  if (state === null) {
    assert(event.type === 'instance-started', `A history begins with 'instance-started', not with '${event.type}'`);
    return closeDraft(startDraft(event));
  }
  const draft = openDraft(state);
  applyToDraft(draft, event);
  return closeDraft(draft);
};
