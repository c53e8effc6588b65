// More than five approvals in a row are told: each costs the document a day.

import type { FlowNode, FlowProcess } from '../read-flow.ts';
import { formRefOf, isUserTask } from '../steps.ts';
import { walk } from '../walk.ts';
import { finding, labelOf, text, type Rule } from './rule.ts';

const LIMIT = 5;
const approves = (node: FlowNode): boolean =>
  isUserTask(node) && (formRefOf(node) === 'draft.review' || formRefOf(node) === null);

/** How many approvals follow each other, through gateways, up to each node; a way back begins no longer run. */
function runsOf(process: FlowProcess): ReadonlyMap<FlowNode, number> {
  const runs = new Map<FlowNode, number>();
  for (const node of walk(process)) {
    const isStep = approves(node);
    if (!isStep && !node.type.endsWith('Gateway')) continue;
    const before = node.incoming.reduce((most, { source }) => Math.max(most, runs.get(source) ?? 0), 0);
    runs.set(node, before + (isStep ? 1 : 0));
  }
  return runs;
}

export const maxApprovals: Rule = {
  id: 'max-approvals',
  severity: 'warning',
  fix: text('Gộp các bước duyệt, hoặc cho duyệt song song.', 'Merge approvals, or let them run side by side.'),
  why: 'The pilot wants the document issued within days; a chain of six approvals is a sign that responsibility is unclear.',
  check: ({ process }) =>
    [...runsOf(process)]
      .filter(([node, length]) => approves(node) && length === LIMIT + 1)
      .map(([node]) =>
        finding(
          node,
          text(
            `Đến ${labelOf(node)} đã có hơn ${LIMIT} bước duyệt liên tiếp.`,
            `More than ${LIMIT} approvals in a row up to ${labelOf(node)}.`,
          ),
        ),
      ),
};
