// What can be undone: recorded in the scope when an activity completes, used up when it is compensated.

import { compensationsOf, findElement, getElement, putElement, setCompensations } from '../draft.ts';
import type { Applier } from './applier.ts';

/** Whatever was recorded inside the activity moves into its own record. */
export const applyCompensationRecorded: Applier<'compensation-recorded'> = (draft, event) => {
  const { elementInstanceKey: key, elementId, scopeKey, variables } = event;
  const nested = compensationsOf(draft, key);
  setCompensations(draft, scopeKey, [...compensationsOf(draft, scopeKey), { key, elementId, variables, nested }]);
};

export const applyCompensationTriggered: Applier<'compensation-triggered'> = (draft, event) => {
  const used = new Set(event.recordKeys);
  const left = compensationsOf(draft, event.scopeKey).filter((record) => !used.has(record.key));
  setCompensations(draft, event.scopeKey, left);
  putElement(draft, { ...getElement(draft, event.elementInstanceKey), handlersLeft: event.handlers });
};

/** The one who waits may be gone: it was terminated while handlers ran. */
export const applyCompensationHandlerEnded: Applier<'compensation-handler-ended'> = (draft, event) => {
  const instance = findElement(draft, event.elementInstanceKey);
  if (instance === null) return;
  putElement(draft, { ...instance, handlersLeft: (instance.handlersLeft ?? 1) - 1 });
};
