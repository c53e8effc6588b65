// The event-based gateway waits for the first of the events behind it (BPMN 2.0.2, clause 13.4.4). They are armed on
// the gateway's own element instance; the one that comes completes it, and the others are disarmed.

import { ok } from '../../../shared/result.ts';
import type { EngineEvent } from '../../types.ts';
import { passThrough, waitingFor } from '../defaults.ts';
import type { ElementDefinition } from '../element-definition.ts';
import { openTriggers } from '../events/catching.ts';
import { readBoolean } from '../../model/source.ts';

export const eventBasedGateway: ElementDefinition = {
  ...passThrough,
  kind: 'eventBasedGateway',
  bpmnType: 'bpmn:EventBasedGateway',
  isPassThrough: () => false,
  read: (source) => ({ isInstantiating: readBoolean(source, 'instantiate', false) }),
  activate: ({ element, process, key, context, nextKey }) => {
    const opens: EngineEvent[] = [];
    for (const flowId of element.outgoing) {
      const target = process.elements[process.flows[flowId]?.targetId ?? ''];
      if (target === undefined) continue;
      const opened = openTriggers({ element: target, ownerKey: key, context, nextKey });
      if (!opened.ok) return opened;
      opens.push(...opened.value);
    }
    return ok(waitingFor(...opens));
  },
};
