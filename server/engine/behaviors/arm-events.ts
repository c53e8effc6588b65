// Arming: boundary events with their activity (of a loop: with its body, once for all rounds), event subprocesses
// with the scope that they belong to. All of them are evaluated before anything is opened, so that a failure holds up
// the activation and can be repeated.

import type { Key } from '../../shared/ids.ts';
import type { Result } from '../../shared/result.ts';
import { ok } from '../../shared/result.ts';
import { openTriggers } from '../elements/events/catching.ts';
import type { Failure } from '../expressions/extract.ts';
import type { EvaluationContext } from '../expressions/scope.ts';
import { elementOf } from '../step.ts';
import type { Step } from '../step.ts';
import type { ElementInstance, EngineEvent, FlowElement } from '../types.ts';

/** Everything that has to be armed when an element instance is activated. */
export function prepareArmed(
  step: Step,
  instance: ElementInstance,
  context: EvaluationContext,
): Result<readonly EngineEvent[], Failure> {
  const element = elementOf(step.process, instance.elementId);
  const ids: string[] = [];
  if (instance.loopCounter === null) ids.push(...element.boundaryEvents);
  if (instance.body === null) ids.push(...startsIn(step, element.container?.eventSubProcesses ?? []));
  return openArmed(step, ids, instance.key, context);
}

/** The event subprocesses of the process itself; they are armed on the instance. */
export const prepareProcessEvents = (step: Step, context: EvaluationContext): Result<readonly EngineEvent[], Failure> =>
  openArmed(step, startsIn(step, step.process.eventSubProcesses), step.draft.key, context);

export const startsIn = (step: Step, eventSubProcesses: readonly string[]): readonly string[] =>
  eventSubProcesses.flatMap((id) => elementOf(step.process, id).container?.startEventId ?? []);

export function openArmed(
  step: Step,
  elementIds: readonly string[],
  ownerKey: Key,
  context: EvaluationContext,
): Result<readonly EngineEvent[], Failure> {
  const events: EngineEvent[] = [];
  for (const elementId of elementIds) {
    const element: FlowElement = elementOf(step.process, elementId);
    const opened = openTriggers({ element, ownerKey, context, nextKey: step.nextKey });
    if (!opened.ok) return opened;
    events.push(...opened.value);
  }
  return ok(events);
}
