// Can a missing token still come? BPMN 2.0.2, clause 13.4.3: a token on the way to an empty incoming flow holds the
// join up. A token that has been through the join already and is on its way to the next round of a loop, where it may
// just as well come over a flow that has its token, does not: two joins of one loop would wait for each other for ever.
// Ways are looked for without passing the join. Boundary events count as ways out of their activity, links as flows.

import type { Key } from '../../shared/ids.ts';
import { childrenOf } from '../state/draft.ts';
import type { Step } from '../step.ts';
import type { ExecutableProcess, FlowElement } from '../types.ts';

export interface IncomingFlows {
  readonly missing: readonly string[];
  readonly present: readonly string[];
}

export function canTokenCome(step: Step, scopeKey: Key, gateway: FlowElement, flows: IncomingFlows): boolean {
  if (flows.missing.length === 0) return false;
  const { process } = step;
  const toMissing = sourcesOf(process, gateway, flows.missing);
  const toPresent = sourcesOf(process, gateway, flows.present);
  const behind = targetsOf(process, gateway);
  const isHoldingUp = (elementId: string): boolean => {
    if (elementId === gateway.id) return leadsBack(process, gateway, toMissing, flows.missing);
    return toMissing.has(elementId) && !(toPresent.has(elementId) && behind.has(elementId));
  };
  const active = childrenOf(step.draft, scopeKey).map((child) => child.elementId);
  const waiting = Object.keys(step.draft.joins[scopeKey] ?? {}).filter((elementId) => elementId !== gateway.id);
  return [...active, ...waiting].some(isHoldingUp);
}

/** All elements from which one of the flows can be reached. */
function sourcesOf(process: ExecutableProcess, gateway: FlowElement, flowIds: readonly string[]): ReadonlySet<string> {
  const throwers = linkThrowers(process);
  const sources = new Set<string>();
  const open = flowIds.flatMap((flowId) => process.flows[flowId]?.sourceId ?? []);
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const element = process.elements[id];
    if (element === undefined || sources.has(id) || id === gateway.id) continue;
    sources.add(id);
    open.push(...element.incoming.flatMap((flowId) => process.flows[flowId]?.sourceId ?? []));
    if (element.attachedTo !== null) open.push(element.attachedTo);
    open.push(...(throwers.get(id) ?? []));
  }
  return sources;
}

/** All elements that can be reached from the gateway. */
function targetsOf(process: ExecutableProcess, gateway: FlowElement): ReadonlySet<string> {
  const targets = new Set<string>();
  const open = waysOut(process, gateway);
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const element = process.elements[id];
    if (element === undefined || targets.has(id)) continue;
    targets.add(id);
    open.push(...waysOut(process, element));
  }
  return targets;
}

const waysOut = (process: ExecutableProcess, element: FlowElement): string[] => [
  ...element.outgoing.flatMap((flowId) => process.flows[flowId]?.targetId ?? []),
  ...element.boundaryEvents,
  ...(element.linkTarget === null ? [] : [element.linkTarget]),
];

/** A token inside the gateway has passed it already; over a loop it may come again. */
function leadsBack(
  process: ExecutableProcess,
  gateway: FlowElement,
  sources: ReadonlySet<string>,
  flowIds: readonly string[],
): boolean {
  return gateway.outgoing.some(
    (flowId) => flowIds.includes(flowId) || sources.has(process.flows[flowId]?.targetId ?? ''),
  );
}

function linkThrowers(process: ExecutableProcess): ReadonlyMap<string, readonly string[]> {
  const throwers = new Map<string, string[]>();
  for (const { id, linkTarget } of Object.values(process.elements)) {
    if (linkTarget !== null) throwers.set(linkTarget, [...(throwers.get(linkTarget) ?? []), id]);
  }
  return throwers;
}
