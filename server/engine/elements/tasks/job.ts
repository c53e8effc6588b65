// Job work: how it is read (`zeebe:taskDefinition`, `zeebe:taskHeaders`) and offered. Shared by every element that
// external workers do.

import assert from 'node:assert';
import type { Result } from '../../../shared/result.ts';
import { ok } from '../../../shared/result.ts';
import { extractInteger, extractText } from '../../expressions/extract.ts';
import type { Failure } from '../../expressions/extract.ts';
import { findExtension, readChildren, readParent, readText, readValueSource } from '../../model/source.ts';
import type { SourceElement } from '../../model/source.ts';
import type { FlowElement, ValueSource } from '../../types.ts';
import { waitingActivity, waitingFor } from '../defaults.ts';
import type { Activation, ActivationInput, ElementDefinition } from '../element-definition.ts';

const DEFAULT_RETRIES: ValueSource = { kind: 'static', text: '3' };
const NO_PRIORITY: ValueSource = { kind: 'static', text: '0' };
const PRIORITY = { name: 'the priority of the job', min: -2_147_483_648, max: 2_147_483_647 };
const RETRIES = { name: 'the number of retries', min: 1, max: 2_147_483_647 };

export function readJob(source: SourceElement): FlowElement['job'] {
  const definition = findExtension(source, 'zeebe:TaskDefinition');
  const type = definition === null ? null : readValueSource(definition, 'type');
  if (definition === null || type === null) return null;
  const priority = readPriority(source);
  return {
    type,
    retries: readValueSource(definition, 'retries') ?? DEFAULT_RETRIES,
    ...(priority !== null && { priority }),
  };
}

/** What the element says, else what its process says for all of its jobs. */
function readPriority(source: SourceElement): ValueSource | null {
  for (let at: SourceElement | null = source; at !== null; at = readParent(at)) {
    const definition =
      at === source || at.$type === 'bpmn:Process' ? findExtension(at, 'zeebe:JobPriorityDefinition') : null;
    if (definition !== null) return readValueSource(definition, 'priority');
  }
  return null;
}

export function readHeaders(source: SourceElement): FlowElement['headers'] {
  const headers = findExtension(source, 'zeebe:TaskHeaders');
  if (headers === null) return {};
  return Object.fromEntries(
    readChildren(headers, 'values').map((header) => [readText(header, 'key') ?? '', readText(header, 'value') ?? '']),
  );
}

export function offerJob(
  { element, key, context, nextKey }: ActivationInput,
  job: NonNullable<FlowElement['job']>,
): Result<Activation, Failure> {
  const jobType = extractText(job.type, context);
  if (!jobType.ok) return jobType;
  const retries = extractInteger(job.retries, context, RETRIES);
  if (!retries.ok) return retries;
  const priority = extractInteger(job.priority ?? NO_PRIORITY, context, PRIORITY);
  if (!priority.ok) return priority;
  return ok(
    waitingFor({
      type: 'job-created',
      jobKey: nextKey(),
      elementInstanceKey: key,
      elementId: element.id,
      jobType: jobType.value,
      retries: retries.value,
      headers: element.headers,
      ...(priority.value !== 0 && { priority: priority.value }),
    }),
  );
}

/** An activity that a worker does. */
export const jobActivity: Omit<ElementDefinition, 'kind' | 'bpmnType'> = {
  ...waitingActivity,
  read: (source) => ({ job: readJob(source), headers: readHeaders(source) }),
  activate: (input) => {
    assert(input.element.job !== null, `'${input.element.id}' was deployed without a job type`);
    return offerJob(input, input.element.job);
  },
};
