// The none end event uses up its token. The instance ends when this was the last one, not before.

import { passThrough } from '../defaults.ts';
import type { ElementDefinition } from '../element-definition.ts';

export const endEvent: ElementDefinition = { ...passThrough, kind: 'endEvent', bpmnType: 'bpmn:EndEvent' };
