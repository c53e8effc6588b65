// Rule no-endless-loop: a loop needs an element that waits. One of gateways and undefined tasks alone would run
// until the step limit stops it, whatever its conditions say.

import { ELEMENTS } from '../elements/index.ts';
import type { CompiledModel } from '../model/compile.ts';
import type { FlowElement } from '../types.ts';
import { checkProcesses } from './check.ts';

export const noEndlessLoop = checkProcesses('no-endless-loop', (model) => {
  const loop = findLoop(model);
  if (loop === null) return [];
  const path = [...loop, loop[0] ?? ''].join(' → ');
  return [{ elementId: loop[0] ?? null, message: `The loop ${path} never waits; put a task or an event into it.` }];
});

/** Depth-first over pass-through elements only; a way back to an element of the current path is a loop. */
function findLoop({ process }: CompiledModel): readonly string[] | null {
  const done = new Set<string>();
  const targetsOf = (id: string): readonly string[] => [
    ...(process.elements[id]?.outgoing ?? []).flatMap((flowId) => process.flows[flowId]?.targetId ?? []),
    ...linkTargetOf(process.elements[id]),
  ];
  const isPassThrough = (id: string): boolean => {
    const element = process.elements[id];
    return element !== undefined && ELEMENTS[element.kind].isPassThrough(element);
  };
  for (const start of Object.keys(process.elements).filter(isPassThrough)) {
    // An explicit stack, because the model comes from outside and may be as deep as it likes.
    const path: { readonly id: string; readonly targets: string[] }[] = [];
    const onPath = new Set<string>();
    const enter = (id: string): void => {
      path.push({ id, targets: targetsOf(id).filter(isPassThrough) });
      onPath.add(id);
    };
    if (!done.has(start)) enter(start);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const next = top.targets.pop();
      if (next === undefined) {
        done.add(top.id);
        onPath.delete(top.id);
        path.pop();
        continue;
      }
      if (onPath.has(next)) return path.slice(path.findIndex((entry) => entry.id === next)).map((entry) => entry.id);
      if (!done.has(next)) enter(next);
    }
  }
  return null;
}

const linkTargetOf = (element: FlowElement | undefined): readonly string[] =>
  element === undefined || element.linkTarget === null ? [] : [element.linkTarget];
