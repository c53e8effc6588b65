// A worker could not do a job. With retries left it is offered again by the runtime; with none left it waits for an
// operator, with one incident however often it is reported.

import { raiseIncident } from '../behaviors/raise-incident.ts';
import { findWait, getElement } from '../state/draft.ts';
import { emit } from '../step.ts';
import { reject } from './handler.ts';
import type { Handler } from './handler.ts';

export const failJob: Handler<'fail-job'> = (step, { jobKey, retriesLeft, message, retryAt }) => {
  const found = findWait(step.draft, jobKey);
  if (found?.wait?.kind !== 'job') {
    return reject('JOB_NOT_FOUND', `Expected to fail job '${jobKey}', but there is no such job`);
  }
  emit(step, { type: 'job-failed', jobKey, retriesLeft: Math.max(0, retriesLeft), message, retryAt });
  if (retriesLeft > 0 || found.owner.incidentKey !== null) return null;
  const failure = { errorType: 'JOB_NO_RETRIES', message } as const;
  raiseIncident(step, getElement(step.draft, found.owner.key), failure, jobKey);
  return null;
};
