// Listeners: jobs that are done one after another. Execution listeners are asked at the start of an element, after its
// input mappings, and at its end, after its output mappings; the element waits in its phase until the last one is done.

import type { Result } from '../../shared/result.ts';
import { ok } from '../../shared/result.ts';
import { listenerJob } from '../elements/tasks/listener-job.ts';
import type { Failure } from '../expressions/extract.ts';
import type { EvaluationContext } from '../expressions/scope.ts';
import { childrenOf, getElement } from '../state/draft.ts';
import { contextAt, elementOf, emit } from '../step.ts';
import type { Step } from '../step.ts';
import type {
  ElementInstance,
  ExecutionListener,
  FlowElement,
  ListenerMoment,
  TaskListener,
  Variables,
  Wait,
} from '../types.ts';
import { raiseIncident } from './raise-incident.ts';
import { propagateVariables, setVariables } from './variable-mapping.ts';

type ListenerWait = Extract<Wait, { kind: 'listener' }>;

interface Asked {
  readonly listener: ExecutionListener;
  readonly isOfProcess?: true;
}

/** The first element of an instance asks those of the process before its own, the last one after its own. */
function listenersAt(step: Step, instance: ElementInstance, on: ListenerMoment): readonly Asked[] {
  const element = elementOf(step.process, instance.elementId);
  const ofProcess = (listeners: readonly ExecutionListener[] = []): readonly Asked[] =>
    listeners.map((listener) => ({ listener, isOfProcess: true }));
  const own = (listeners: readonly ExecutionListener[]): readonly Asked[] =>
    instance.body === null ? listeners.map((listener) => ({ listener })) : [];
  const { listeners } = step.process;
  switch (on) {
    case 'start':
      return [
        ...(instance.opensProcess === true ? ofProcess(listeners?.startListeners) : []),
        ...own(element.startListeners),
      ];
    case 'end':
      return [
        ...own(element.endListeners),
        ...(isLast(step, element, instance) ? ofProcess(listeners?.endListeners) : []),
      ];
    default:
      return own(element.taskListeners.filter((listener) => listener.on === on));
  }
}

/** Nothing else is active directly in the process, and no token leaves this element. */
function isLast(step: Step, element: FlowElement, { scopeKey, loopCounter, compensatesFor }: ElementInstance): boolean {
  const { draft } = step;
  if (scopeKey !== draft.key || loopCounter !== null || compensatesFor !== undefined) return false;
  if (element.outgoing.length > 0 || element.linkTarget !== null) return false;
  return childrenOf(draft, draft.key).length === 1 && !Object.hasOwn(draft.joins, draft.key);
}

export const hasTaskListeners = (element: FlowElement, on: TaskListener['on']): boolean =>
  element.taskListeners.some((listener) => listener.on === on);

export const hasToAsk = (step: Step, instance: ElementInstance, on: 'start' | 'end'): boolean =>
  instance.listenersDone !== on && listenersAt(step, instance, on).length > 0;

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
  const found = listenersAt(step, instance, on)[index];
  if (found === undefined) return ok(undefined);
  const { listener, isOfProcess = false } = found;
  const elementId = isOfProcess ? step.process.processId : instance.elementId;
  const asked = { listener, on, index, key: instance.key, elementId };
  const job = listenerJob(asked, context, step.nextKey);
  if (!job.ok) return job;
  before();
  emit(step, job.value);
  return ok(undefined);
}

/** Offers the job of the next listener; true when there is none left. */
export function askNext(step: Step, owner: ElementInstance, { on, index }: ListenerWait): boolean {
  const { key } = owner;
  if (index + 1 >= listenersAt(step, getElement(step.draft, key), on).length) return true;
  const asking = { on, index: index + 1, context: contextAt(step, key), before: () => undefined };
  const next = offer(step, getElement(step.draft, key), asking);
  if (!next.ok) raiseIncident(step, getElement(step.draft, key), next.error);
  return false;
}

/** What a start listener brings is local, of a process global; what an end listener brings leaves like a result. */
export function completeListener(step: Step, owner: ElementInstance, wait: ListenerWait, variables: Variables): void {
  const { key } = owner;
  const on = wait.on === 'start' ? 'start' : 'end';
  const isOfProcess = listenersAt(step, owner, on)[wait.index]?.isOfProcess === true;
  if (on === 'start') setVariables(step, isOfProcess ? step.draft.key : key, variables);
  else propagateVariables(step, key, variables);
  if (!askNext(step, owner, wait)) return;
  emit(step, { type: 'listeners-done', key, on });
  step.agenda.push({ kind: on === 'start' ? 'activate' : 'complete', key });
}
