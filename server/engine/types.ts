// The engine's vocabulary: what a compiled process is, what an instance's control state holds, which commands
// may be given and which events they produce. `decide` turns (process, state, command) into events and the next
// state; the runtime projects the events into rows (tasks, jobs, timers, subscriptions, incidents).
// Semantics: BPMN 2.0.2 clause 13 and the zeebe dialect (docs/engine-questions.md).

import type { Key } from '../shared/ids.ts';
import type { Result } from '../shared/result.ts';
import type { Instant } from '../shared/time.ts';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };
export type Variables = Readonly<Record<string, Json>>;

// ── Model ────────────────────────────────────────────────────────────────────────────────────────────────────

/** Static text, or FEEL when the source began with `=`. */
export type ValueSource =
  { readonly kind: 'static'; readonly text: string } | { readonly kind: 'feel'; readonly expression: string };

export interface SequenceFlow {
  readonly id: string;
  readonly name: string | null;
  readonly sourceId: string;
  readonly targetId: string;
  /** FEEL without the leading `=`; null when unconditional. */
  readonly condition: string | null;
}

export interface Mapping {
  readonly source: ValueSource;
  /** Dotted path of names. */
  readonly target: string;
}

export interface TimerDefinition {
  readonly kind: 'duration' | 'date' | 'cycle';
  readonly value: ValueSource;
}

export interface MultiInstance {
  readonly isSequential: boolean;
  readonly inputCollection: string;
  readonly inputElement: string | null;
  readonly outputCollection: string | null;
  readonly outputElement: string | null;
  readonly completionCondition: string | null;
}

export type ElementKind =
  | 'startEvent'
  | 'endEvent'
  | 'intermediateCatchEvent'
  | 'boundaryEvent'
  | 'task'
  | 'manualTask'
  | 'userTask'
  | 'serviceTask'
  | 'receiveTask'
  | 'callActivity'
  | 'exclusiveGateway'
  | 'parallelGateway';

/** One node of the model. Fields that do not apply to its kind are null. */
export interface FlowElement {
  readonly id: string;
  readonly kind: ElementKind;
  readonly name: string | null;
  readonly incoming: readonly string[];
  readonly outgoing: readonly string[];
  /** Id of the default flow of a gateway or activity. */
  readonly defaultFlow: string | null;
  readonly inputs: readonly Mapping[];
  readonly outputs: readonly Mapping[];
  /** `zeebe:taskHeaders`, in document order. */
  readonly headers: Readonly<Record<string, string>>;
  readonly multiInstance: MultiInstance | null;
  /** Ids of boundary events attached to this activity. */
  readonly boundaryEvents: readonly string[];
  readonly job: { readonly type: ValueSource; readonly retries: ValueSource } | null;
  readonly userTask: {
    readonly assignee: ValueSource | null;
    readonly candidateGroups: ValueSource | null;
    readonly candidateUsers: ValueSource | null;
    readonly dueDate: ValueSource | null;
    readonly followUpDate: ValueSource | null;
    readonly priority: ValueSource | null;
    /** `zeebe:formDefinition externalReference`: the key of the screen and of the domain command. */
    readonly formReference: string | null;
  } | null;
  readonly call: {
    readonly processId: ValueSource;
    readonly propagateAllParentVariables: boolean;
    readonly propagateAllChildVariables: boolean;
  } | null;
  readonly message: { readonly name: ValueSource; readonly correlationKey: string } | null;
  readonly timer: TimerDefinition | null;
  /** Boundary events only: the activity it sits on, and whether it interrupts it. */
  readonly attachedTo: string | null;
  readonly isInterrupting: boolean;
}

/** A process ready to run: deeply frozen, JSON-safe, stored with the deployment. */
export interface ExecutableProcess {
  readonly processId: string;
  readonly name: string | null;
  readonly versionTag: string | null;
  readonly elements: Readonly<Record<string, FlowElement>>;
  readonly flows: Readonly<Record<string, SequenceFlow>>;
  readonly startEventId: string;
}

/** A refusal to deploy, with the place in the model. `rule` names a page in docs/checks.md. */
export interface ModelProblem {
  readonly rule: string;
  readonly elementId: string | null;
  readonly message: string;
}

// ── State ────────────────────────────────────────────────────────────────────────────────────────────────────

export type ElementPhase = 'activating' | 'activated' | 'completing' | 'terminating';

/** What an element instance waits for. The key is the key of the row that people or workers see. */
export type Wait =
  | {
      readonly kind: 'job';
      readonly jobKey: Key;
      /** 0 while its incident is open: such a job can be completed by nobody. */
      readonly retriesLeft: number;
    }
  | { readonly kind: 'task'; readonly taskKey: Key }
  | { readonly kind: 'timer'; readonly timerKey: Key }
  | { readonly kind: 'message'; readonly subscriptionKey: Key }
  | { readonly kind: 'call'; readonly childInstanceKey: Key };

/** An armed boundary event of an activated activity. */
export interface BoundaryWait {
  readonly elementId: string;
  readonly kind: 'timer' | 'message';
  /** timerKey or subscriptionKey */
  readonly key: Key;
  /** Firings still to come, the scheduled one included; null for duration, date or an endless cycle. */
  readonly repetitionsLeft: number | null;
  /** Timers: when it is due, and the period of a cycle (null for duration and date), so that the next firing is
   * counted from this one without evaluating the model again. */
  readonly timer: { readonly dueAt: Instant; readonly period: string | null } | null;
}

export interface MultiInstanceBody {
  readonly items: readonly Json[];
  readonly nextIndex: number;
  readonly completed: number;
  readonly results: readonly Json[];
}

export interface ElementInstance {
  readonly key: Key;
  readonly elementId: string;
  /** The instance itself (root scope) or the multi-instance body. */
  readonly scopeKey: Key;
  readonly phase: ElementPhase;
  readonly waits: readonly Wait[];
  readonly boundaries: readonly BoundaryWait[];
  /** Present on a multi-instance body. */
  readonly body: MultiInstanceBody | null;
  /** 1-based, on an inner instance of a multi-instance body. */
  readonly loopCounter: number | null;
  readonly incidentKey: Key | null;
}

export interface IncidentState {
  readonly key: Key;
  readonly elementInstanceKey: Key;
  readonly errorType: IncidentType;
  readonly jobKey: Key | null;
}

/** Control state of one instance. Small: finished element instances are not kept, history is in the events. */
export interface InstanceState {
  readonly key: Key;
  readonly processId: string;
  readonly status: 'active' | 'completed' | 'terminated';
  readonly parent: { readonly instanceKey: Key; readonly elementInstanceKey: Key } | null;
  readonly elements: Readonly<Record<string, ElementInstance>>;
  /** Tokens that wait at a join: `<scopeKey>/<gatewayId>` → flow id → count. */
  readonly joins: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Scope key → its local variables. The instance's own key is the root scope. */
  readonly variables: Readonly<Record<string, Variables>>;
  readonly incidents: Readonly<Record<string, IncidentState>>;
}

// ── Commands ─────────────────────────────────────────────────────────────────────────────────────────────────

export type Command =
  | {
      readonly type: 'start-instance';
      readonly instanceKey: Key;
      readonly variables: Variables;
      readonly parent: { readonly instanceKey: Key; readonly elementInstanceKey: Key } | null;
    }
  | { readonly type: 'complete-task'; readonly taskKey: Key; readonly variables: Variables }
  | { readonly type: 'complete-job'; readonly jobKey: Key; readonly variables: Variables }
  | {
      readonly type: 'fail-job';
      readonly jobKey: Key;
      /** What is left after this failure; 0 raises an incident. */
      readonly retriesLeft: number;
      readonly message: string;
      readonly retryAt: Instant | null;
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

export interface Rejection {
  readonly code:
    | 'TASK_NOT_OPEN'
    | 'JOB_NOT_FOUND'
    | 'TIMER_NOT_FOUND'
    | 'SUBSCRIPTION_NOT_FOUND'
    | 'ELEMENT_INSTANCE_NOT_FOUND'
    | 'INCIDENT_NOT_FOUND'
    | 'INCIDENT_NOT_RESOLVABLE'
    | 'INSTANCE_NOT_ACTIVE';
  /** "Expected to complete task '…', but …" */
  readonly message: string;
}

// ── Events ───────────────────────────────────────────────────────────────────────────────────────────────────

export type IncidentType =
  | 'JOB_NO_RETRIES'
  | 'IO_MAPPING_ERROR'
  | 'CONDITION_ERROR'
  | 'EXTRACT_VALUE_ERROR'
  | 'CALLED_ELEMENT_ERROR'
  | 'STEP_LIMIT_EXCEEDED';

/** Facts, in the order in which they happened. The runtime adds sequence number, time and actor. */
export type EngineEvent =
  | {
      readonly type: 'instance-started';
      readonly instanceKey: Key;
      readonly processId: string;
      readonly parent: { readonly instanceKey: Key; readonly elementInstanceKey: Key } | null;
    }
  | { readonly type: 'instance-completed'; readonly variables: Variables }
  | { readonly type: 'instance-terminated' }
  | {
      readonly type: 'element-activating';
      readonly key: Key;
      readonly elementId: string;
      readonly scopeKey: Key;
      readonly loopCounter: number | null;
      readonly body: MultiInstanceBody | null;
    }
  | { readonly type: 'element-activated'; readonly key: Key; readonly elementId: string }
  | { readonly type: 'element-completing'; readonly key: Key; readonly elementId: string }
  | { readonly type: 'element-completed'; readonly key: Key; readonly elementId: string }
  | { readonly type: 'element-terminating'; readonly key: Key; readonly elementId: string }
  | { readonly type: 'element-terminated'; readonly key: Key; readonly elementId: string }
  | { readonly type: 'flow-taken'; readonly flowId: string; readonly scopeKey: Key }
  /** A token of a flow waits at a joining gateway. */
  | { readonly type: 'join-arrived'; readonly gatewayId: string; readonly flowId: string; readonly scopeKey: Key }
  /** The join has fired: one token of each listed flow is used up. */
  | {
      readonly type: 'join-fired';
      readonly gatewayId: string;
      readonly flowIds: readonly string[];
      readonly scopeKey: Key;
    }
  | { readonly type: 'variables-set'; readonly scopeKey: Key; readonly variables: Variables }
  | {
      readonly type: 'task-created';
      readonly taskKey: Key;
      readonly elementInstanceKey: Key;
      readonly elementId: string;
      readonly name: string | null;
      readonly formReference: string | null;
      readonly headers: Readonly<Record<string, string>>;
      readonly assignee: string | null;
      readonly candidateGroups: readonly string[];
      readonly candidateUsers: readonly string[];
      readonly dueAt: Instant | null;
      readonly followUpAt: Instant | null;
      readonly priority: number;
    }
  | { readonly type: 'task-completed'; readonly taskKey: Key }
  | { readonly type: 'task-cancelled'; readonly taskKey: Key }
  | {
      readonly type: 'job-created';
      readonly jobKey: Key;
      readonly elementInstanceKey: Key;
      readonly elementId: string;
      readonly jobType: string;
      readonly retries: number;
      readonly headers: Readonly<Record<string, string>>;
    }
  | { readonly type: 'job-completed'; readonly jobKey: Key }
  | { readonly type: 'job-cancelled'; readonly jobKey: Key }
  | {
      readonly type: 'job-failed';
      readonly jobKey: Key;
      readonly retriesLeft: number;
      readonly message: string;
      readonly retryAt: Instant | null;
    }
  | { readonly type: 'job-retries-updated'; readonly jobKey: Key; readonly retries: number }
  /** Offered again after its incident was resolved. */
  | { readonly type: 'job-reopened'; readonly jobKey: Key }
  | {
      readonly type: 'timer-scheduled';
      readonly timerKey: Key;
      readonly elementInstanceKey: Key;
      /** The catch event, or the boundary event. */
      readonly elementId: string;
      readonly dueAt: Instant;
      readonly repetitionsLeft: number | null;
      /** ISO 8601 period of a cycle. */
      readonly period: string | null;
    }
  /** The timer is used up. A cycle schedules its next firing under a new key. */
  | { readonly type: 'timer-fired'; readonly timerKey: Key }
  | { readonly type: 'timer-cancelled'; readonly timerKey: Key }
  | {
      readonly type: 'message-subscribed';
      readonly subscriptionKey: Key;
      readonly elementInstanceKey: Key;
      readonly elementId: string;
      readonly messageName: string;
      readonly correlationKey: string;
    }
  /** A message has arrived. The subscription stays open (non-interrupting boundary event) until it is closed. */
  | { readonly type: 'message-correlated'; readonly subscriptionKey: Key; readonly messageKey: Key }
  | { readonly type: 'subscription-closed'; readonly subscriptionKey: Key }
  | {
      readonly type: 'call-requested';
      readonly childInstanceKey: Key;
      readonly elementInstanceKey: Key;
      readonly elementId: string;
      readonly processId: string;
      readonly variables: Variables;
    }
  | { readonly type: 'call-completed'; readonly childInstanceKey: Key }
  /** The called instance must be terminated: its call activity was cancelled. */
  | { readonly type: 'call-cancelled'; readonly childInstanceKey: Key }
  | {
      readonly type: 'incident-raised';
      readonly incidentKey: Key;
      readonly elementInstanceKey: Key;
      readonly elementId: string;
      readonly errorType: IncidentType;
      readonly message: string;
      readonly jobKey: Key | null;
    }
  | { readonly type: 'incident-resolved'; readonly incidentKey: Key }
  /** The items of a multi-instance body are known; written once, when the body is activated. */
  | { readonly type: 'body-advanced'; readonly key: Key; readonly body: MultiInstanceBody }
  /** One inner instance is done. Only its own result is written: many items must not make large events. */
  | { readonly type: 'body-item-completed'; readonly key: Key; readonly index: number; readonly result: Json };

// ── Functions of the public face (server/engine/index.ts) ────────────────────────────────────────────────────

export interface DecideContext {
  readonly now: Instant;
  /** Fresh, ascending keys. */
  readonly nextKey: () => Key;
  /** Element activations allowed in one command before STEP_LIMIT_EXCEEDED; default 1,000. */
  readonly stepLimit?: number;
}

export interface Decision {
  readonly events: readonly EngineEvent[];
  readonly state: InstanceState;
}

/** `state` is null only for start-instance. */
export type Decide = (
  process: ExecutableProcess,
  state: InstanceState | null,
  command: Command,
  context: DecideContext,
) => Result<Decision, Rejection>;

export type Apply = (state: InstanceState | null, event: EngineEvent) => InstanceState;

/** All executable processes of a file, or every reason why it cannot be deployed. */
export type CompileDefinitions = (
  xml: string,
) => Promise<Result<readonly ExecutableProcess[], readonly ModelProblem[]>>;
