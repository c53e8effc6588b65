// Working time counts by a calendar that exists.

import type { FlowNode } from '../read-flow.ts';
import { dueInOf, lateStepsOf, timerOf } from '../steps.ts';
import { attribute, children, extension } from '../moddle-element.ts';
import { eachNode, finding, labelOf, text, type Rule } from './rule.ts';

function calendarsOf(node: FlowNode): readonly string[] {
  const late = extension(node.element, 'tram:LateHandling');
  const rules = lateStepsOf(node).length === 0 || late === null ? [] : children(late, 'rules');
  return [
    dueInOf(node)?.calendar,
    timerOf(node)?.calendar,
    ...rules.map((rule) => attribute(rule, 'calendar')),
  ].flatMap((name) => name ?? []);
}

export const calendarKnown: Rule = {
  id: 'calendar-known',
  severity: 'error',
  fix: text('Chọn lịch làm việc trong danh mục.', 'Choose a calendar from the catalogue.'),
  why: 'A deadline in an unknown calendar cannot be computed and stops the step with an incident.',
  check: eachNode((node, { context }) => {
    const unknown = calendarsOf(node).find((name) => context.calendars?.includes(name) === false);
    if (unknown === undefined) return null;
    return finding(
      node,
      text(
        `Bước ${labelOf(node)} tính hạn theo lịch “${unknown}” không có.`,
        `Step ${labelOf(node)} counts by the calendar “${unknown}”, which does not exist.`,
      ),
    );
  }),
};
