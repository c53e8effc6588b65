// What may be asked of an instance, and how it may be refused.

import type { Key } from '../../shared/ids.ts';
import type { Instant } from '../../shared/time.ts';
import type { Json, Variables } from './json.ts';
import type { TaskCorrections } from './task.ts';
import type { ExecutableProcess } from './model.ts';

export type Command =
  | {
      readonly type: 'start-instance';
      readonly instanceKey: Key;
      readonly variables: Variables;
      readonly parent: { readonly instanceKey: Key; readonly elementInstanceKey: Key } | null;
      /** The start event (or receive task, or catch event of an instantiating gateway) that was triggered; the
       * variables are what it brought. Without it the none start event is entered. */
      readonly startElementId?: string;
      /** Begin at these elements instead of the start event. */
      readonly activateElementIds?: readonly string[];
      /** From `call-requested`. */
      readonly callDepth?: number;
    }
  | { readonly type: 'complete-task'; readonly taskKey: Key; readonly variables: Variables }
  /** Assign, give back or change attributes; `on` names the listeners that are asked first. */
  | {
      readonly type: 'change-task';
      readonly taskKey: Key;
      readonly on: 'assigning' | 'updating';
      readonly corrections: TaskCorrections;
      /** What somebody called it, for the history: `claim`, `assign` … */
      readonly action?: string;
    }
  | {
      readonly type: 'complete-job';
      readonly jobKey: Key;
      readonly variables: Variables;
      /** Jobs of task listeners only. */
      readonly taskResult?: TaskListenerResult;
    }
  | {
      readonly type: 'fail-job';
      readonly jobKey: Key;
      /** What is left after this failure; 0 raises an incident. */
      readonly retriesLeft: number;
      readonly message: string;
      readonly retryAt: Instant | null;
      /** Become local to the element: what the next attempt should know. */
      readonly variables?: Variables;
    }
  | { readonly type: 'update-job-retries'; readonly jobKey: Key; readonly retries: number }
  | { readonly type: 'fire-timer'; readonly timerKey: Key }
  | {
      readonly type: 'correlate-message';
      readonly subscriptionKey: Key;
      readonly messageKey: Key;
      readonly variables: Variables;
    }
  | { readonly type: 'complete-call'; readonly elementInstanceKey: Key; readonly variables: Variables }
  /** A worker reports a business error of its job: the nearest matching error event catches it. */
  | {
      readonly type: 'throw-job-error';
      readonly jobKey: Key;
      readonly code: string;
      readonly message: string;
      readonly variables: Variables;
    }
  /** To the calling instance: the called one threw an error that nobody caught there (event `error-propagated`). */
  | {
      readonly type: 'propagate-error';
      readonly elementInstanceKey: Key;
      /** From `error-propagated` of the called instance. */
      readonly errorKey: Key;
      readonly code: string;
      readonly message: string;
      readonly variables: Variables;
    }
  /** To the called instance: nobody above has caught its error (event `error-rejected`). */
  | { readonly type: 'reject-error'; readonly errorKey: Key }
  /** To the calling instance (event `escalation-propagated`). Refused when the call has ended in the meantime. */
  | {
      readonly type: 'propagate-escalation';
      readonly elementInstanceKey: Key;
      readonly code: string;
      readonly variables: Variables;
    }
  | { readonly type: 'deliver-signal'; readonly subscriptionKey: Key; readonly variables: Variables }
  /** Answers to `decision-requested`. */
  | { readonly type: 'complete-decision'; readonly decisionKey: Key; readonly result: Json }
  | {
      readonly type: 'fail-decision';
      readonly decisionKey: Key;
      readonly errorType: 'CALLED_DECISION_ERROR' | 'DECISION_EVALUATION_ERROR';
      readonly message: string;
    }
  | {
      readonly type: 'activate-ad-hoc-elements';
      readonly elementInstanceKey: Key;
      readonly elementIds: readonly string[];
      /** By element id: local to the element that begins. */
      readonly variables?: Readonly<Record<string, Variables>>;
      readonly cancelsRemaining?: boolean;
    }
  /** Modification, all instructions or none: first everything is activated, then everything is terminated. */
  | {
      readonly type: 'modify-instance';
      readonly activate: readonly ActivateInstruction[];
      readonly move?: readonly MoveInstruction[];
      readonly terminate: readonly Key[];
      /** Every active instance of these elements. */
      readonly terminateElementIds?: readonly string[];
    }
  /** The instance goes on in another version or another process; all of it or, when anything has no place there, nothing. */
  | {
      readonly type: 'migrate-instance';
      readonly target: ExecutableProcess;
      /** What the runtime calls the target; handed through to `instance-migrated`. */
      readonly targetKey: Key;
      /** What the runtime calls the process that it leaves; handed through as well. */
      readonly sourceKey: Key;
      readonly mapping: readonly MappingInstruction[];
    }
  /** Nothing goes on until `resume-instance`; whoever gives a command meanwhile gets INSTANCE_SUSPENDED. */
  | { readonly type: 'suspend-instance' }
  | { readonly type: 'resume-instance' }
  /** The called instance could not be started (no such process). Raises CALLED_ELEMENT_ERROR. */
  | { readonly type: 'fail-call'; readonly elementInstanceKey: Key; readonly message: string }
  | {
      readonly type: 'set-variables';
      readonly scopeKey: Key;
      readonly variables: Variables;
      readonly local: boolean;
    }
  | { readonly type: 'resolve-incident'; readonly incidentKey: Key }
  | { readonly type: 'cancel-instance' };

export interface VariableInstruction {
  readonly variables: Variables;
  /** Element id of the scope that they are local to: the element itself or one around it; without it the instance. */
  readonly scopeId?: string;
}

export interface ActivateInstruction {
  readonly elementId: string;
  /** Where to begin: the scopes between this one and the element are opened anew. Without it an active scope is used. */
  readonly ancestorKey?: Key;
  readonly variables?: readonly VariableInstruction[];
}

/** Ends an element instance, or all of an element, and begins the target once for each. */
export interface MoveInstruction {
  readonly source: { readonly elementInstanceKey: Key } | { readonly elementId: string };
  readonly targetElementId: string;
  /**
   * `inferred`: in the scopes around the source, as far as they are also around the target; `source-parent`: in the
   * scope of the source; `direct`: in a named one, as with `ancestorKey`. Default: in the active scope.
   */
  readonly ancestor?: { readonly kind: 'inferred' | 'source-parent' } | { readonly kind: 'direct'; readonly key: Key };
  readonly variables?: readonly VariableInstruction[];
}

export interface MappingInstruction {
  readonly sourceElementId: string;
  readonly targetElementId: string;
}

/** The answer of a task listener. Completing, assigning and updating listeners can deny. */
export interface TaskListenerResult {
  readonly isDenied?: boolean;
  readonly reason?: string;
  readonly corrections?: TaskCorrections;
}

export interface Rejection {
  readonly code:
    | 'TASK_NOT_OPEN'
    | 'JOB_NOT_FOUND'
    | 'TIMER_NOT_FOUND'
    | 'SUBSCRIPTION_NOT_FOUND'
    | 'ELEMENT_INSTANCE_NOT_FOUND'
    | 'INCIDENT_NOT_FOUND'
    | 'INCIDENT_NOT_RESOLVABLE'
    | 'TASK_RESULT_NOT_POSSIBLE'
    | 'DECISION_NOT_FOUND'
    | 'ELEMENT_NOT_FOUND'
    | 'MODIFICATION_NOT_POSSIBLE'
    | 'MIGRATION_MAPPING_INVALID'
    | 'MIGRATION_NOT_POSSIBLE'
    | 'INSTANCE_SUSPENDED'
    | 'INSTANCE_NOT_SUSPENDED'
    | 'INSTANCE_NOT_ACTIVE';
  /** "Expected to complete task '…', but …" */
  readonly message: string;
}
