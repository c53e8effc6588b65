// A worker has done a job. A job whose retries are used up belongs to the operator until its incident is resolved,
// so a late result of an earlier attempt is refused.

import { beginCompletion } from '../behaviors/begin-completion.ts';
import { findWait } from '../state/draft.ts';
import { emit } from '../step.ts';
import { reject } from './handler.ts';
import type { Handler } from './handler.ts';

export const completeJob: Handler<'complete-job'> = (step, { jobKey, variables }) => {
  const found = findWait(step.draft, jobKey);
  if (found?.wait?.kind !== 'job') {
    return reject('JOB_NOT_FOUND', `Expected to complete job '${jobKey}', but there is no such job`);
  }
  if (found.owner.incidentKey !== null) {
    return reject('JOB_NOT_FOUND', `Expected to complete job '${jobKey}', but it has an unresolved incident`);
  }
  emit(step, { type: 'job-completed', jobKey });
  beginCompletion(step, found.owner.key, variables);
  return null;
};
