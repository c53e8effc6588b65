// The order in which a flow is told and judged, and its loops. Models come from people and may be as long, as deep and as
// tangled as the limits allow, so everything here takes time in proportion to the elements and never calls itself.

import type { FlowNode, FlowProcess } from './read-flow.ts';
import { isBoundary } from './steps.ts';

/** A step comes behind everything that leads to it, loops aside; what sits at its border follows it at once. */
export const walk = (process: FlowProcess): readonly FlowNode[] =>
  walkFrom((beginningsOf(process).get(null) ?? []).toReversed(), process);

function walkFrom(roots: readonly FlowNode[], process: FlowProcess): readonly FlowNode[] {
  const inner = beginningsOf(process);
  const done = new Set<FlowNode>();
  const order: FlowNode[] = [];
  for (const root of roots) visit(root, { inner, done, order });
  return order.reverse();
}

/** Nodes by the subprocess around them; null is the process itself. */
export function byParent(nodes: readonly FlowNode[]): ReadonlyMap<string | null, readonly FlowNode[]> {
  const groups = new Map<string | null, FlowNode[]>();
  for (const node of nodes) {
    const group = groups.get(node.parentId);
    if (group === undefined) groups.set(node.parentId, [node]);
    else group.push(node);
  }
  return groups;
}

type Starts = ReturnType<typeof byParent>;

/** What begins at each level: nothing leads to it and it sits at no border. */
export const beginningsOf = ({ nodes }: FlowProcess): Starts =>
  byParent(nodes.filter((node) => node.incoming.length === 0 && !isBoundary(node)));

interface Walk {
  readonly inner: Starts;
  readonly done: Set<FlowNode>;
  readonly order: FlowNode[];
}

function visit(first: FlowNode, { inner, done, order }: Walk): void {
  const stack: { readonly node: FlowNode; readonly next: FlowNode[] }[] = [];
  const enter = (node: FlowNode): void => {
    if (done.has(node)) return;
    done.add(node);
    // The last is told first, because the walk is turned round at the end: inner steps, then borders, then what follows.
    const begun = inner.get(node.id) ?? [];
    stack.push({ node, next: [...begun.toReversed(), ...node.boundary.toReversed(), ...targetsOf(node)] });
  };
  enter(first);
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const next = top.next.pop();
    if (next === undefined) {
      order.push(top.node);
      stack.pop();
    } else enter(next);
  }
}

const targetsOf = (node: FlowNode): readonly FlowNode[] => node.outgoing.map((edge) => edge.target);

/** Where a token may go from here without entering the inside of a step. */
export const nextOf = (node: FlowNode): readonly FlowNode[] => [...targetsOf(node), ...node.boundary];

/**
 * Sets of nodes that can reach each other, by Kosaraju: in the order of a walk over all nodes, what leads to a node and has
 * no set yet is in its set. A node outside of all loops is alone.
 */
export function loopsOf(process: FlowProcess, byId: ReadonlyMap<string, FlowNode>): readonly ReadonlySet<FlowNode>[] {
  const taken = new Set<FlowNode>();
  return walkFrom([...(beginningsOf(process).get(null) ?? []), ...process.nodes], process).flatMap((first) => {
    if (taken.has(first)) return [];
    const loop = new Set<FlowNode>();
    const open = [first];
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      if (taken.has(node)) continue;
      taken.add(node);
      loop.add(node);
      const host = node.attachedTo === null ? undefined : byId.get(node.attachedTo);
      open.push(...node.incoming.map(({ source }) => source), ...(host === undefined ? [] : [host]));
    }
    return [loop];
  });
}
