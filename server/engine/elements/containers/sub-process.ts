// The embedded subprocess begins at its none start event and completes when nothing is left inside it. The event
// subprocess is the same element, but begins with the event that started it (behaviors/event-sub-process.ts).

import { ok } from '../../../shared/result.ts';
import { leftTo, waitingActivity } from '../defaults.ts';
import type { ActivationInput, ElementDefinition } from '../element-definition.ts';

export const enterStart = ({ element }: ActivationInput) =>
  ok(
    leftTo({
      kind: 'enter',
      elementIds: element.container?.startEventId === null ? [] : [element.container?.startEventId ?? ''],
    }),
  );

export const subProcess: ElementDefinition = {
  ...waitingActivity,
  kind: 'subProcess',
  bpmnType: 'bpmn:SubProcess',
  read: () => ({}),
  activate: enterStart,
};
