// An operator has repaired the cause: the element repeats the phase in which it stopped. A job does not run again
// unless it was the job that failed; then it is offered again, which needs retries first.

import assert from 'node:assert';
import { reopenElement } from '../behaviors/activate-element.ts';
import { findWait, getElement } from '../state/draft.ts';
import { emit } from '../step.ts';
import type { Step } from '../step.ts';
import type { IncidentState, Rejection } from '../types.ts';
import { reject } from './handler.ts';
import type { Handler } from './handler.ts';

export const resolveIncident: Handler<'resolve-incident'> = (step, { incidentKey }) => {
  const incident = Object.hasOwn(step.draft.incidents, incidentKey) ? step.draft.incidents[incidentKey] : undefined;
  if (incident === undefined) {
    return reject('INCIDENT_NOT_FOUND', `Expected to resolve incident '${incidentKey}', but it is not open`);
  }
  if (incident.jobKey !== null) return reopenJob(step, incident, incident.jobKey);
  emit(step, { type: 'incident-resolved', incidentKey });
  repeatPhase(step, incident.elementInstanceKey);
  return null;
};

function reopenJob(
  step: Step,
  incident: IncidentState,
  jobKey: NonNullable<IncidentState['jobKey']>,
): Rejection | null {
  const wait = findWait(step.draft, jobKey)?.wait;
  assert(
    wait?.kind === 'job' || wait?.kind === 'listener',
    `Incident '${incident.key}' belongs to job '${jobKey}', which is not there`,
  );
  if (wait.retriesLeft === 0) {
    const message = `Expected to resolve incident '${incident.key}', but job '${jobKey}' has no retries left`;
    return reject('INCIDENT_NOT_RESOLVABLE', message);
  }
  emit(step, { type: 'incident-resolved', incidentKey: incident.key });
  emit(step, { type: 'job-reopened', jobKey });
  return null;
}

function repeatPhase(step: Step, key: IncidentState['elementInstanceKey']): void {
  const instance = getElement(step.draft, key);
  if (instance.phase === 'activating') step.agenda.push({ kind: 'activate', key });
  else if (instance.phase === 'completing') step.agenda.push({ kind: 'complete', key });
  else reopenElement(step, instance);
}
