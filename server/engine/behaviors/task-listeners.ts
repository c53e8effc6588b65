// Task listeners: asked when a user task is created, before anybody sees it, and when somebody assigns, updates or
// completes it, before that counts. They may correct the task; all but creating ones may deny, and then the task is as
// before.

import type { Key } from '../../shared/ids.ts';
import { getElement } from '../state/draft.ts';
import { contextAt, elementOf, emit } from '../step.ts';
import type { Step } from '../step.ts';
import type { ElementInstance, PendingChange, TaskCorrections, TaskListenerResult, Variables, Wait } from '../types.ts';
import { beginCompletion } from './begin-completion.ts';
import { askListeners, askNext, hasTaskListeners } from './listeners.ts';
import { raiseIncident } from './raise-incident.ts';
import { setVariables } from './variable-mapping.ts';

type ListenerWait = Extract<Wait, { kind: 'listener' }>;

/** Somebody completes the task. Without listeners that is all; else the result waits for their consent. */
export function completeUserTask(step: Step, owner: ElementInstance, taskKey: Key, variables: Variables): void {
  if (!hasTaskListeners(elementOf(step.process, owner.elementId), 'completing')) {
    emit(step, { type: 'task-completed', taskKey });
    beginCompletion(step, owner.key, variables);
    return;
  }
  emit(step, { type: 'task-completing', taskKey, elementInstanceKey: owner.key, variables });
  const context = contextAt(step, owner.key);
  const asked = askListeners(step, owner, { on: 'completing', context, before: () => undefined });
  if (asked.ok) return;
  emit(step, { type: 'task-completion-denied', taskKey, elementInstanceKey: owner.key, reason: asked.error.message });
  if (owner.incidentKey === null) raiseIncident(step, getElement(step.draft, owner.key), asked.error);
}

/** Somebody assigns or updates it. */
export function changeUserTask(step: Step, owner: ElementInstance, taskKey: Key, change: PendingChange): void {
  if (!hasTaskListeners(elementOf(step.process, owner.elementId), change.on)) {
    emit(step, { type: 'task-corrected', taskKey, corrections: change.changes, ...actionOf(change) });
    return;
  }
  emit(step, { type: 'task-changing', taskKey, elementInstanceKey: owner.key, ...change });
  askAboutChange(step, getElement(step.draft, owner.key), taskKey, change.on);
}

function askAboutChange(step: Step, owner: ElementInstance, taskKey: Key, on: PendingChange['on']): void {
  const asked = askListeners(step, owner, { on, context: contextAt(step, owner.key), before: () => undefined });
  if (asked.ok) return;
  const reason = asked.error.message;
  emit(step, { type: 'task-change-denied', taskKey, elementInstanceKey: owner.key, reason });
  if (owner.incidentKey === null) raiseIncident(step, getElement(step.draft, owner.key), asked.error);
}

export interface ListenerAnswer {
  readonly variables: Variables;
  readonly result: TaskListenerResult;
}

export function completeTaskListener(
  step: Step,
  owner: ElementInstance,
  wait: ListenerWait,
  { variables, result }: ListenerAnswer,
): void {
  const taskKey = taskKeyOf(owner);
  if (taskKey === null) return;
  setVariables(step, owner.key, variables);
  if (result.isDenied === true) {
    deny(step, owner, wait, { taskKey, reason: result.reason ?? '' });
    return;
  }
  correct(step, owner, taskKey, result.corrections ?? {});
  if (!askNext(step, owner, wait)) return;
  const { key: elementInstanceKey, pendingChange, pendingResult } = getElement(step.draft, owner.key);
  if (wait.on === 'creating') {
    emit(step, { type: 'task-opened', taskKey });
    if (pendingChange !== undefined) askAboutChange(step, getElement(step.draft, owner.key), taskKey, 'assigning');
  } else if (pendingChange !== undefined) {
    const corrections = pendingChange.changes;
    emit(step, { type: 'task-corrected', taskKey, corrections, ...actionOf(pendingChange) });
    emit(step, { type: 'task-changed', taskKey, elementInstanceKey });
  } else {
    emit(step, { type: 'task-completed', taskKey });
    beginCompletion(step, elementInstanceKey, pendingResult ?? {});
  }
}

/** What is pending takes the correction with it; else the task itself is corrected at once. */
function correct(step: Step, owner: ElementInstance, taskKey: Key, corrections: TaskCorrections): void {
  if (Object.keys(corrections).length === 0) return;
  const { pendingChange, key: elementInstanceKey } = owner;
  if (pendingChange === undefined) {
    emit(step, { type: 'task-corrected', taskKey, corrections });
    return;
  }
  const changes = { ...pendingChange.changes, ...corrections };
  emit(step, { type: 'task-changing', taskKey, elementInstanceKey, ...pendingChange, changes });
}

function deny(
  step: Step,
  owner: ElementInstance,
  { on }: ListenerWait,
  { taskKey, reason }: { readonly taskKey: Key; readonly reason: string },
): void {
  const type = on === 'completing' ? 'task-completion-denied' : 'task-change-denied';
  emit(step, { type, taskKey, elementInstanceKey: owner.key, reason });
}

const taskKeyOf = (owner: ElementInstance): Key | null =>
  owner.waits.flatMap((wait) => (wait.kind === 'task' ? [wait.taskKey] : []))[0] ?? null;

const actionOf = ({ action }: PendingChange): { readonly action?: string } => (action === '' ? {} : { action });
