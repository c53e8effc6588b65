// Gives a job new retries; the first half of repairing JOB_NO_RETRIES.

import { findWait } from '../state/draft.ts';
import { emit } from '../step.ts';
import { reject } from './handler.ts';
import type { Handler } from './handler.ts';

export const updateJobRetries: Handler<'update-job-retries'> = (step, { jobKey, retries }) => {
  const kind = findWait(step.draft, jobKey)?.wait.kind;
  if (kind !== 'job' && kind !== 'listener') {
    return reject('JOB_NOT_FOUND', `Expected to update the retries of job '${jobKey}', but there is no such job`);
  }
  emit(step, { type: 'job-retries-updated', jobKey, retries: Math.max(0, retries) });
  return null;
};
