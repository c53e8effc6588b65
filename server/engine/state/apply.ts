// state = fold of events. One row per event type; adding an event means adding its applier here.

import assert from 'node:assert';
import type { Apply, EngineEvent } from '../types.ts';
import { applyNothing } from './appliers/applier.ts';
import type { Applier } from './appliers/applier.ts';
import {
  applyBodyAdvanced,
  applyBodyItemCompleted,
  applyElementActivated,
  applyElementActivating,
  applyElementCompleting,
  applyElementEnded,
  applyElementTerminating,
} from './appliers/elements.ts';
import { applyJoinArrived, applyJoinFired } from './appliers/flows.ts';
import { applyIncidentRaised, applyIncidentResolved } from './appliers/incidents.ts';
import {
  applyInstanceCompleted,
  applyInstanceStarted,
  applyInstanceTerminated,
  applyVariablesSet,
} from './appliers/instance.ts';
import {
  applyCallEnded,
  applyCallRequested,
  applyJobCreated,
  applyJobEnded,
  applyJobFailed,
  applyJobRetriesUpdated,
  applyMessageSubscribed,
  applySubscriptionClosed,
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
  'element-activating': applyElementActivating,
  'element-activated': applyElementActivated,
  'element-completing': applyElementCompleting,
  'element-completed': applyElementEnded,
  'element-terminating': applyElementTerminating,
  'element-terminated': applyElementEnded,
  'flow-taken': applyNothing,
  'join-arrived': applyJoinArrived,
  'join-fired': applyJoinFired,
  'variables-set': applyVariablesSet,
  'task-created': applyTaskCreated,
  'task-completed': applyTaskEnded,
  'task-cancelled': applyTaskEnded,
  'job-created': applyJobCreated,
  'job-completed': applyJobEnded,
  'job-cancelled': applyJobEnded,
  'job-failed': applyJobFailed,
  'job-retries-updated': applyJobRetriesUpdated,
  'job-reopened': applyNothing,
  'timer-scheduled': applyTimerScheduled,
  'timer-fired': applyTimerEnded,
  'timer-cancelled': applyTimerEnded,
  'message-subscribed': applyMessageSubscribed,
  'message-correlated': applyNothing,
  'subscription-closed': applySubscriptionClosed,
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
