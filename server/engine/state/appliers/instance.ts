// Life of the instance itself, and its variables.

import assert from 'node:assert';
import type { Applier } from './applier.ts';

export const applyInstanceStarted: Applier<'instance-started'> = (_draft, event) => {
  assert.fail(`Instance '${event.instanceKey}' is started already`);
};

export const applyInstanceCompleted: Applier<'instance-completed'> = (draft) => {
  draft.status = 'completed';
  draft.compensations = [];
};

/** Tokens that waited are gone with the instance. */
export const applyInstanceTerminated: Applier<'instance-terminated'> = (draft) => {
  draft.status = 'terminated';
  draft.isSuspended = false;
  draft.compensations = [];
  for (const scopeKey of Object.keys(draft.joins)) delete draft.joins[scopeKey];
};

export const applyVariablesSet: Applier<'variables-set'> = (draft, event) => {
  draft.variables[event.scopeKey] = { ...draft.variables[event.scopeKey], ...event.variables };
};

export const applyInstanceSuspended: Applier<'instance-suspended'> = (draft) => {
  draft.isSuspended = true;
};

export const applyInstanceResumed: Applier<'instance-resumed'> = (draft) => {
  draft.isSuspended = false;
};
