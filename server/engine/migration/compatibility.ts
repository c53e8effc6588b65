// Whether what runs at an element of one model can go on at an element of another. Both must be the same kind of thing
// to the engine: what waits there, loops there or is contained there keeps its meaning.

import type { ExecutableProcess, FlowElement } from '../types.ts';

/** null when it can; else why not, as the end of a sentence that begins with the element. */
export function whyIncompatible(source: FlowElement, target: FlowElement): string | null {
  for (const [name, of] of ASPECTS) {
    if (of(source) !== of(target)) return `${name} is ${of(source)}, that of '${target.id}' is ${of(target)}`;
  }
  return null;
}

const ASPECTS: readonly (readonly [name: string, of: (element: FlowElement) => string])[] = [
  ['its type', (element) => element.kind],
  ['its work', workOf],
  ['its loop', loopOf],
  ['its content', (element) => element.container?.kind ?? 'none'],
  ['what it waits for', (element) => element.triggers.map((trigger) => trigger.kind).join(' and ') || 'nothing'],
  ['its role', (element) => (element.isForCompensation ? 'compensation' : 'flow')],
];

function workOf(element: FlowElement): string {
  if (element.userTask !== null) return 'a task';
  if (element.script !== null) return 'a script';
  if (element.decision !== null) return 'a decision';
  return element.job === null ? 'its own' : 'a job';
}

function loopOf({ multiInstance, standardLoop }: FlowElement): string {
  if (standardLoop !== null) return 'a standard loop';
  if (multiInstance === null) return 'none';
  return multiInstance.isSequential ? 'sequential' : 'parallel';
}

/**
 * The flow of the target's join on which a token of this flow goes on waiting: the same id, or the only flow that comes
 * from where this one comes from.
 */
export function flowInTarget(
  source: ExecutableProcess,
  target: ExecutableProcess,
  flowId: string,
  { join, elements }: { readonly join: FlowElement; readonly elements: ReadonlyMap<string, string> },
): string | null {
  if (join.incoming.includes(flowId)) return flowId;
  const from = elements.get(source.flows[flowId]?.sourceId ?? '');
  const candidates = join.incoming.filter((id) => from !== undefined && target.flows[id]?.sourceId === from);
  return candidates.length === 1 ? (candidates[0] ?? null) : null;
}
