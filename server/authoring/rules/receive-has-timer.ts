// Nobody waits for another agency for ever: a wait for a message has a timer beside it, unless the message comes from us.

import type { FlowNode } from '../read-flow.ts';
import { hasEvent, messageOf, timerOf } from '../steps.ts';
import { eachNode, finding, labelOf, text, type Rule } from './rule.ts';

const waits = (node: FlowNode): boolean =>
  node.type === 'bpmn:ReceiveTask' || (node.type === 'bpmn:IntermediateCatchEvent' && hasEvent(node, 'Message'));

/** A timer behind the same event-based gateway, or at the border. */
const hasTimer = (node: FlowNode): boolean =>
  node.boundary.some((event) => timerOf(event) !== null) ||
  node.incoming.some(
    ({ source }) =>
      source.type === 'bpmn:EventBasedGateway' && source.outgoing.some(({ target }) => timerOf(target) !== null),
  );

export const receiveHasTimer: Rule = {
  id: 'receive-has-timer',
  severity: 'error',
  fix: text(
    'Thêm hẹn giờ nhắc vào bước chờ, ví dụ sau 1 ngày làm việc.',
    'Add a reminding timer to the wait, for example after one working day.',
  ),
  why: 'The other agency may never answer. Messages that the context marks as internal are sent by this installation itself.',
  check: eachNode((node, { context }) => {
    if (!waits(node) || hasTimer(node)) return null;
    const kind = context.messageKinds?.find(({ name }) => name === messageOf(node));
    if (kind?.isExternal === false) return null;
    return finding(
      node,
      text(`Bước chờ ${labelOf(node)} có thể chờ mãi.`, `The wait ${labelOf(node)} may never end.`),
      node.type === 'bpmn:ReceiveTask' ? 'timer' : undefined,
    );
  }),
};
