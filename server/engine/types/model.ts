// A compiled process: what compileDefinitions makes of BPMN and what the runtime stores with a deployment. JSON-safe.

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
  /** `tram:calendar`: durations count in the working time of this calendar; null counts every hour of every day. */
  readonly calendar: string | null;
}

/** One event definition of an event: what it waits for, or what it throws. */
export type Trigger =
  | { readonly kind: 'timer'; readonly timer: TimerDefinition }
  /** Thrown messages are jobs; name and key matter to those who wait. A start of the process needs no key. */
  | { readonly kind: 'message'; readonly name: ValueSource; readonly correlationKey: string | null }
  | { readonly kind: 'signal'; readonly name: ValueSource }
  /** Without a code, a catching event catches every code. */
  | { readonly kind: 'error' | 'escalation'; readonly code: ValueSource | null }
  | {
      readonly kind: 'condition';
      readonly expression: string;
      /** Words of the expression: only a change of a variable with such a name looks at it again. */
      readonly names: readonly string[];
      /** `zeebe:conditionalFilter variableEvents`; empty means all changes. */
      readonly changes: readonly VariableChange[];
    }
  /** Of a throwing event: compensates only this activity, or null for all of the scope. */
  | { readonly kind: 'compensation'; readonly activityId: string | null }
  | { readonly kind: 'link'; readonly name: string }
  | { readonly kind: 'terminate' | 'cancel' };

export type TriggerKind = Trigger['kind'];
export type VariableChange = 'create' | 'update';

/** Which version of a called process or decision is meant. */
export interface Binding {
  readonly kind: 'latest' | 'deployment' | 'versionTag';
  readonly versionTag: string | null;
}

/** A form that is deployed beside the processes; the runtime finds the version. */
export interface LinkedForm {
  readonly formId: string;
  readonly binding: Binding;
}

/** A standard loop: the activity is repeated while the condition is true. */
export interface StandardLoop {
  readonly condition: string | null;
  readonly maximum: number | null;
  readonly testBefore: boolean;
}

/** What an element that contains elements needs to know of them. */
export interface Container {
  readonly kind: 'embedded' | 'event' | 'transaction' | 'adHoc';
  /** The none start event; of an event subprocess its only start event; null in an ad-hoc subprocess. */
  readonly startEventId: string | null;
  readonly eventSubProcesses: readonly string[];
}

/** A rule of `tram:lateHandling`: what happens when a task is still open after a while. */
export interface LateRule {
  readonly after: ValueSource;
  /** From which moment `after` counts: the creation of the task, or its due date (nothing happens without one). */
  readonly from: 'creation' | 'due';
  readonly calendar: string | null;
  readonly action: 'remind' | 'escalate' | 'reassign';
  /** Person or group that the action is about; null leaves it to the runtime. */
  readonly to: ValueSource | null;
}

export interface ExecutionListener {
  readonly type: ValueSource;
  readonly retries: ValueSource;
  readonly headers: Readonly<Record<string, string>>;
}

/** `zeebe:taskListeners`, by the moment at which they are asked. */
export interface TaskListener extends ExecutionListener {
  readonly on: 'creating' | 'completing' | 'canceling' | 'assigning' | 'updating';
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
  | 'intermediateThrowEvent'
  | 'boundaryEvent'
  | 'task'
  | 'manualTask'
  | 'userTask'
  | 'serviceTask'
  | 'sendTask'
  | 'scriptTask'
  | 'businessRuleTask'
  | 'receiveTask'
  | 'subProcess'
  | 'transaction'
  | 'adHocSubProcess'
  | 'callActivity'
  | 'exclusiveGateway'
  | 'parallelGateway'
  | 'inclusiveGateway'
  | 'eventBasedGateway'
  | 'complexGateway';

/** One node of the model. Fields that do not apply to its kind are null. */
export interface FlowElement {
  readonly id: string;
  readonly kind: ElementKind;
  readonly name: string | null;
  /** The subprocess around it; null directly in the process. */
  readonly parentId: string | null;
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
  readonly job: {
    readonly type: ValueSource;
    readonly retries: ValueSource;
    /** `zeebe:jobPriorityDefinition` of the element or of its process; absent: 0. */
    readonly priority?: ValueSource;
  } | null;
  readonly userTask: {
    readonly assignee: ValueSource | null;
    readonly candidateGroups: ValueSource | null;
    readonly candidateUsers: ValueSource | null;
    readonly dueDate: ValueSource | null;
    /** `tram:dueIn`: a duration from the creation of the task, in the working time of a calendar if one is named. */
    readonly dueIn: { readonly duration: ValueSource; readonly calendar: string | null } | null;
    readonly followUpDate: ValueSource | null;
    readonly priority: ValueSource | null;
    /** `zeebe:formDefinition externalReference`, or `formKey` of the older dialect: the key of the screen and of the domain command. */
    readonly formReference: string | null;
    /** `zeebe:formDefinition formId`: a form that is deployed beside the processes; the runtime resolves it. */
    readonly form: LinkedForm | null;
  } | null;
  /** None start events: the form that an instance is started with. */
  readonly startForm?: LinkedForm | null;
  /** User tasks of the older form, which are jobs: what their workers find in reserved headers. */
  readonly jobAssignment?: NonNullable<FlowElement['userTask']>;
  readonly call: {
    readonly processId: ValueSource;
    readonly propagateAllParentVariables: boolean;
    readonly propagateAllChildVariables: boolean;
    readonly binding: Binding;
  } | null;
  /** Event definitions, in document order; of a receive task its message. */
  readonly triggers: readonly Trigger[];
  /** A catching event with several definitions waits for all of them, not for the first. */
  readonly isParallelMultiple: boolean;
  /** Boundary events only: the activity it sits on. */
  readonly attachedTo: string | null;
  /** Boundary events, and start events of event subprocesses. */
  readonly isInterrupting: boolean;
  readonly container: Container | null;
  readonly adHoc: {
    /** FEEL: ids of the elements to activate on entry; null waits for `activate-ad-hoc-elements`. */
    readonly activeElements: string | null;
    readonly completionCondition: string | null;
    readonly cancelsRemaining: boolean;
  } | null;
  readonly standardLoop: StandardLoop | null;
  /** Tokens needed to begin, and tokens given to each outgoing flow. */
  readonly startQuantity: number;
  readonly completionQuantity: number;
  /** A compensation handler: it is reached by compensation only. */
  readonly isForCompensation: boolean;
  /** Compensation boundary events: the handler that an association leads to. */
  readonly handlerId: string | null;
  /** Link throw events: the catch event to go on at. */
  readonly linkTarget: string | null;
  readonly script: { readonly expression: string; readonly resultVariable: string } | null;
  readonly decision: {
    readonly decisionId: ValueSource;
    readonly resultVariable: string;
    readonly binding: Binding;
  } | null;
  /** Complex gateways. */
  readonly activationCondition: string | null;
  /** Event-based gateways and receive tasks that start an instance. */
  readonly isInstantiating: boolean;
  /** The innermost lane; visible to assignment expressions as `lane.id` and `lane.name`. */
  readonly lane: { readonly id: string; readonly name: string } | null;
  readonly lateHandling: readonly LateRule[];
  readonly startListeners: readonly ExecutionListener[];
  readonly endListeners: readonly ExecutionListener[];
  readonly taskListeners: readonly TaskListener[];
}

/**
 * An event that starts an instance from outside. Deploying a version replaces the start subscriptions of the version
 * before: the runtime stores one row for each (`resolveStarts` gives name or time) and answers a match with
 * `start-instance` and its `startElementId`.
 */
export type StartTrigger = Extract<Trigger, { readonly kind: 'timer' | 'message' | 'signal' | 'condition' }> & {
  readonly elementId: string;
};

/** A process ready to run: deeply frozen, JSON-safe, stored with the deployment. */
export interface ExecutableProcess {
  readonly processId: string;
  readonly name: string | null;
  readonly versionTag: string | null;
  readonly elements: Readonly<Record<string, FlowElement>>;
  readonly flows: Readonly<Record<string, SequenceFlow>>;
  /** The none start event; empty when an instance can only be started by events. */
  readonly startEventId: string;
  readonly starts: readonly StartTrigger[];
  /** Event subprocesses directly in the process. */
  readonly eventSubProcesses: readonly string[];
  /** Execution listeners of the process itself; absent when it has none. */
  readonly listeners?: Pick<FlowElement, 'startListeners' | 'endListeners'>;
}

/** A refusal to deploy, with the place in the model. `rule` names a page in docs/checks.md. */
export interface ModelProblem {
  readonly rule: string;
  readonly elementId: string | null;
  readonly message: string;
}
