// The intermediate throw event throws and goes on; without definition it only marks a state that has been reached.
// A link throw event goes on at the catch event of the same name.

import { passThrough } from '../defaults.ts';
import type { ElementDefinition } from '../element-definition.ts';
import { COMPENSATION, ESCALATION, LINK, MESSAGE, SIGNAL } from './catching.ts';
import { isThrownAtOnce, readThrow, throwAll } from './throwing.ts';

export const intermediateThrowEvent: ElementDefinition = {
  ...passThrough,
  kind: 'intermediateThrowEvent',
  bpmnType: 'bpmn:IntermediateThrowEvent',
  eventDefinitions: [MESSAGE, SIGNAL, ESCALATION, COMPENSATION, LINK],
  isPassThrough: isThrownAtOnce,
  read: readThrow,
  activate: throwAll,
};
