// The engine's vocabulary: what a compiled process is, what an instance's control state holds, which commands
// may be given and which events they produce. `decide` turns (process, state, command) into events and the next
// state; the runtime projects the events into rows (tasks, jobs, timers, subscriptions, incidents).
// Semantics: BPMN 2.0.2 clause 13 and the zeebe dialect (docs/engine-questions.md).

import type { Key } from '../shared/ids.ts';
import type { Result } from '../shared/result.ts';
import type { Instant } from '../shared/time.ts';
import type { BusinessCalendar } from './types/calendar.ts';
import type { Command, Rejection } from './types/command.ts';
import type { EngineEvent } from './types/event.ts';
import type { Binding, ExecutableProcess, ModelProblem } from './types/model.ts';
import type { InstanceState } from './types/state.ts';

export type * from './types/calendar.ts';
export type * from './types/command.ts';
export type * from './types/event.ts';
export type * from './types/json.ts';
export type * from './types/model.ts';
export type * from './types/state.ts';
export type * from './types/task.ts';

export interface DecideContext {
  readonly now: Instant;
  /** Fresh, ascending keys. */
  readonly nextKey: () => Key;
  /** Element activations allowed in one command before STEP_LIMIT_EXCEEDED; default 1,000. */
  readonly stepLimit?: number;
  /** Calls inside calls allowed before CALLED_ELEMENT_ERROR; default 64. */
  readonly callDepthLimit?: number;
  /** Business calendars by name, for `tram:calendar`; null for a name that is not known. */
  readonly findCalendar?: (name: string) => BusinessCalendar | null;
  /** The deployed form that a user task means; null when there is none. Absent: forms are not looked up. */
  readonly findForm?: (formId: string, binding: Binding) => Key | null;
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
