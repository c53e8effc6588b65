// The receive task waits for a message, like a message catch event, but is an activity: it may carry boundary
// events and be multi-instance.

import { ok } from '../../../shared/result.ts';
import { DONE_AT_ONCE, waiting, waitingFor } from '../defaults.ts';
import type { ElementDefinition } from '../element-definition.ts';
import { openCatch, readMessage } from '../events/catching.ts';

export const receiveTask: ElementDefinition = {
  ...waiting,
  kind: 'receiveTask',
  bpmnType: 'bpmn:ReceiveTask',
  read: (source) => ({ message: readMessage(source) }),
  activate: ({ element, key, context, nextKey }) => {
    const opened = openCatch({ element, ownerKey: key, context, nextKey });
    if (!opened.ok) return opened;
    return ok(opened.value === null ? DONE_AT_ONCE : waitingFor(opened.value));
  },
};
