// Rule listeners: a listener has a type and a moment at which this engine asks it. Events that have come before they
// begin (boundary events, triggered start events) have no start listener.

import { EXECUTION_MOMENTS, listenersOf, taskMomentOf } from '../model/read-listeners.ts';
import { readText } from '../model/source.ts';
import type { SourceElement } from '../model/source.ts';
import type { FlowElement } from '../types.ts';
import { checkProcesses, checkSources } from './check.ts';
import type { Check } from './check.ts';

const ofElements = checkSources('listeners', (element, source) => {
  const faults = listenersOf(source, 'Execution').flatMap(faultsOf);
  const isTriggered =
    element.kind === 'boundaryEvent' || (element.kind === 'startEvent' && element.triggers.length > 0);
  if (isTriggered && element.startListeners.length > 0)
    faults.push('has a start listener, but has come before it begins');
  faults.push(...listenersOf(source, 'Task').flatMap((listener) => taskListenerFaults(element, listener)));
  return faults;
});

const ofProcess = checkProcesses('listeners', ({ process, source }) =>
  listenersOf(source, 'Execution')
    .flatMap(faultsOf)
    .map((fault) => ({ elementId: process.processId, message: `Process '${process.processId}' ${fault}.` })),
);

/** A termination does not wait for anybody, so canceling listeners could not be asked before it. */
const TASK_MOMENTS = new Set(['creating', 'assigning', 'updating', 'completing']);

function taskListenerFaults(element: FlowElement, listener: SourceElement): readonly string[] {
  const moment = taskMomentOf(listener);
  const faults: string[] = [];
  if (element.userTask === null) faults.push('has task listeners, but is no user task with zeebe:userTask');
  if (moment === null || !TASK_MOMENTS.has(moment)) {
    faults.push(`has a task listener for '${readText(listener, 'eventType') ?? ''}', which is not supported`);
  }
  if (readText(listener, 'type') === null) faults.push('has a task listener without a type');
  return faults;
}

function faultsOf(listener: SourceElement): string[] {
  const moment = readText(listener, 'eventType') ?? '';
  const isKnown = EXECUTION_MOMENTS.some((known) => known === moment);
  const faults = isKnown ? [] : [`has an execution listener for '${moment}', which is not supported`];
  if (readText(listener, 'type') === null) faults.push('has an execution listener without a type');
  return faults;
}

export const listeners: Check = (models) => [...ofElements(models), ...ofProcess(models)];
