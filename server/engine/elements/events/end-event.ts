// The end event throws what it carries and uses up its token. The scope around it ends when this was the last one,
// not before; a terminate end event ends the others with it.

import { passThrough } from '../defaults.ts';
import type { ElementDefinition } from '../element-definition.ts';
import { CANCEL, COMPENSATION, ERROR, ESCALATION, MESSAGE, SIGNAL, TERMINATE } from './catching.ts';
import { isThrownAtOnce, readThrow, throwAll } from './throwing.ts';

export const endEvent: ElementDefinition = {
  ...passThrough,
  kind: 'endEvent',
  bpmnType: 'bpmn:EndEvent',
  eventDefinitions: [MESSAGE, SIGNAL, ERROR, ESCALATION, COMPENSATION, TERMINATE, CANCEL],
  isPassThrough: isThrownAtOnce,
  read: readThrow,
  activate: throwAll,
};
