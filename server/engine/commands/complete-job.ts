// A worker has done a job. A job whose retries are used up belongs to the operator until its incident is resolved, and
// one whose error is on its way to the calling instance to nobody, so a late result is refused.

import { beginCompletion } from '../behaviors/begin-completion.ts';
import { completeListener } from '../behaviors/listeners.ts';
import { completeTaskListener } from '../behaviors/task-listeners.ts';
import { findWait } from '../state/draft.ts';
import { emit } from '../step.ts';
import type { ElementInstance, ListenerMoment } from '../types.ts';
import { reject } from './handler.ts';
import type { Handler } from './handler.ts';

export const isJobTaken = (owner: ElementInstance): boolean =>
  owner.incidentKey !== null || owner.waits.some((wait) => wait.kind === 'error');

const CAN_DENY: ReadonlySet<ListenerMoment> = new Set(['completing', 'assigning', 'updating']);

export const completeJob: Handler<'complete-job'> = (step, { jobKey, variables, taskResult: result = {} }) => {
  const found = findWait(step.draft, jobKey);
  if (found === null || (found.wait.kind !== 'job' && found.wait.kind !== 'listener')) {
    return reject('JOB_NOT_FOUND', `Expected to complete job '${jobKey}', but there is no such job`);
  }
  if (isJobTaken(found.owner)) {
    return reject('JOB_NOT_FOUND', `Expected to complete job '${jobKey}', but it has an unresolved incident or error`);
  }
  const { wait, owner } = found;
  const isTaskListener = wait.kind === 'listener' && wait.on !== 'start' && wait.on !== 'end';
  if (!isTaskListener && Object.keys(result).length > 0) {
    return reject('TASK_RESULT_NOT_POSSIBLE', `Expected job '${jobKey}' to be of a task listener, but it is not`);
  }
  if (result.isDenied === true && wait.kind === 'listener' && !CAN_DENY.has(wait.on)) {
    return reject('TASK_RESULT_NOT_POSSIBLE', `Expected job '${jobKey}' to be asked for consent, but it is not`);
  }
  if (result.isDenied === true && Object.keys(result.corrections ?? {}).length > 0) {
    return reject('TASK_RESULT_NOT_POSSIBLE', `Expected job '${jobKey}' to deny or to correct, but it does both`);
  }
  emit(step, { type: 'job-completed', jobKey });
  if (wait.kind === 'job') beginCompletion(step, owner.key, variables);
  else if (isTaskListener) completeTaskListener(step, owner, wait, { variables, result });
  else completeListener(step, owner, wait, variables);
  return null;
};
