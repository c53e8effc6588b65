// A boundary event is armed with its activity (behaviors/boundary-events.ts). It has an element instance of its own
// only once it has fired, and that one passes through.

import { idOf, readBoolean, readChild } from '../../model/source.ts';
import { passThrough } from '../defaults.ts';
import type { ElementDefinition } from '../element-definition.ts';
import { MESSAGE, TIMER, readCatch } from './catching.ts';

export const boundaryEvent: ElementDefinition = {
  ...passThrough,
  kind: 'boundaryEvent',
  bpmnType: 'bpmn:BoundaryEvent',
  eventDefinitions: [TIMER, MESSAGE],
  read: (source) => {
    const host = readChild(source, 'attachedToRef');
    return {
      ...readCatch(source),
      attachedTo: host === null ? null : idOf(host),
      isInterrupting: readBoolean(source, 'cancelActivity', true),
    };
  },
};
