// Rule event-gateway: behind an event-based gateway there are only events that can be waited for, each reached from
// the gateway alone; an instantiating one is entered by nobody.

import type { FlowElement } from '../types.ts';
import { checkSources } from './check.ts';
import { readText } from '../model/source.ts';

const CAN_WAIT = new Set(['message', 'timer', 'signal', 'condition']);

export const eventGateway = checkSources('event-gateway', (element, source, { process }) => {
  const isInstantiatingTask = element.kind === 'receiveTask' && element.isInstantiating;
  if (isInstantiatingTask && element.incoming.length > 0) return ['starts instances and has an incoming flow'];
  if (element.kind !== 'eventBasedGateway') return [];
  const faults: string[] = [];
  const targets = element.outgoing.flatMap((id) => process.elements[process.flows[id]?.targetId ?? ''] ?? []);
  if (targets.length === 0) faults.push('leads to no event');
  for (const target of targets)
    if (!isWaitable(target)) faults.push(`leads to '${target.id}', which is no event to wait for`);
  for (const target of targets) {
    if (target.incoming.length > 1) faults.push(`leads to '${target.id}', which has other incoming flows`);
  }
  if (readText(source, 'eventGatewayType') === 'Parallel')
    faults.push('is a parallel event gateway, which is not supported');
  if (element.isInstantiating && (element.incoming.length > 0 || element.parentId !== null)) {
    faults.push('starts instances; it stands directly in the process and has no incoming flow');
  }
  return faults;
});

const isWaitable = (target: FlowElement): boolean => {
  const isPlainTask = target.kind === 'receiveTask' && target.boundaryEvents.length === 0 && !target.multiInstance;
  const isEvent = target.kind === 'intermediateCatchEvent' && !target.isParallelMultiple;
  return (isEvent || isPlainTask) && target.triggers.every((trigger) => CAN_WAIT.has(trigger.kind));
};
