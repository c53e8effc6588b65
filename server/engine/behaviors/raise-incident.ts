// An incident stops one element instance where it stands; the others go on. Resolving it repeats the phase.

import type { Key } from '../../shared/ids.ts';
import type { Failure } from '../expressions/extract.ts';
import { emit } from '../step.ts';
import type { Step } from '../step.ts';
import type { ElementInstance } from '../types.ts';

export function raiseIncident(
  step: Step,
  instance: ElementInstance,
  failure: Failure,
  jobKey: Key | null = null,
): void {
  emit(step, {
    type: 'incident-raised',
    incidentKey: step.nextKey(),
    elementInstanceKey: instance.key,
    elementId: instance.elementId,
    errorType: failure.errorType,
    message: failure.message,
    jobKey,
  });
}
