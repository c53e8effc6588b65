// The receive task waits for a message, like a message catch event, but is an activity: it may carry boundary
// events and be multi-instance. With `instantiate` its message starts the process.

import { ok } from '../../../shared/result.ts';
import { waitingActivity, waitingFor } from '../defaults.ts';
import type { ElementDefinition } from '../element-definition.ts';
import { readBoolean } from '../../model/source.ts';
import { openTriggers, readMessage } from '../events/catching.ts';

export const receiveTask: ElementDefinition = {
  ...waitingActivity,
  kind: 'receiveTask',
  bpmnType: 'bpmn:ReceiveTask',
  read: (source) => {
    const message = readMessage(source);
    return { triggers: message === null ? [] : [message], isInstantiating: readBoolean(source, 'instantiate', false) };
  },
  activate: ({ element, key, context, nextKey }) => {
    const opened = openTriggers({ element, ownerKey: key, context, nextKey });
    return opened.ok ? ok(waitingFor(...opened.value)) : opened;
  },
};
