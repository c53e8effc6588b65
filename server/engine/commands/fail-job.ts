// A worker could not do a job. With retries left it is offered again by the runtime; with none left it waits for an
// operator, with one incident however often it is reported.

import { raiseIncident } from '../behaviors/raise-incident.ts';
import { setVariables } from '../behaviors/variable-mapping.ts';
import { findWait, getElement } from '../state/draft.ts';
import { emit } from '../step.ts';
import type { IncidentType, Wait } from '../types.ts';
import { reject } from './handler.ts';
import type { Handler } from './handler.ts';

export const failJob: Handler<'fail-job'> = (step, { jobKey, retriesLeft, message, retryAt, variables = {} }) => {
  const found = findWait(step.draft, jobKey);
  if (found === null || (found.wait.kind !== 'job' && found.wait.kind !== 'listener')) {
    return reject('JOB_NOT_FOUND', `Expected to fail job '${jobKey}', but there is no such job`);
  }
  if (found.owner.waits.some((wait) => wait.kind === 'error')) {
    return reject(
      'JOB_NOT_FOUND',
      `Expected to fail job '${jobKey}', but its error is on its way to the calling instance`,
    );
  }
  setVariables(step, found.owner.key, variables);
  emit(step, { type: 'job-failed', jobKey, retriesLeft: Math.max(0, retriesLeft), message, retryAt });
  if (retriesLeft > 0 || found.owner.incidentKey !== null) return null;
  const failure = { errorType: incidentTypeOf(found.wait), message };
  raiseIncident(step, getElement(step.draft, found.owner.key), failure, jobKey);
  return null;
};

function incidentTypeOf(wait: Extract<Wait, { kind: 'job' | 'listener' }>): IncidentType {
  if (wait.kind === 'job') return 'JOB_NO_RETRIES';
  return wait.on === 'start' || wait.on === 'end' ? 'EXECUTION_LISTENER_NO_RETRIES' : 'TASK_LISTENER_NO_RETRIES';
}
