// Every step of a person names somebody, and a named role exists in every agency in scope: otherwise the step waits for
// nobody and no inbox shows it.

import { assignmentOf, isUserTask } from '../steps.ts';
import { eachNode, finding, labelOf, text, type Rule } from './rule.ts';

/** `=[agencyId + ":clerk"]` names the role clerk. */
export const rolesIn = (assignment: string): readonly string[] =>
  [...assignment.matchAll(/:([a-z][a-z_-]*)"/g)].flatMap(([, role]) => role ?? []);

export const roleResolvable: Rule = {
  id: 'role-resolvable',
  severity: 'error',
  fix: text('Chọn người hoặc vai trò ở mục “Ai làm”.', 'Choose a person or a role under “Who”.'),
  why: 'A step without a resolvable role stands in no inbox. The assignment is read as the runtime reads it: `agencyId + ":role"`.',
  check: eachNode((node, { context }) => {
    if (!isUserTask(node)) return null;
    const assignment = assignmentOf(node);
    if (assignment === null) {
      return finding(
        node,
        text(`Bước ${labelOf(node)} chưa có người làm.`, `Step ${labelOf(node)} has nobody to do it.`),
      );
    }
    const unknown = rolesIn(assignment).filter((role) => context.roles?.includes(role) === false);
    if (unknown.length === 0) return null;
    return finding(
      node,
      text(
        `Bước ${labelOf(node)} giao cho vai trò “${unknown.join(', ')}” mà cơ quan trong phạm vi không có.`,
        `Step ${labelOf(node)} is given to the role “${unknown.join(', ')}”, which an agency in scope does not have.`,
      ),
    );
  }),
};
