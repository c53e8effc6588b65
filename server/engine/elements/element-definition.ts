// What the author of a BPMN element writes, and nothing more: how it is read from XML, what it opens when it is
// activated, and which flows it takes when it is done. Mappings, boundary events, multi-instance, incidents and
// tokens are the same for all elements and live in behaviors/. To add an element: one file, one row in index.ts.

import type { Key } from '../../shared/ids.ts';
import type { Result } from '../../shared/result.ts';
import type { Failure } from '../expressions/extract.ts';
import type { EvaluationContext } from '../expressions/scope.ts';
import type { SourceElement } from '../model/source.ts';
import type { ElementKind, EngineEvent, ExecutableProcess, FlowElement, Variables } from '../types.ts';

/** The part of a flow element that depends on its kind. */
export type ElementFacet = Partial<
  Pick<FlowElement, 'job' | 'userTask' | 'call' | 'message' | 'timer' | 'attachedTo' | 'isInterrupting' | 'headers'>
>;

export interface ActivationInput {
  readonly element: FlowElement;
  /** Key of the element instance. */
  readonly key: Key;
  /** Everything visible, the results of the input mappings included. */
  readonly context: EvaluationContext;
  /** Variables of its own scope: input mappings, and the item of a multi-instance. */
  readonly locals: Variables;
  readonly nextKey: () => Key;
}

export interface Activation {
  /** Tasks, jobs, timers, subscriptions, calls that the element instance now waits for. */
  readonly opens: readonly EngineEvent[];
  /** Nothing to wait for: it completes at once. */
  readonly isDone: boolean;
}

export interface ElementDefinition {
  readonly kind: ElementKind;
  readonly bpmnType: string;
  /** Event definitions that it may carry; exactly one of them when the list is not empty. */
  readonly eventDefinitions: readonly string[];
  /** True when it never waits: a loop of such elements alone can never end a command. */
  readonly isPassThrough: boolean;
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
