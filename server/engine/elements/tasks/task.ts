// The undefined task passes through: it documents work that nobody reports to the engine.

import { passThrough } from '../defaults.ts';
import type { ElementDefinition } from '../element-definition.ts';

export const task: ElementDefinition = { ...passThrough, kind: 'task', bpmnType: 'bpmn:Task' };
