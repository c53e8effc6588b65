// Task listeners: asked when a user task is created, before anybody sees it, and when somebody completes it, before it
// counts. They may correct the task; a completing listener may deny the completion, and the task is open again.

import type { Key } from '../../shared/ids.ts';
import { getElement } from '../state/draft.ts';
import { contextAt, elementOf, emit } from '../step.ts';
import type { Step } from '../step.ts';
import type { ElementInstance, TaskListenerResult, Variables, Wait } from '../types.ts';
import { beginCompletion } from './begin-completion.ts';
import { askListeners, askNext, listenersAt } from './listeners.ts';
import { raiseIncident } from './raise-incident.ts';
import { setVariables } from './variable-mapping.ts';

type ListenerWait = Extract<Wait, { kind: 'listener' }>;

/** Somebody completes the task. Without listeners that is all; else the result waits for their consent. */
export function completeUserTask(step: Step, owner: ElementInstance, taskKey: Key, variables: Variables): void {
  if (listenersAt(elementOf(step.process, owner.elementId), 'completing').length === 0) {
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

export function completeTaskListener(
  step: Step,
  owner: ElementInstance,
  wait: ListenerWait,
  { variables, result }: { readonly variables: Variables; readonly result: TaskListenerResult },
): void {
  const { key } = owner;
  const taskKey = taskKeyOf(owner);
  if (taskKey === null) return;
  setVariables(step, key, variables);
  if (result.corrections !== undefined)
    emit(step, { type: 'task-corrected', taskKey, corrections: result.corrections });
  if (result.isDenied === true) {
    const reason = result.reason ?? '';
    emit(step, { type: 'task-completion-denied', taskKey, elementInstanceKey: key, reason });
    return;
  }
  if (!askNext(step, owner, wait)) return;
  if (wait.on === 'creating') {
    emit(step, { type: 'task-opened', taskKey });
    return;
  }
  emit(step, { type: 'task-completed', taskKey });
  beginCompletion(step, key, owner.pendingResult ?? {});
}

const taskKeyOf = (owner: ElementInstance): Key | null =>
  owner.waits.flatMap((wait) => (wait.kind === 'task' ? [wait.taskKey] : []))[0] ?? null;
