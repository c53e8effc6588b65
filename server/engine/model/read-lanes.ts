// Lanes of a process and of its subprocesses: who is responsible. The innermost lane of an element counts.

import type { FlowElement } from '../types.ts';
import { idOf, readChild, readChildren, readText } from './source.ts';
import type { SourceElement } from './source.ts';

type Lane = NonNullable<FlowElement['lane']>;

export function readLanes(containers: readonly SourceElement[]): ReadonlyMap<string, Lane> {
  const lanes = new Map<string, Lane>();
  const open = containers.flatMap((container) => readChildren(container, 'laneSets'));
  // Outer lanes come first, so that inner ones overwrite them.
  for (let index = 0; index < open.length; index += 1) {
    const laneSet = open[index];
    for (const lane of laneSet === undefined ? [] : readChildren(laneSet, 'lanes')) {
      const named = { id: idOf(lane), name: readText(lane, 'name') ?? idOf(lane) };
      for (const node of readChildren(lane, 'flowNodeRef')) lanes.set(idOf(node), named);
      const child = readChild(lane, 'childLaneSet');
      if (child !== null) open.push(child);
    }
  }
  return lanes;
}
