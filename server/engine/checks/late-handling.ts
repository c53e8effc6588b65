// Rule late-handling: every rule of tram:lateHandling says after how long (after) what is done (action), and counts
// from the creation of the task or from its due date; escalating and reassigning need somebody (to).

import { lateRulesOf } from '../elements/tasks/late-handling.ts';
import { readText } from '../model/source.ts';
import { checkSources } from './check.ts';

export const lateHandling = checkSources('late-handling', (element, source) => {
  const rules = lateRulesOf(source);
  if (rules.length === 0) return [];
  if (element.userTask === null) return ['has late handling, but is no user task with zeebe:userTask'];
  const faults: string[] = [];
  if (element.lateHandling.length < rules.length) {
    faults.push('has a late handling rule without after, or with an unknown action or from');
  }
  const lost = rules.filter((rule) => readText(rule, 'action') !== 'remind' && readText(rule, 'to') === null);
  if (lost.length > 0) faults.push('escalates or reassigns to nobody');
  const hasDueDate = element.userTask.dueDate !== null || element.userTask.dueIn !== null;
  const fromDue = element.lateHandling.some((rule) => rule.from === 'due');
  if (fromDue && !hasDueDate) faults.push('counts late handling from a due date, but has none');
  return faults;
});
