// Waiting for events: turns the triggers of a catch event, receive task, boundary event or start event of an event
// subprocess into scheduled timers and open subscriptions of an element instance.

import type { Key } from '../../../shared/ids.ts';
import type { Result } from '../../../shared/result.ts';
import { err, ok } from '../../../shared/result.ts';
import { extractBoolean, extractKeyText, extractText } from '../../expressions/extract.ts';
import type { Failure } from '../../expressions/extract.ts';
import { scheduleOf } from '../../expressions/schedule.ts';
import type { EvaluationContext } from '../../expressions/scope.ts';
import type { EngineEvent, FlowElement, TimerDefinition, Trigger } from '../../types.ts';

export * from './event-definitions.ts';

/** The element instance that will wait: the catch event itself, or the one that the event is armed on. */
export interface Catcher {
  readonly element: FlowElement;
  readonly ownerKey: Key;
  readonly context: EvaluationContext;
  readonly nextKey: () => Key;
}

/** Errors, escalations, compensation and cancel are not waited for: they are looked up when they are thrown. */
export function openTriggers(catcher: Catcher): Result<readonly EngineEvent[], Failure> {
  const events: EngineEvent[] = [];
  for (const [index, trigger] of catcher.element.triggers.entries()) {
    const opened = openTrigger(catcher, trigger, index);
    if (!opened.ok) return opened;
    if (opened.value !== null) events.push(opened.value);
  }
  return ok(events);
}

/** null when there is nothing to wait for: a cycle with no repetition. */
function openTrigger(catcher: Catcher, trigger: Trigger, index: number): Result<EngineEvent | null, Failure> {
  switch (trigger.kind) {
    case 'timer':
      return scheduleTimer(catcher, trigger.timer);
    case 'message':
      return subscribe(catcher, trigger);
    case 'signal':
      return listen(catcher, trigger);
    case 'condition':
      return armCondition(catcher, trigger.expression, index);
    default:
      return ok(null);
  }
}

function subscribe(
  { element, ownerKey, context, nextKey }: Catcher,
  message: Extract<Trigger, { kind: 'message' }>,
): Result<EngineEvent, Failure> {
  const name = extractText(message.name, context);
  if (!name.ok) return name;
  const correlationKey = extractKeyText(message.correlationKey ?? 'null', context);
  if (!correlationKey.ok) return correlationKey;
  return ok({
    type: 'message-subscribed',
    subscriptionKey: nextKey(),
    elementInstanceKey: ownerKey,
    elementId: element.id,
    messageName: name.value,
    correlationKey: correlationKey.value,
  });
}

function listen(
  { element, ownerKey, context, nextKey }: Catcher,
  signal: Extract<Trigger, { kind: 'signal' }>,
): Result<EngineEvent, Failure> {
  const name = extractText(signal.name, context);
  if (!name.ok) return name;
  return ok({
    type: 'signal-subscribed',
    subscriptionKey: nextKey(),
    elementInstanceKey: ownerKey,
    elementId: element.id,
    signalName: name.value,
  });
}

/** A condition that cannot be evaluated now holds up the activation; whether it is true is looked at afterwards. */
function armCondition(
  { element, ownerKey, context, nextKey }: Catcher,
  expression: string,
  triggerIndex: number,
): Result<EngineEvent, Failure> {
  const isTrue = extractBoolean(expression, context, { isNullFalse: true });
  if (!isTrue.ok) return isTrue;
  return ok({
    type: 'condition-armed',
    conditionKey: nextKey(),
    elementInstanceKey: ownerKey,
    elementId: element.id,
    triggerIndex,
  });
}

function scheduleTimer(
  { element, ownerKey, context, nextKey }: Catcher,
  timer: TimerDefinition,
): Result<EngineEvent | null, Failure> {
  const schedule = scheduleOf(timer, context);
  if (!schedule.ok) return err({ ...schedule.error, message: `Timer '${element.id}': ${schedule.error.message}` });
  if (schedule.value.repetitionsLeft === 0) return ok(null);
  const event = { type: 'timer-scheduled', elementInstanceKey: ownerKey, elementId: element.id } as const;
  return ok({ ...event, timerKey: nextKey(), ...schedule.value });
}
