// More than five approvals in a row are told: each costs the document a day.

import type { FlowNode } from '../read-flow.ts';
import { formRefOf, isUserTask } from '../steps.ts';
import { eachNode, finding, labelOf, text, type Rule } from './rule.ts';

const LIMIT = 5;
const approves = (node: FlowNode): boolean =>
  isUserTask(node) && (formRefOf(node) === 'draft.review' || formRefOf(node) === null);

/** Approvals that follow each other, through gateways, ending at this node. */
function runLength(node: FlowNode, seen: ReadonlySet<FlowNode>): number {
  if (seen.has(node)) return 0;
  const path = new Set([...seen, node]);
  if (path.size > 40) return 0; // a run this long has been told at its sixth step
  const before = node.incoming.map(({ source }) =>
    approves(source) || source.type.endsWith('Gateway') ? runLength(source, path) : 0,
  );
  return (approves(node) ? 1 : 0) + Math.max(0, ...before);
}

export const maxApprovals: Rule = {
  id: 'max-approvals',
  severity: 'warning',
  fix: text('Gộp các bước duyệt, hoặc cho duyệt song song.', 'Merge approvals, or let them run side by side.'),
  why: 'The pilot wants the document issued within days; a chain of six approvals is a sign that responsibility is unclear.',
  check: eachNode((node) =>
    approves(node) && runLength(node, new Set()) === LIMIT + 1
      ? finding(
          node,
          text(
            `Đến ${labelOf(node)} đã có hơn ${LIMIT} bước duyệt liên tiếp.`,
            `More than ${LIMIT} approvals in a row up to ${labelOf(node)}.`,
          ),
        )
      : null,
  ),
};
