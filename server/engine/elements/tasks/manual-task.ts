// The manual task passes through: by definition it is done outside of any system (BPMN 2.0.2, clause 10.3.3).

import { passThroughActivity } from '../defaults.ts';
import type { ElementDefinition } from '../element-definition.ts';

export const manualTask: ElementDefinition = {
  ...passThroughActivity,
  kind: 'manualTask',
  bpmnType: 'bpmn:ManualTask',
};
