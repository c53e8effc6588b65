// What the author of a BPMN element writes, and nothing more: how it is read from XML, what it opens and does when
// it is activated, and which flows it takes when it is done. Mappings, boundary events, loops, incidents and tokens
// are the same for all elements and live in behaviors/. To add an element: one file, one row in index.ts.

import type { Key } from '../../shared/ids.ts';
import type { Result } from '../../shared/result.ts';
import type { Failure } from '../expressions/extract.ts';
import type { EvaluationContext } from '../expressions/scope.ts';
import type { SourceElement } from '../model/source.ts';
import type { DecideContext, ElementKind, EngineEvent, ExecutableProcess, FlowElement, Variables } from '../types.ts';

/** The part of a flow element that depends on its kind. */
export type ElementFacet = Partial<
  Pick<
    FlowElement,
    | 'job'
    | 'userTask'
    | 'jobAssignment'
    | 'call'
    | 'triggers'
    | 'isParallelMultiple'
    | 'attachedTo'
    | 'isInterrupting'
    | 'headers'
    | 'adHoc'
    | 'script'
    | 'decision'
    | 'activationCondition'
    | 'isInstantiating'
    | 'lateHandling'
    | 'taskListeners'
    | 'startForm'
  >
>;

export interface ActivationInput {
  readonly process: ExecutableProcess;
  readonly element: FlowElement;
  /** Key of the element instance. */
  readonly key: Key;
  /** Everything visible, the results of the input mappings included. */
  readonly context: EvaluationContext;
  /** Variables of its own scope: input mappings, and the item of a multi-instance. */
  readonly locals: Variables;
  readonly nextKey: () => Key;
  readonly callDepth: number;
  readonly callDepthLimit: number;
  readonly findForm?: DecideContext['findForm'];
}

/** What happens right after activation; behaviors/run-effects.ts does it. */
export type Effect =
  | { readonly kind: 'throw-error'; readonly code: string }
  | { readonly kind: 'throw-escalation'; readonly code: string }
  /** A handler of each completed activity of the scope, or of one of them. */
  | { readonly kind: 'compensate'; readonly activityId: string | null }
  /** Ends the transaction around it: undo, then leave by the cancel boundary event. */
  | { readonly kind: 'cancel-transaction' }
  /** Ends everything else in the scope. */
  | { readonly kind: 'terminate-scope' }
  /** Elements begin inside the element instance. */
  | { readonly kind: 'enter'; readonly elementIds: readonly string[] };

export interface Activation {
  /** Tasks, jobs, timers, subscriptions, calls that the element instance now waits for, and signals that it throws. */
  readonly opens: readonly EngineEvent[];
  readonly effects: readonly Effect[];
  /** Nothing to wait for: it completes after its effects, unless one of them has ended it. */
  readonly isDone: boolean;
  /** Variables that it brings when it is done at once. */
  readonly result: Variables;
}

export interface ElementDefinition {
  readonly kind: ElementKind;
  readonly bpmnType: string;
  /** Event definitions that it may carry. */
  readonly eventDefinitions: readonly string[];
  /** False: an event without definition means nothing and is refused. */
  readonly isNoneEventAllowed: boolean;
  /** True when this element never waits: a loop of such elements alone can never end a command. */
  readonly isPassThrough: (element: FlowElement) => boolean;
  /** True when flows out of it may carry conditions. */
  readonly hasConditionalFlows: boolean;
  readonly read: (source: SourceElement) => ElementFacet;
  /** Evaluates everything before it opens anything: a failure leaves no trace but the incident. */
  readonly activate: (input: ActivationInput) => Result<Activation, Failure>;
  /** Flows to take on completion. */
  readonly chooseFlows: (
    element: FlowElement,
    process: ExecutableProcess,
    context: EvaluationContext,
  ) => Result<readonly string[], Failure>;
}
