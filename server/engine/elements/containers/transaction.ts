// The transaction is a subprocess that can be cancelled from inside: a cancel end event terminates it, has everything
// in it compensated and leaves it by its cancel boundary event (BPMN 2.0.2, clause 13.3.4).

import { waitingActivity } from '../defaults.ts';
import type { ElementDefinition } from '../element-definition.ts';
import { enterStart } from './sub-process.ts';

export const transaction: ElementDefinition = {
  ...waitingActivity,
  kind: 'transaction',
  bpmnType: 'bpmn:Transaction',
  read: () => ({}),
  activate: enterStart,
};
