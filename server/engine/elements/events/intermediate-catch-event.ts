// The intermediate catch event waits: for a message, timer, signal or condition; with several definitions for the
// first of them, or, when it is parallel multiple, for all. What it waited for brings its result. A link catch event
// is only reached by its throw event and goes on at once.

import { ok } from '../../../shared/result.ts';
import { readBoolean } from '../../model/source.ts';
import { DONE_AT_ONCE, passThrough, waitingFor } from '../defaults.ts';
import type { ElementDefinition } from '../element-definition.ts';
import { CONDITION, LINK, MESSAGE, SIGNAL, TIMER, openTriggers, readTriggers } from './catching.ts';

export const intermediateCatchEvent: ElementDefinition = {
  ...passThrough,
  kind: 'intermediateCatchEvent',
  bpmnType: 'bpmn:IntermediateCatchEvent',
  eventDefinitions: [TIMER, MESSAGE, SIGNAL, CONDITION, LINK],
  isNoneEventAllowed: false,
  isPassThrough: (element) => element.triggers.every((trigger) => trigger.kind === 'link'),
  read: (source) => ({
    triggers: readTriggers(source),
    isParallelMultiple: readBoolean(source, 'parallelMultiple', false),
  }),
  activate: ({ element, key, context, nextKey }) => {
    const opened = openTriggers({ element, ownerKey: key, context, nextKey });
    if (!opened.ok) return opened;
    return ok(opened.value.length === 0 ? DONE_AT_ONCE : waitingFor(...opened.value));
  },
};
