// A loop of returns can end: some branch leaves it.

import type { FlowNode, FlowProcess } from '../read-flow.ts';
import { finding, labelOf, text, type Rule } from './rule.ts';

const next = (node: FlowNode): readonly FlowNode[] => [...node.outgoing.map((edge) => edge.target), ...node.boundary];

function reachable(from: FlowNode): ReadonlySet<FlowNode> {
  const seen = new Set<FlowNode>();
  const open = [...next(from)];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    open.push(...next(node));
  }
  return seen;
}

/** The first node of each loop that no path leaves. */
function traps(process: FlowProcess): readonly FlowNode[] {
  const told = new Set<FlowNode>();
  return process.nodes.filter((node) => {
    if (told.has(node) || node.incoming.length === 0) return false;
    const ahead = reachable(node);
    if (!ahead.has(node)) return false;
    const isTrap = [...ahead].every((each) => next(each).length > 0 && reachable(each).has(node));
    if (isTrap) ahead.forEach((each) => told.add(each));
    return isTrap;
  });
}

export const loopHasExit: Rule = {
  id: 'loop-has-exit',
  severity: 'error',
  fix: text(
    'Thêm nhánh ra khỏi vòng lặp, ví dụ “Huỷ dự thảo”.',
    'Add a branch that leaves the loop, for example “Cancel the draft”.',
  ),
  why: 'A document in a loop without an exit is returned for ever and never ends in issued, returned or cancelled.',
  check: ({ process }) =>
    traps(process).map((node) =>
      finding(
        node,
        text(`Vòng lặp qua ${labelOf(node)} không có lối ra.`, `The loop through ${labelOf(node)} has no exit.`),
      ),
    ),
};
