// The control state of one instance: the fold of its events, stored as one JSON value. Optional members are absent
// rather than null, because most element instances have none of them and the row should stay small.

import type { Key } from '../../shared/ids.ts';
import type { Instant } from '../../shared/time.ts';
import type { TaskCorrections } from './task.ts';
import type { Json, Variables } from './json.ts';
import type { TaskListener } from './model.ts';

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
  | { readonly kind: 'signal'; readonly subscriptionKey: Key }
  /** Nobody outside knows of it: the engine looks at the condition when variables change. */
  | { readonly kind: 'condition'; readonly conditionKey: Key; readonly triggerIndex: number }
  | { readonly kind: 'decision'; readonly decisionKey: Key }
  | { readonly kind: 'call'; readonly childInstanceKey: Key }
  /** An error has gone to the calling instance; the answer is the end of this instance, or `reject-error`. */
  | {
      readonly kind: 'error';
      readonly errorKey: Key;
      readonly jobKey: Key | null;
      readonly code: string;
      readonly message: string;
      /** Call activities: where the error came from. */
      readonly origin: ErrorOrigin | null;
    }
  /** A job of an execution or task listener; `index` counts within its list. */
  | {
      readonly kind: 'listener';
      readonly jobKey: Key;
      readonly retriesLeft: number;
      readonly on: ListenerMoment;
      readonly index: number;
    }
  /** A rule of late handling of an open user task. */
  | { readonly kind: 'late'; readonly timerKey: Key; readonly ruleIndex: number };

export interface ErrorOrigin {
  readonly childInstanceKey: Key;
  /** The `errorKey` of the called instance's own event. */
  readonly errorKey: Key;
}

export type ListenerMoment = 'start' | 'end' | TaskListener['on'];

/**
 * An event that is armed on an element instance of another element: a boundary event of an activity, the start event
 * of an event subprocess in a scope, a catch event behind an event-based gateway.
 */
export interface BoundaryWait {
  readonly elementId: string;
  readonly kind: 'timer' | 'message' | 'signal' | 'condition';
  /** timerKey, subscriptionKey or conditionKey */
  readonly key: Key;
  /** Conditions: which trigger of the element. */
  readonly triggerIndex?: number;
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
  /** Ended from outside, one by one; absent when there are none. */
  readonly terminated?: number;
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
  /** Scopes: completed activities that can be compensated, oldest first. */
  readonly compensations?: readonly CompensationRecord[];
  /** Throwing events and cancelled transactions: handlers that have not ended yet. */
  readonly handlersLeft?: number;
  /** Compensation handlers: who waits for their end. */
  readonly compensatesFor?: Key;
  /** The listeners of this moment have been asked; repeating the phase does not ask them again. */
  readonly listenersDone?: ListenerMoment;
  /** A user task that somebody has completed, while its listeners are asked. */
  readonly pendingResult?: Variables;
  /** A user task that somebody assigns or updates, while its listeners are asked. */
  readonly pendingChange?: PendingChange;
  /** Event subprocesses that have not begun yet: what started them. */
  readonly trigger?: EventTrigger;
  /** The first element of the instance, until it is activated. */
  readonly opensProcess?: true;
}

export interface PendingChange {
  readonly on: 'assigning' | 'updating';
  readonly action: string;
  readonly changes: TaskCorrections;
}

export interface EventTrigger {
  readonly startEventId: string;
  readonly variables: Variables;
}

/** A completed activity that can be undone, with what was completed inside it. */
export interface CompensationRecord {
  readonly key: Key;
  readonly elementId: string;
  /** Its local variables at the end: the handler sees them as its own. */
  readonly variables: Variables;
  readonly nested: readonly CompensationRecord[];
}

export interface JoinState {
  /** Waiting tokens: flow id → count. */
  readonly tokens: Readonly<Record<string, number>>;
  /** A complex gateway that has fired and waits for the rest: flows that brought their token already. */
  readonly usedFlows?: readonly string[];
}

export type IncidentType =
  | 'JOB_NO_RETRIES'
  | 'IO_MAPPING_ERROR'
  | 'CONDITION_ERROR'
  | 'EXTRACT_VALUE_ERROR'
  | 'CALLED_ELEMENT_ERROR'
  | 'CALLED_DECISION_ERROR'
  | 'DECISION_EVALUATION_ERROR'
  | 'UNHANDLED_ERROR_EVENT'
  | 'FORM_NOT_FOUND'
  | 'EXECUTION_LISTENER_NO_RETRIES'
  | 'TASK_LISTENER_NO_RETRIES'
  | 'STEP_LIMIT_EXCEEDED';

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
  /** Tokens that wait: scope key → element id → what waits there. */
  readonly joins: Readonly<Record<string, Readonly<Record<string, JoinState>>>>;
  /** Scope key → its local variables. The instance's own key is the root scope. */
  readonly variables: Readonly<Record<string, Variables>>;
  readonly incidents: Readonly<Record<string, IncidentState>>;
  /** Armed start events of event subprocesses directly in the process. */
  readonly rootEvents?: readonly BoundaryWait[];
  /** Completed activities directly in the process that can be compensated. */
  readonly compensations?: readonly CompensationRecord[];
  /** Nothing goes on until it is resumed. */
  readonly isSuspended?: true;
  /** How many calls led here; absent for an instance that nobody called. */
  readonly callDepth?: number;
}
