// The service task is a job for a worker. Its type and retries are evaluated when it is activated.

import { jobActivity } from './job.ts';
import type { ElementDefinition } from '../element-definition.ts';

export const serviceTask: ElementDefinition = { ...jobActivity, kind: 'serviceTask', bpmnType: 'bpmn:ServiceTask' };
