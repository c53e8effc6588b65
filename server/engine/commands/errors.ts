// Errors and escalations that come from outside: thrown by a worker, or by a called instance.

import { raiseUnhandled, throwError, throwEscalation } from '../behaviors/catch-thrown.ts';
import { findElement, findWait, getElement } from '../state/draft.ts';
import { emit } from '../step.ts';
import { isJobTaken } from './complete-job.ts';
import { reject } from './handler.ts';
import type { Handler } from './handler.ts';

export const throwJobError: Handler<'throw-job-error'> = (step, { jobKey, code, message, variables }) => {
  const found = findWait(step.draft, jobKey);
  if (found?.wait.kind !== 'job' || isJobTaken(found.owner)) {
    return reject('JOB_NOT_FOUND', `Expected to throw an error from job '${jobKey}', but it cannot be worked on`);
  }
  emit(step, { type: 'job-error-thrown', jobKey, code, message });
  throwError(step, found.owner.key, { code, message, variables, jobKey, origin: null });
  return null;
};

export const propagateError: Handler<'propagate-error'> = (step, command) => {
  const { elementInstanceKey, errorKey, code, message, variables } = command;
  const caller = findElement(step.draft, elementInstanceKey);
  const call = caller?.waits.find((wait) => wait.kind === 'call');
  if (caller === null || call?.kind !== 'call') {
    const reason = `Expected '${elementInstanceKey}' to wait for the instance that threw '${code}', but it does not`;
    return reject('ELEMENT_INSTANCE_NOT_FOUND', reason);
  }
  const origin = { childInstanceKey: call.childInstanceKey, errorKey };
  throwError(step, elementInstanceKey, { code, message, variables, jobKey: null, origin });
  return null;
};

/** An error that came from a called instance is handed back to it; one of our own becomes an incident. */
export const rejectError: Handler<'reject-error'> = (step, { errorKey }) => {
  const found = findWait(step.draft, errorKey);
  if (found?.wait.kind !== 'error') {
    return reject(
      'ELEMENT_INSTANCE_NOT_FOUND',
      `Expected the error '${errorKey}' to wait for an answer, but it does not`,
    );
  }
  const { wait, owner } = found;
  emit(step, { type: 'error-settled', errorKey });
  if (wait.origin !== null) emit(step, { type: 'error-rejected', ...wait.origin });
  else raiseUnhandled(step, owner.key, wait);
  return null;
};

export const propagateEscalation: Handler<'propagate-escalation'> = (step, command) => {
  const { elementInstanceKey, code, variables } = command;
  const caller = findElement(step.draft, elementInstanceKey);
  if (caller === null || !caller.waits.some((wait) => wait.kind === 'call')) {
    const reason = `Expected '${elementInstanceKey}' to wait for the instance that escalated '${code}', but it does not`;
    return reject('ELEMENT_INSTANCE_NOT_FOUND', reason);
  }
  throwEscalation(step, getElement(step.draft, elementInstanceKey).key, code, variables);
  return null;
};
