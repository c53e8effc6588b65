// Rule single-start-event: a process can be started (by at most one none start event, or by events), a subprocess
// begins at exactly one none start event, an event subprocess at exactly one triggered one, an ad-hoc subprocess at none.

import type { CompiledModel } from '../model/compile.ts';
import type { FlowElement } from '../types.ts';
import { checkProcesses, elementsOf, nameOf } from './check.ts';
import type { Finding } from './check.ts';

export const singleStartEvent = checkProcesses('single-start-event', (model) => [
  ...processFaults(model),
  ...elementsOf(model).flatMap((element) => containerFaults(model, element)),
]);

const startsIn = (model: CompiledModel, parentId: string | null): readonly FlowElement[] =>
  elementsOf(model).filter((element) => element.kind === 'startEvent' && element.parentId === parentId);

const isNone = (start: FlowElement): boolean => start.triggers.length === 0;

function processFaults(model: CompiledModel): readonly Finding[] {
  const { processId, starts } = model.process;
  const inProcess = startsIn(model, null);
  if (inProcess.length === 0 && starts.length === 0) {
    return [{ elementId: processId, message: `Process '${processId}' has no start event.` }];
  }
  const tooMany = inProcess.filter(isNone).slice(1);
  const parallel = inProcess.filter((start) => start.isParallelMultiple);
  return [
    ...tooMany.map(({ id }) => ({
      elementId: id,
      message: `Process '${processId}' has more than one none start event: '${id}' is too many.`,
    })),
    ...parallel.map((start) => ({
      elementId: start.id,
      message: `${nameOf(start)} starts the process by several events together, which is not supported.`,
    })),
    ...inProcess.flatMap((start) => foreignTriggers(start, CAN_START, 'cannot start a process')),
  ];
}

const CAN_START = new Set(['message', 'timer', 'signal', 'condition']);
const IS_THROWN_INSIDE = new Set(['error', 'escalation', 'compensation']);

const foreignTriggers = (start: FlowElement, known: ReadonlySet<string>, fault: string): readonly Finding[] =>
  start.triggers
    .filter((trigger) => !known.has(trigger.kind))
    .map((trigger) => ({ elementId: start.id, message: `${nameOf(start)} (${trigger.kind}) ${fault}.` }));

function containerFaults(model: CompiledModel, element: FlowElement): readonly Finding[] {
  const { container } = element;
  if (container === null) return [];
  const starts = startsIn(model, element.id);
  const fault = (message: string): readonly Finding[] => [
    { elementId: element.id, message: `${nameOf(element)} ${message}.` },
  ];
  if (container.kind === 'adHoc') return starts.length === 0 ? [] : fault('is ad-hoc and has no start events');
  if (container.kind !== 'event') {
    const isRight = starts.length === 1 && starts.every(isNone);
    return isRight ? [] : fault('needs exactly one start event, and one without a trigger');
  }
  const [start] = starts;
  if (start === undefined || starts.length > 1 || isNone(start)) {
    return fault('is an event subprocess and needs exactly one start event, and one with a trigger');
  }
  const isMixed = start.triggers.length > 1 && start.triggers.some((trigger) => IS_THROWN_INSIDE.has(trigger.kind));
  return isMixed ? fault('is started by an error, escalation or compensation together with something else') : [];
}
