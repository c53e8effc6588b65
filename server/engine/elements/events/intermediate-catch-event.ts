// The intermediate catch event waits for a message or a timer (duration or date) and then goes on.
// A message's variables are its result.

import { ok } from '../../../shared/result.ts';
import { DONE_AT_ONCE, waiting, waitingFor } from '../defaults.ts';
import type { ElementDefinition } from '../element-definition.ts';
import { MESSAGE, TIMER, openCatch, readCatch } from './catching.ts';

export const intermediateCatchEvent: ElementDefinition = {
  ...waiting,
  kind: 'intermediateCatchEvent',
  bpmnType: 'bpmn:IntermediateCatchEvent',
  eventDefinitions: [TIMER, MESSAGE],
  read: readCatch,
  activate: ({ element, key, context, nextKey }) => {
    const opened = openCatch({ element, ownerKey: key, context, nextKey });
    if (!opened.ok) return opened;
    return ok(opened.value === null ? DONE_AT_ONCE : waitingFor(opened.value));
  },
};
