// The none start event: where an instance begins. Its output mappings may prepare the variables.

import { passThrough } from '../defaults.ts';
import type { ElementDefinition } from '../element-definition.ts';

export const startEvent: ElementDefinition = { ...passThrough, kind: 'startEvent', bpmnType: 'bpmn:StartEvent' };
