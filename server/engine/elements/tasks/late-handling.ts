// Late handling (`tram:lateHandling`): what happens when a user task is still open after a while. Each rule is a
// timer of the task; when it fires the engine says so (`task-late`), and the runtime reminds, escalates or reassigns.

import type { Result } from '../../../shared/result.ts';
import { ok } from '../../../shared/result.ts';
import type { Instant } from '../../../shared/time.ts';
import { extractText } from '../../expressions/extract.ts';
import type { Failure } from '../../expressions/extract.ts';
import { dueAfter } from '../../expressions/schedule.ts';
import type { EvaluationContext } from '../../expressions/scope.ts';
import { findExtension, readChildren, readText, readValueSource } from '../../model/source.ts';
import type { SourceElement } from '../../model/source.ts';
import type { EngineEvent, LateRule } from '../../types.ts';
import type { ActivationInput } from '../element-definition.ts';

export function lateRulesOf(source: SourceElement): readonly SourceElement[] {
  const handling = findExtension(source, 'tram:LateHandling');
  return handling === null ? [] : readChildren(handling, 'rules');
}

const isAction = (text: string | null): text is LateRule['action'] =>
  text === 'remind' || text === 'escalate' || text === 'reassign';

/** A rule that cannot be read is left out; a deploy-time check compares the numbers. */
export const readLateHandling = (source: SourceElement): readonly LateRule[] =>
  lateRulesOf(source).flatMap((rule): readonly LateRule[] => {
    const after = readValueSource(rule, 'after');
    const action = readText(rule, 'action');
    const from = readText(rule, 'from') ?? 'creation';
    if (after === null || !isAction(action) || (from !== 'creation' && from !== 'due')) return [];
    return [{ after, action, from, calendar: readText(rule, 'calendar'), to: readValueSource(rule, 'to') }];
  });

/** Rules that count from the due date of a task without one have no timer. */
export function scheduleLateRules(
  { element, key, nextKey }: ActivationInput,
  context: EvaluationContext,
  taskDueAt: Instant | null,
): Result<readonly EngineEvent[], Failure> {
  const timers: EngineEvent[] = [];
  for (const [lateRule, rule] of element.lateHandling.entries()) {
    const from = rule.from === 'due' ? taskDueAt : context.now;
    if (from === null) continue;
    const duration = extractText(rule.after, context);
    if (!duration.ok) return duration;
    const due = dueAfter({ duration: duration.value, calendar: rule.calendar, from }, context);
    if (!due.ok) return due;
    const timer = { type: 'timer-scheduled', elementInstanceKey: key, elementId: element.id, lateRule } as const;
    timers.push({ ...timer, timerKey: nextKey(), repetitionsLeft: null, period: null, ...due.value });
  }
  return ok(timers);
}
