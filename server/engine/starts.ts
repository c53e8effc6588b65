// Start subscriptions of a process: the runtime stores one row for each when a version is deployed, replacing those of
// the version before. Names and times are evaluated once, at deployment, where no variables exist yet.

import type { Result } from '../shared/result.ts';
import { ok } from '../shared/result.ts';
import type { Instant } from '../shared/time.ts';
import { extractBoolean, extractText } from './expressions/extract.ts';
import type { Failure } from './expressions/extract.ts';
import { nextFiring, scheduleOf } from './expressions/schedule.ts';
import type { Schedule } from './expressions/schedule.ts';
import { scopeOfVariables } from './expressions/scope.ts';
import type { EvaluationContext } from './expressions/scope.ts';
import type { BusinessCalendar, ExecutableProcess, StartTrigger, Variables } from './types.ts';

/** Give `start-instance` with `startElementId` when … */
export type ResolvedStart = { readonly elementId: string } & (
  | { readonly kind: 'message'; readonly messageName: string }
  | { readonly kind: 'signal'; readonly signalName: string }
  /** … the time has come; `nextStartTimer` gives the firing after it. */
  | ({ readonly kind: 'timer' } & Schedule)
  /** … somebody asks, and `isStartConditionTrue` of the given variables. */
  | { readonly kind: 'condition'; readonly expression: string }
);

export interface StartContext {
  readonly now: Instant;
  readonly findCalendar?: (name: string) => BusinessCalendar | null;
}

const contextOf = (context: StartContext, variables: Variables = {}): EvaluationContext => ({
  scope: scopeOfVariables(variables),
  ...context,
});

export function resolveStarts(
  process: ExecutableProcess,
  context: StartContext,
): Result<readonly ResolvedStart[], Failure & { readonly elementId: string }> {
  const starts: ResolvedStart[] = [];
  for (const start of process.starts) {
    const resolved = resolveStart(start, contextOf(context));
    if (!resolved.ok) return { ok: false, error: { ...resolved.error, elementId: start.elementId } };
    // A cycle without repetition (`R0/…`) starts nothing.
    if (resolved.value.kind !== 'timer' || resolved.value.repetitionsLeft !== 0) starts.push(resolved.value);
  }
  return ok(starts);
}

export function resolveStart(start: StartTrigger, context: EvaluationContext): Result<ResolvedStart, Failure> {
  const { elementId, kind } = start;
  switch (kind) {
    case 'message': {
      const name = extractText(start.name, context);
      return name.ok ? ok({ elementId, kind, messageName: name.value }) : name;
    }
    case 'signal': {
      const name = extractText(start.name, context);
      return name.ok ? ok({ elementId, kind, signalName: name.value }) : name;
    }
    case 'timer': {
      const schedule = scheduleOf(start.timer, context);
      return schedule.ok ? ok({ elementId, kind, ...schedule.value }) : schedule;
    }
    case 'condition':
      return ok({ elementId, kind, expression: start.expression });
  }
}

/** The firing after one that has started an instance; null when there is none. */
export const nextStartTimer = (
  fired: Pick<Schedule, 'dueAt' | 'repetitionsLeft' | 'period'>,
  now: Instant,
): Schedule | null => nextFiring(fired, now);

/** null is false; a condition that fails or is no boolean is a failure. */
export const isStartConditionTrue = (
  expression: string,
  variables: Variables,
  context: StartContext,
): Result<boolean, Failure> => extractBoolean(expression, contextOf(context, variables), { isNullFalse: true });
