// Where an instance, a subprocess or an event subprocess begins. What a triggered start event brings is its result;
// its output mappings may prepare the variables.

import { readLinkedForm } from '../../model/read-form.ts';
import { readBoolean } from '../../model/source.ts';
import { passThrough } from '../defaults.ts';
import type { ElementDefinition } from '../element-definition.ts';
import { COMPENSATION, CONDITION, ERROR, ESCALATION, MESSAGE, SIGNAL, TIMER, readTriggers } from './catching.ts';

export const startEvent: ElementDefinition = {
  ...passThrough,
  kind: 'startEvent',
  bpmnType: 'bpmn:StartEvent',
  eventDefinitions: [MESSAGE, TIMER, SIGNAL, CONDITION, ERROR, ESCALATION, COMPENSATION],
  read: (source) => ({
    startForm: readLinkedForm(source),
    triggers: readTriggers(source),
    isParallelMultiple: readBoolean(source, 'parallelMultiple', false),
    isInterrupting: readBoolean(source, 'isInterrupting', true),
  }),
};
