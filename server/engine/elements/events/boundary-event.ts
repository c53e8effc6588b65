// A boundary event is armed with its activity (behaviors/arm-events.ts). It has an element instance of its own only
// once it has fired, and that one passes through.

import { idOf, readBoolean, readChild } from '../../model/source.ts';
import { passThrough } from '../defaults.ts';
import type { ElementDefinition } from '../element-definition.ts';
import {
  CANCEL,
  COMPENSATION,
  CONDITION,
  ERROR,
  ESCALATION,
  MESSAGE,
  SIGNAL,
  TIMER,
  readTriggers,
} from './catching.ts';

export const boundaryEvent: ElementDefinition = {
  ...passThrough,
  kind: 'boundaryEvent',
  bpmnType: 'bpmn:BoundaryEvent',
  eventDefinitions: [TIMER, MESSAGE, SIGNAL, CONDITION, ERROR, ESCALATION, COMPENSATION, CANCEL],
  isNoneEventAllowed: false,
  read: (source) => {
    const host = readChild(source, 'attachedToRef');
    return {
      triggers: readTriggers(source),
      isParallelMultiple: readBoolean(source, 'parallelMultiple', false),
      attachedTo: host === null ? null : idOf(host),
      isInterrupting: readBoolean(source, 'cancelActivity', true),
    };
  },
};
