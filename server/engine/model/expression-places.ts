// Every FEEL text of a compiled process with the element that holds it and what it is for there. One list, so that the
// checks, the editor and whoever asks who reads a variable cannot overlook a place that another one knows.

import type { ExecutableProcess, FlowElement, Trigger, ValueSource } from '../types.ts';

export type ExpressionUse =
  | 'condition'
  | 'input'
  | 'output'
  | 'script'
  | 'job'
  | 'assignment'
  | 'dates'
  | 'priority'
  | 'call'
  | 'decision'
  | 'collection'
  | 'outputElement'
  | 'completionCondition'
  | 'loopCondition'
  | 'activeElements'
  | 'timer'
  | 'message'
  | 'correlationKey'
  | 'signal'
  | 'code'
  | 'listener'
  | 'lateHandling';

export interface ExpressionPlace {
  /** Of the element or the sequence flow; the id of the process for its own listeners. */
  readonly elementId: string;
  readonly use: ExpressionUse;
  readonly expression: string;
  /** Of a mapping: the path it writes. */
  readonly target?: string;
}

type Place = Omit<ExpressionPlace, 'elementId' | 'expression'> & { readonly expression: string | null | undefined };
type Source = ValueSource | null | undefined;

const textOf = (source: Source): string | null => (source?.kind === 'feel' ? source.expression : null);

const places = (use: ExpressionUse, ...sources: readonly Source[]): readonly Place[] =>
  sources.map((source) => ({ use, expression: textOf(source) }));

export function findExpressionPlaces(process: ExecutableProcess): readonly ExpressionPlace[] {
  const flows = Object.values(process.flows).flatMap((flow) =>
    present(flow.id, [{ use: 'condition', expression: flow.condition }]),
  );
  const elements = Object.values(process.elements).flatMap((element) => expressionsOf(element));
  return [...flows, ...elements, ...present(process.processId, placesOfListeners(process.listeners))];
}

/** An empty text is the finding of the check that knows what belongs there. */
const present = (elementId: string, found: readonly Place[]): readonly ExpressionPlace[] =>
  found.flatMap(({ expression, ...place }) =>
    expression === null || expression === undefined || expression === '' ? [] : [{ elementId, expression, ...place }],
  );

export function expressionsOf(element: FlowElement): readonly ExpressionPlace[] {
  const { multiInstance, call, decision, adHoc } = element;
  return present(element.id, [
    { use: 'collection', expression: multiInstance?.inputCollection },
    ...element.inputs.map((mapping): Place => {
      return { use: 'input', expression: textOf(mapping.source), target: mapping.target };
    }),
    ...element.triggers.flatMap(placesOfTrigger),
    ...placesOfWork(element),
    ...places('call', call?.processId),
    ...places('decision', decision?.decisionId),
    { use: 'script', expression: element.script?.expression },
    { use: 'activeElements', expression: adHoc?.activeElements },
    { use: 'completionCondition', expression: adHoc?.completionCondition },
    { use: 'loopCondition', expression: element.standardLoop?.condition },
    { use: 'condition', expression: element.activationCondition },
    ...element.outputs.map((mapping): Place => {
      return { use: 'output', expression: textOf(mapping.source), target: mapping.target };
    }),
    { use: 'outputElement', expression: multiInstance?.outputElement },
    { use: 'completionCondition', expression: multiInstance?.completionCondition },
    ...placesOfListeners(element),
    ...places('listener', ...element.taskListeners.flatMap((listener) => [listener.type, listener.retries])),
  ]);
}

function placesOfWork({ job, userTask, jobAssignment, lateHandling }: FlowElement): readonly Place[] {
  const tasks = [userTask, jobAssignment].flatMap((task) => task ?? []);
  return [
    ...places('job', job?.type, job?.retries, job?.priority),
    ...tasks.flatMap((task) => [
      ...places('assignment', task.assignee, task.candidateGroups, task.candidateUsers),
      ...places('dates', task.dueDate, task.dueIn?.duration, task.followUpDate),
      ...places('priority', task.priority),
    ]),
    ...lateHandling.flatMap((rule) => places('lateHandling', rule.after, rule.to)),
  ];
}

const placesOfListeners = (of: ExecutableProcess['listeners']): readonly Place[] =>
  [...(of?.startListeners ?? []), ...(of?.endListeners ?? [])].flatMap((listener) =>
    places('listener', listener.type, listener.retries),
  );

function placesOfTrigger(trigger: Trigger): readonly Place[] {
  switch (trigger.kind) {
    case 'timer':
      return places('timer', trigger.timer.value);
    case 'message':
      return [...places('message', trigger.name), { use: 'correlationKey', expression: trigger.correlationKey }];
    case 'signal':
      return places('signal', trigger.name);
    case 'error':
    case 'escalation':
      return places('code', trigger.code);
    case 'condition':
      return [{ use: 'condition', expression: trigger.expression }];
    default:
      return [];
  }
}
