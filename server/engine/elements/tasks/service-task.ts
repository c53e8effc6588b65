// The service task is a job for a worker. Its type and retries are evaluated when it is activated.

import assert from 'node:assert';
import { waiting } from '../defaults.ts';
import type { ElementDefinition } from '../element-definition.ts';
import { offerJob, readHeaders, readJob } from './job.ts';

export const serviceTask: ElementDefinition = {
  ...waiting,
  kind: 'serviceTask',
  bpmnType: 'bpmn:ServiceTask',
  read: (source) => ({ job: readJob(source), headers: readHeaders(source) }),
  activate: (input) => {
    assert(input.element.job !== null, `Service task '${input.element.id}' was deployed without a type`);
    return offerJob(input, input.element.job);
  },
};
