// The send task is a job: a worker sends the message.

import { jobActivity } from './job.ts';
import type { ElementDefinition } from '../element-definition.ts';

export const sendTask: ElementDefinition = { ...jobActivity, kind: 'sendTask', bpmnType: 'bpmn:SendTask' };
