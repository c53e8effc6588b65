// The undefined task passes through: it documents work that nobody reports to the engine.

import { passThroughActivity } from '../defaults.ts';
import type { ElementDefinition } from '../element-definition.ts';

export const task: ElementDefinition = { ...passThroughActivity, kind: 'task', bpmnType: 'bpmn:Task' };
