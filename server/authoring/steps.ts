// What a step means beyond its shape: who does it, with which screen, until when, which work the system does. One home for
// the extension elements, so that rules, words and comparisons never read them differently.

import { attribute, body, child, children, extension, type ModdleElement } from './moddle-element.ts';
import type { FlowNode } from './read-flow.ts';

export interface Duration {
  readonly value: string;
  readonly calendar: string | null;
}

export interface LateStep {
  readonly after: string | null;
  readonly from: string | null;
  readonly action: string | null;
  readonly to: string | null;
}

export const isUserTask = (node: FlowNode): boolean => node.type === 'bpmn:UserTask';
export const isBoundary = (node: FlowNode): boolean => node.type === 'bpmn:BoundaryEvent';
export const isEnd = (node: FlowNode): boolean => node.type === 'bpmn:EndEvent';

export function assignmentOf({ element }: FlowNode): string | null {
  const assignment = extension(element, 'zeebe:AssignmentDefinition');
  if (assignment === null) return null;
  return (
    ['assignee', 'candidateUsers', 'candidateGroups']
      .map((name) => attribute(assignment, name))
      .find((value) => value !== null) ?? null
  );
}

/** The screen without `tram:`; null for a generic task. */
export function formRefOf({ element }: FlowNode): string | null {
  const form = extension(element, 'zeebe:FormDefinition');
  const reference = form === null ? null : (attribute(form, 'externalReference') ?? attribute(form, 'formKey'));
  return reference?.startsWith('tram:') === true ? reference.slice('tram:'.length) : reference;
}

export function formIdOf({ element }: FlowNode): string | null {
  const form = extension(element, 'zeebe:FormDefinition');
  return form === null ? null : attribute(form, 'formId');
}

export function jobTypeOf({ element }: FlowNode): string | null {
  const task = extension(element, 'zeebe:TaskDefinition');
  return task === null ? null : attribute(task, 'type');
}

export function calledProcessOf({ element }: FlowNode): string | null {
  const called = extension(element, 'zeebe:CalledElement');
  return called === null ? null : attribute(called, 'processId');
}

export function decisionOf({ element }: FlowNode): string | null {
  const called = extension(element, 'zeebe:CalledDecision');
  return called === null ? null : attribute(called, 'decisionId');
}

export function dueInOf({ element }: FlowNode): Duration | null {
  const due = extension(element, 'tram:DueIn');
  const value = due === null ? null : attribute(due, 'duration');
  return due === null || value === null ? null : { value, calendar: attribute(due, 'calendar') };
}

export function dueDateOf({ element }: FlowNode): string | null {
  const schedule = extension(element, 'zeebe:TaskSchedule');
  return schedule === null ? null : attribute(schedule, 'dueDate');
}

export function lateStepsOf({ element }: FlowNode): readonly LateStep[] {
  const holder = extension(element, 'tram:LateHandling');
  return holder === null
    ? []
    : children(holder, 'rules').map((rule) => ({
        after: attribute(rule, 'after'),
        from: attribute(rule, 'from'),
        action: attribute(rule, 'action'),
        to: attribute(rule, 'to'),
      }));
}

export const eventDefinitionsOf = ({ element }: FlowNode): readonly ModdleElement[] =>
  children(element, 'eventDefinitions');

export const hasEvent = (node: FlowNode, kind: string): boolean =>
  eventDefinitionsOf(node).some((definition) => definition.$type === `bpmn:${kind}EventDefinition`);

export interface TimerText {
  readonly kind: 'duration' | 'date' | 'cycle';
  readonly value: string;
  readonly calendar: string | null;
}

export function timerOf(node: FlowNode): TimerText | null {
  const definition = eventDefinitionsOf(node).find((each) => each.$type === 'bpmn:TimerEventDefinition');
  if (definition === undefined) return null;
  const calendar = attribute(definition, 'tram:calendar') ?? attribute(definition, 'calendar');
  for (const [kind, name] of [
    ['duration', 'timeDuration'],
    ['date', 'timeDate'],
    ['cycle', 'timeCycle'],
  ] as const) {
    const value = body(definition, name);
    if (value !== null) return { kind, value, calendar };
  }
  return null;
}

/** Name of the message that a receive task or message event waits for or throws. */
export function messageOf(node: FlowNode): string | null {
  const direct = child(node.element, 'messageRef');
  const message =
    direct ??
    eventDefinitionsOf(node)
      .map((each) => child(each, 'messageRef'))
      .find((each) => each !== null);
  return message === null || message === undefined ? null : attribute(message, 'name');
}

export interface Repetition {
  readonly isSequential: boolean;
  readonly collection: string | null;
  readonly completionCondition: string | null;
}

export function repetitionOf({ element }: FlowNode): Repetition | null {
  const loop = child(element, 'loopCharacteristics');
  if (loop === null || loop.$type !== 'bpmn:MultiInstanceLoopCharacteristics') return null;
  const zeebe = extension(loop, 'zeebe:LoopCharacteristics');
  return {
    isSequential: loop.get('isSequential') === true,
    collection: zeebe === null ? null : attribute(zeebe, 'inputCollection'),
    completionCondition: body(loop, 'completionCondition'),
  };
}

/** A boundary event, or the start of an event subprocess, that ends what it interrupts. */
export const isInterrupting = ({ element, type }: FlowNode): boolean =>
  element.get(type === 'bpmn:BoundaryEvent' ? 'cancelActivity' : 'isInterrupting') !== false;
