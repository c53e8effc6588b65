// Listeners: jobs that are done one after another. Execution listeners are asked at the start of an element, after its
// input mappings, and at its end, after its output mappings; the element waits in its phase until the last one is done.

import type { Result } from '../../shared/result.ts';
import { ok } from '../../shared/result.ts';
import { listenerJob } from '../elements/tasks/listener-job.ts';
import type { Failure } from '../expressions/extract.ts';
import type { EvaluationContext } from '../expressions/scope.ts';
import { getElement } from '../state/draft.ts';
import { contextAt, elementOf, emit } from '../step.ts';
import type { Step } from '../step.ts';
import type { ElementInstance, ExecutionListener, FlowElement, ListenerMoment, Variables, Wait } from '../types.ts';
import { raiseIncident } from './raise-incident.ts';
import { propagateVariables, setVariables } from './variable-mapping.ts';

type ListenerWait = Extract<Wait, { kind: 'listener' }>;

export function listenersAt(element: FlowElement, on: ListenerMoment): readonly ExecutionListener[] {
  if (on === 'start') return element.startListeners;
  if (on === 'end') return element.endListeners;
  return element.taskListeners.filter((listener) => listener.on === on);
}

export const hasToAsk = (element: FlowElement, instance: ElementInstance, on: 'start' | 'end'): boolean =>
  instance.listenersDone !== on && listenersAt(element, on).length > 0;

export interface Asking {
  readonly on: ListenerMoment;
  readonly context: EvaluationContext;
  /** Written before the first job, once nothing can fail any more. */
  readonly before: () => void;
}

/** Offers the first listener's job. */
export const askListeners = (step: Step, instance: ElementInstance, asking: Asking): Result<void, Failure> =>
  offer(step, instance, { ...asking, index: 0 });

function offer(
  step: Step,
  instance: ElementInstance,
  { on, index, context, before }: Asking & { readonly index: number },
): Result<void, Failure> {
  const element = elementOf(step.process, instance.elementId);
  const listener = listenersAt(element, on)[index];
  if (listener === undefined) return ok(undefined);
  const asked = { listener, on, index, key: instance.key, elementId: element.id };
  const job = listenerJob(asked, context, step.nextKey);
  if (!job.ok) return job;
  before();
  emit(step, job.value);
  return ok(undefined);
}

/** Offers the job of the next listener; true when there is none left. */
export function askNext(step: Step, owner: ElementInstance, { on, index }: ListenerWait): boolean {
  const { key } = owner;
  if (index + 1 >= listenersAt(elementOf(step.process, owner.elementId), on).length) return true;
  const asking = { on, index: index + 1, context: contextAt(step, key), before: () => undefined };
  const next = offer(step, getElement(step.draft, key), asking);
  if (!next.ok) raiseIncident(step, getElement(step.draft, key), next.error);
  return false;
}

/** What a start listener brings is local; what an end listener brings leaves like the element's result. */
export function completeListener(step: Step, owner: ElementInstance, wait: ListenerWait, variables: Variables): void {
  const { key } = owner;
  const on = wait.on === 'start' ? 'start' : 'end';
  if (on === 'start') setVariables(step, key, variables);
  else propagateVariables(step, key, variables);
  if (!askNext(step, owner, wait)) return;
  emit(step, { type: 'listeners-done', key, on });
  step.agenda.push({ kind: on === 'start' ? 'activate' : 'complete', key });
}
