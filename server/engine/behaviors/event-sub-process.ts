// An event subprocess begins: an interrupting one ends everything else in its scope and disarms the other event
// subprocesses there, a non-interrupting one runs beside. Its start event has come already.

import type { Key } from '../../shared/ids.ts';
import { childrenOf } from '../state/draft.ts';
import { elementOf } from '../step.ts';
import type { Step } from '../step.ts';
import type { FlowElement, Variables } from '../types.ts';
import { closeEventSubProcesses } from './close-waits.ts';
import { enterElement } from './enter-element.ts';
import { discardTokens, terminateChildren } from './terminate-element.ts';

export function startEventSubProcess(step: Step, scopeKey: Key, start: FlowElement, variables: Variables): void {
  if (start.isInterrupting) {
    closeEventSubProcesses(step, scopeKey);
    terminateChildren(step, scopeKey);
    discardTokens(step, scopeKey);
  }
  const eventSubProcess = elementOf(step.process, start.parentId ?? '');
  enterElement(step, eventSubProcess, scopeKey, { trigger: { startEventId: start.id, variables } });
}

/** Only one interrupting event subprocess runs in a scope: what it throws is for the scopes around. */
export const isInterrupted = (step: Step, scopeKey: Key): boolean =>
  childrenOf(step.draft, scopeKey).some((child) => {
    const start = startOfEventSubProcess(step, elementOf(step.process, child.elementId));
    return start !== null && start.isInterrupting && !isCompensationStart(start);
  });

export function startOfEventSubProcess(step: Step, element: FlowElement): FlowElement | null {
  if (element.container?.kind !== 'event') return null;
  const { startEventId } = element.container;
  return startEventId === null ? null : elementOf(step.process, startEventId);
}

export const isCompensationStart = (start: FlowElement): boolean =>
  start.triggers.some((trigger) => trigger.kind === 'compensation');
