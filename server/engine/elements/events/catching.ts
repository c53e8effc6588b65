// What catch events, receive tasks and boundary events share: reading timer and message definitions, and turning
// them into a scheduled timer or an open subscription of an element instance.

import type { Key } from '../../../shared/ids.ts';
import type { Result } from '../../../shared/result.ts';
import { err, ok } from '../../../shared/result.ts';
import type { Instant } from '../../../shared/time.ts';
import { extractKeyText, extractText } from '../../expressions/extract.ts';
import type { Failure } from '../../expressions/extract.ts';
import type { EvaluationContext } from '../../expressions/scope.ts';
import { isPositive, parseCycle, parseDateTime, parseDuration, plusDuration } from '../../expressions/temporal.ts';
import {
  findExtension,
  readChild,
  readChildren,
  readExpression,
  readFeel,
  readValueSource,
  valueSourceOf,
} from '../../model/source.ts';
import type { SourceElement } from '../../model/source.ts';
import type { EngineEvent, FlowElement, TimerDefinition } from '../../types.ts';
import type { ElementFacet } from '../element-definition.ts';

export const TIMER = 'bpmn:TimerEventDefinition';
export const MESSAGE = 'bpmn:MessageEventDefinition';

/** Which child of the timer definition says what. */
export const TIMER_FORMS: readonly (readonly [child: string, kind: TimerDefinition['kind']])[] = [
  ['timeDuration', 'duration'],
  ['timeDate', 'date'],
  ['timeCycle', 'cycle'],
];

export const eventDefinitionsOf = (source: SourceElement): readonly SourceElement[] =>
  readChildren(source, 'eventDefinitions');

/** Timer or message of an event; both null when it has neither (a deploy-time check refuses that). */
export function readCatch(source: SourceElement): ElementFacet {
  const definition = eventDefinitionsOf(source)[0];
  if (definition?.$type === TIMER) return { timer: readTimer(definition) };
  if (definition?.$type === MESSAGE) return { message: readMessage(definition) };
  return {};
}

function readTimer(definition: SourceElement): TimerDefinition | null {
  for (const [child, kind] of TIMER_FORMS) {
    const text = readExpression(definition, child);
    if (text !== null) return { kind, value: valueSourceOf(text) };
  }
  return null;
}

/** `messageRef` of a receive task or of a message event definition. */
export function readMessage(source: SourceElement): FlowElement['message'] {
  const message = readChild(source, 'messageRef');
  if (message === null) return null;
  const subscription = findExtension(message, 'zeebe:Subscription');
  const name = readValueSource(message, 'name');
  const correlationKey = subscription === null ? null : readFeel(subscription, 'correlationKey');
  return name === null || correlationKey === null ? null : { name, correlationKey };
}

/** The element instance that will wait: the catch event itself, or the activity that a boundary event sits on. */
export interface Catcher {
  readonly element: FlowElement;
  readonly ownerKey: Key;
  readonly context: EvaluationContext;
  readonly nextKey: () => Key;
}

/** null when there is nothing to wait for: a cycle with no repetition. */
export function openCatch(catcher: Catcher): Result<EngineEvent | null, Failure> {
  const { timer, message } = catcher.element;
  if (timer !== null) return scheduleTimer(catcher, timer);
  if (message !== null) return subscribe(catcher, message);
  return ok(null);
}

function subscribe(
  { element, ownerKey, context, nextKey }: Catcher,
  message: NonNullable<FlowElement['message']>,
): Result<EngineEvent, Failure> {
  const name = extractText(message.name, context);
  if (!name.ok) return name;
  const correlationKey = extractKeyText(message.correlationKey, context);
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

interface Schedule {
  readonly dueAt: Instant;
  readonly repetitionsLeft: number | null;
  readonly period: string | null;
}

function scheduleTimer(
  { element, ownerKey, context, nextKey }: Catcher,
  timer: TimerDefinition,
): Result<EngineEvent | null, Failure> {
  const text = extractText(timer.value, context);
  if (!text.ok) return text;
  const schedule = readSchedule(timer.kind, text.value, context.now);
  if (schedule === null) {
    const message = `Expected the ${timer.kind} of timer '${element.id}' to be ISO 8601, but it is '${text.value}'.`;
    return err({ errorType: 'EXTRACT_VALUE_ERROR', message });
  }
  if (schedule.repetitionsLeft === 0) return ok(null);
  return ok({
    type: 'timer-scheduled',
    timerKey: nextKey(),
    elementInstanceKey: ownerKey,
    elementId: element.id,
    ...schedule,
  });
}

/** A duration of zero or less, and a date in the past, are due at once: the timer is scheduled as due already. */
function readSchedule(kind: TimerDefinition['kind'], text: string, now: Instant): Schedule | null {
  if (kind === 'cycle') return readCycle(text, now);
  if (kind === 'date') return once(parseDateTime(text));
  const duration = parseDuration(text);
  if (duration === null) return null;
  return once(isPositive(duration) ? plusDuration(now, duration) : now);
}

const once = (dueAt: Instant | null): Schedule | null =>
  dueAt === null ? null : { dueAt, repetitionsLeft: null, period: null };

function readCycle(text: string, now: Instant): Schedule | null {
  const cycle = parseCycle(text);
  if (cycle === null) return null;
  const duration = parseDuration(cycle.period);
  const dueAt = cycle.startAt ?? (duration === null ? null : plusDuration(now, duration));
  return dueAt === null ? null : { dueAt, repetitionsLeft: cycle.repetitions, period: cycle.period };
}
