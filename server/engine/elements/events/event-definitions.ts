// Reading of event definitions: which types there are, and what each of them says. An event may also refer to a
// definition that stands at the root of the file (`eventDefinitionRef`).

import { feelOf, findExtension, idOf, readChild, readChildren, readExpression, readFeel } from '../../model/source.ts';
import { readText, readValueSource, valueSourceOf } from '../../model/source.ts';
import type { SourceElement } from '../../model/source.ts';
import type { TimerDefinition, Trigger, VariableChange } from '../../types.ts';

export const TIMER = 'bpmn:TimerEventDefinition';
export const MESSAGE = 'bpmn:MessageEventDefinition';
export const SIGNAL = 'bpmn:SignalEventDefinition';
export const ERROR = 'bpmn:ErrorEventDefinition';
export const ESCALATION = 'bpmn:EscalationEventDefinition';
export const CONDITION = 'bpmn:ConditionalEventDefinition';
export const COMPENSATION = 'bpmn:CompensateEventDefinition';
export const LINK = 'bpmn:LinkEventDefinition';
export const TERMINATE = 'bpmn:TerminateEventDefinition';
export const CANCEL = 'bpmn:CancelEventDefinition';

/** Which child of the timer definition says what. */
export const TIMER_FORMS: readonly (readonly [child: string, kind: TimerDefinition['kind']])[] = [
  ['timeDuration', 'duration'],
  ['timeDate', 'date'],
  ['timeCycle', 'cycle'],
];

export const eventDefinitionsOf = (source: SourceElement): readonly SourceElement[] => [
  ...readChildren(source, 'eventDefinitions'),
  ...readChildren(source, 'eventDefinitionRef'),
];

/** What cannot be read is left out; a deploy-time check compares the numbers. */
export const readTriggers = (source: SourceElement): readonly Trigger[] =>
  eventDefinitionsOf(source).flatMap((definition) => readTrigger(definition) ?? []);

const NAMELESS: Trigger = { kind: 'message', name: { kind: 'static', text: '' }, correlationKey: null };

/** A thrown message is whatever its worker sends: it needs no name in the model. */
export const readThrownTriggers = (source: SourceElement): readonly Trigger[] =>
  eventDefinitionsOf(source).flatMap(
    (definition) => readTrigger(definition) ?? (definition.$type === MESSAGE ? NAMELESS : []),
  );

function readTrigger(definition: SourceElement): Trigger | null {
  switch (definition.$type) {
    case TIMER:
      return readTimer(definition);
    case MESSAGE:
      return readMessage(definition);
    case SIGNAL: {
      const name = namedBy(definition, 'signalRef', 'name');
      return name === null ? null : { kind: 'signal', name };
    }
    case ERROR:
      return { kind: 'error', code: namedBy(definition, 'errorRef', 'errorCode') };
    case ESCALATION:
      return { kind: 'escalation', code: namedBy(definition, 'escalationRef', 'escalationCode') };
    case CONDITION:
      return readCondition(definition);
    case COMPENSATION: {
      const activity = readChild(definition, 'activityRef');
      return { kind: 'compensation', activityId: activity === null ? null : idOf(activity) };
    }
    case LINK: {
      const name = readText(definition, 'name');
      return name === null ? null : { kind: 'link', name };
    }
    case TERMINATE:
      return { kind: 'terminate' };
    case CANCEL:
      return { kind: 'cancel' };
    default:
      return null;
  }
}

function namedBy(definition: SourceElement, reference: string, attribute: string): ReturnType<typeof readValueSource> {
  const target = readChild(definition, reference);
  return target === null ? null : readValueSource(target, attribute);
}

function readTimer(definition: SourceElement): Trigger | null {
  for (const [child, kind] of TIMER_FORMS) {
    const text = readExpression(definition, child);
    const calendar = readText(definition, 'tram:calendar');
    if (text !== null) return { kind: 'timer', timer: { kind, value: valueSourceOf(text), calendar } };
  }
  return null;
}

/** `messageRef` of a receive task or of a message event definition. */
export function readMessage(source: SourceElement): Extract<Trigger, { kind: 'message' }> | null {
  const message = readChild(source, 'messageRef');
  const name = message === null ? null : readValueSource(message, 'name');
  if (message === null || name === null) return null;
  const subscription = findExtension(message, 'zeebe:Subscription');
  const correlationKey = subscription === null ? null : readFeel(subscription, 'correlationKey');
  return { kind: 'message', name, correlationKey };
}

const WORD = /[\p{L}_][\p{L}\p{N}_]*/gu;
const isChange = (text: string): text is VariableChange => text === 'create' || text === 'update';

function readCondition(definition: SourceElement): Trigger | null {
  const text = readExpression(definition, 'condition');
  if (text === null) return null;
  const expression = feelOf(text);
  const filter = findExtension(definition, 'zeebe:ConditionalFilter');
  const events = filter === null ? '' : (readText(filter, 'variableEvents') ?? '');
  const names = [...new Set(expression.match(WORD) ?? [])];
  const changes = events
    .split(',')
    .map((change) => change.trim())
    .filter(isChange);
  return { kind: 'condition', expression, names, changes };
}
