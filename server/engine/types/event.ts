// What has happened, in order. Each event says in its comment what the runtime keeps of it.

import type { Key } from '../../shared/ids.ts';
import type { Instant } from '../../shared/time.ts';
import type { CalendarTrace } from './calendar.ts';
import type { Json, Variables } from './json.ts';
import type { Binding, LateRule } from './model.ts';
import type {
  CompensationRecord,
  ErrorOrigin,
  EventTrigger,
  IncidentType,
  ListenerMoment,
  MultiInstanceBody,
  PendingChange,
} from './state.ts';
import type { TaskCorrections } from './task.ts';

/** Facts, in the order in which they happened. The runtime adds sequence number, time and actor. */
export type EngineEvent =
  | {
      readonly type: 'instance-started';
      readonly instanceKey: Key;
      readonly processId: string;
      readonly parent: { readonly instanceKey: Key; readonly elementInstanceKey: Key } | null;
      readonly callDepth?: number;
    }
  | { readonly type: 'instance-completed'; readonly variables: Variables }
  | { readonly type: 'instance-terminated' }
  /**
   * The instance goes on in another process. From here on every active element instance, task, job, timer, subscription
   * and incident of a mapped element carries the id of its target; keys and everything else stay.
   */
  | {
      readonly type: 'instance-migrated';
      readonly sourceProcessId: string;
      readonly processId: string;
      /** From the command. */
      readonly targetKey: Key;
      readonly sourceKey: Key;
      /** Of all elements that matter to the instance now: active, armed, joining, or done and open to compensation. */
      readonly elements: Readonly<Record<string, string>>;
      /** Flows whose tokens wait at a join. */
      readonly flows: Readonly<Record<string, string>>;
      /** What was done and cannot be compensated in the target. */
      readonly forgotten: readonly Key[];
    }
  | { readonly type: 'instance-suspended' | 'instance-resumed' }
  | {
      readonly type: 'element-activating';
      readonly key: Key;
      readonly elementId: string;
      readonly scopeKey: Key;
      readonly loopCounter: number | null;
      readonly body: MultiInstanceBody | null;
      readonly compensatesFor?: Key;
      readonly trigger?: EventTrigger;
      readonly compensations?: readonly CompensationRecord[];
      /** The first element of an instance: it arms the event subprocesses of the process. */
      readonly opensProcess?: true;
    }
  | { readonly type: 'element-activated'; readonly key: Key; readonly elementId: string }
  | { readonly type: 'element-completing'; readonly key: Key; readonly elementId: string }
  | { readonly type: 'element-completed'; readonly key: Key; readonly elementId: string }
  | { readonly type: 'element-terminating'; readonly key: Key; readonly elementId: string }
  | { readonly type: 'element-terminated'; readonly key: Key; readonly elementId: string }
  /** All listeners of a moment have answered; the element goes on. */
  | { readonly type: 'listeners-done'; readonly key: Key; readonly on: ListenerMoment }
  | { readonly type: 'flow-taken'; readonly flowId: string; readonly scopeKey: Key }
  /** A token of a flow waits at a joining gateway. */
  | { readonly type: 'join-arrived'; readonly gatewayId: string; readonly flowId: string; readonly scopeKey: Key }
  /** The join has fired: one token of each listed flow is used up. */
  | {
      readonly type: 'join-fired';
      readonly gatewayId: string;
      readonly flowIds: readonly string[];
      readonly scopeKey: Key;
      /** A complex gateway: the remaining flows still owe a token to this round. */
      readonly isAwaitingReset?: boolean;
    }
  /** A complex gateway that has fired is ready for the next round; the tokens of the listed flows are used up. */
  | {
      readonly type: 'join-reset';
      readonly gatewayId: string;
      readonly flowIds: readonly string[];
      readonly scopeKey: Key;
    }
  /** All waiting tokens of a scope are gone: it was terminated from inside or interrupted. */
  | { readonly type: 'tokens-discarded'; readonly scopeKey: Key }
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
      /** How the due date was computed from a business calendar; kept with the task, for people. */
      readonly dueTrace?: CalendarTrace;
      /** A deployed form: what the model names, and which one that is now. */
      readonly form?: { readonly formId: string; readonly binding: Binding; readonly key?: Key };
      /** The model names an assignee, but assigning listeners are asked first. */
      readonly assigns?: PendingChange;
      /** Creating listeners are asked first: hidden until `task-opened`. */
      readonly isCreating?: true;
    }
  /**
   * A rule of late handling is due while the task is open. `remind`: notify assignee or candidates (or `to`);
   * `escalate`: notify `to`; `reassign`: hand the task to `to`. The engine changes nothing by itself.
   */
  | {
      readonly type: 'task-late';
      readonly taskKey: Key;
      readonly elementInstanceKey: Key;
      readonly elementId: string;
      readonly action: LateRule['action'];
      readonly to: string | null;
    }
  /** All creating listeners have answered: from now on people may see and do the task. */
  | { readonly type: 'task-opened'; readonly taskKey: Key }
  /** Attributes of the task have changed, by a person or by a listener; absent ones stay as they are. */
  | {
      readonly type: 'task-corrected';
      readonly taskKey: Key;
      readonly corrections: TaskCorrections;
      /** What somebody did: `claim`, `assign`, `update` …; absent when a listener corrected. */
      readonly action?: string;
    }
  /** Somebody assigns or updates it, and its listeners are asked; until `task-changed` it stays as it is. */
  | ({ readonly type: 'task-changing'; readonly taskKey: Key; readonly elementInstanceKey: Key } & PendingChange)
  /** The change has been made, or a listener did not agree. */
  | { readonly type: 'task-changed'; readonly taskKey: Key; readonly elementInstanceKey: Key }
  | {
      readonly type: 'task-change-denied';
      readonly taskKey: Key;
      readonly elementInstanceKey: Key;
      readonly reason: string;
    }
  /** Somebody has completed it, and its listeners are asked; nobody can complete it meanwhile. */
  | {
      readonly type: 'task-completing';
      readonly taskKey: Key;
      readonly elementInstanceKey: Key;
      readonly variables: Variables;
    }
  /** A listener does not agree: the task is open as before. */
  | {
      readonly type: 'task-completion-denied';
      readonly taskKey: Key;
      readonly elementInstanceKey: Key;
      readonly reason: string;
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
      /** Workers get higher ones first; absent: 0. */
      readonly priority?: number;
      /** Present on jobs of listeners: the moment, and its place in the list. Workers treat them as any job. */
      readonly listener?: { readonly on: ListenerMoment; readonly index: number };
    }
  /** A worker has thrown a business error. When it is caught the job is cancelled with its element. */
  | { readonly type: 'job-error-thrown'; readonly jobKey: Key; readonly code: string; readonly message: string }
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
      /** ISO 8601 period or cron expression of a cycle. */
      readonly period: string | null;
      /** Present on timers of late handling: which rule of the user task. */
      readonly lateRule?: number;
      /** How `dueAt` was computed from a business calendar. */
      readonly trace?: CalendarTrace;
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
  /** Stored like a message subscription, without key: every `signal-thrown` of that name answers `deliver-signal`. */
  | {
      readonly type: 'signal-subscribed';
      readonly subscriptionKey: Key;
      readonly elementInstanceKey: Key;
      readonly elementId: string;
      readonly signalName: string;
    }
  /** Stays open (non-interrupting) until it is closed, as with messages. */
  | { readonly type: 'signal-received'; readonly subscriptionKey: Key }
  /** For the runtime to broadcast: to all that are subscribed now, this instance included, and to start events. */
  | {
      readonly type: 'signal-thrown';
      readonly elementInstanceKey: Key;
      readonly elementId: string;
      readonly signalName: string;
      readonly variables: Variables;
    }
  /** Conditions are looked at by the engine itself; the runtime stores nothing. */
  | {
      readonly type: 'condition-armed';
      readonly conditionKey: Key;
      readonly elementInstanceKey: Key;
      readonly elementId: string;
      readonly triggerIndex: number;
    }
  | { readonly type: 'condition-fulfilled'; readonly conditionKey: Key }
  | { readonly type: 'condition-closed'; readonly conditionKey: Key }
  | {
      readonly type: 'error-thrown';
      readonly elementInstanceKey: Key;
      readonly elementId: string;
      readonly code: string;
      readonly message: string;
    }
  /**
   * Nobody here has caught it: give `propagate-error` to the calling instance (the state's `parent`), with this
   * instance and `errorKey` as its origin. The element waits until it is terminated or gets `reject-error`.
   */
  | {
      readonly type: 'error-propagated';
      readonly errorKey: Key;
      readonly elementInstanceKey: Key;
      readonly jobKey: Key | null;
      readonly code: string;
      readonly message: string;
      readonly variables: Variables;
      readonly origin: ErrorOrigin | null;
    }
  /** Nobody here or above has caught the error of a called instance: give it `reject-error` with this key. */
  | { readonly type: 'error-rejected'; readonly childInstanceKey: Key; readonly errorKey: Key }
  /** The answer has come, or the element is gone: nothing is waited for any more. */
  | { readonly type: 'error-settled'; readonly errorKey: Key }
  | {
      readonly type: 'escalation-thrown';
      readonly elementInstanceKey: Key;
      readonly elementId: string;
      readonly code: string;
    }
  /** Nobody here has caught it: give `propagate-escalation` to the calling instance. This instance goes on. */
  | { readonly type: 'escalation-propagated'; readonly code: string; readonly variables: Variables }
  /** Evaluate the decision and answer `complete-decision` or `fail-decision`. */
  | {
      readonly type: 'decision-requested';
      readonly decisionKey: Key;
      readonly elementInstanceKey: Key;
      readonly elementId: string;
      readonly decisionId: string;
      readonly binding: Binding;
      readonly variables: Variables;
    }
  | { readonly type: 'decision-completed' | 'decision-failed' | 'decision-cancelled'; readonly decisionKey: Key }
  /** A completed activity can be compensated from now on; what is recorded inside it moves with it. */
  | {
      readonly type: 'compensation-recorded';
      readonly elementInstanceKey: Key;
      readonly elementId: string;
      readonly scopeKey: Key;
      readonly variables: Variables;
    }
  /** The records are used up: an activity is compensated once. `handlers` are begun for the throwing instance. */
  | {
      readonly type: 'compensation-triggered';
      readonly elementInstanceKey: Key;
      readonly scopeKey: Key;
      readonly recordKeys: readonly Key[];
      readonly handlers: number;
    }
  | { readonly type: 'compensation-handler-ended'; readonly elementInstanceKey: Key }
  | {
      readonly type: 'call-requested';
      readonly childInstanceKey: Key;
      readonly elementInstanceKey: Key;
      readonly elementId: string;
      readonly processId: string;
      readonly variables: Variables;
      readonly binding: Binding;
      /** To be handed to `start-instance`. */
      readonly callDepth: number;
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
